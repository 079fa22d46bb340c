export type { Agent, AgentSection, AgentSource, AppliedAlias } from './agent.ts';
export { type AgentProblem, formatProblem } from './agent-problem.ts';
export { agentJsonSchema } from './agent-schema.ts';
export { exampleAgentsFolder } from './example-agents.ts';
export { type ExplainedField, explainAgent } from './explain-agent.ts';
export type { TurnOwner } from './field.ts';
export { type LoadedAgents, loadAgentFile, loadAgents } from './load-agents.ts';
export { type ParsedAgent, parseAgent } from './parse-agent.ts';
export { addRange } from './security-findings.ts';
