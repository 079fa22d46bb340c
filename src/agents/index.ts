export type { Agent, AgentSection, AgentSource, AppliedAlias } from './agent.ts';
export {
  agentNotes,
  type Instruction,
  instructionOf,
  variesByCall,
  whereRecorded,
} from './agent-instruction.ts';
export { nameFault as agentFileFault } from './agent-name.ts';
export { type AgentProblem, formatProblem } from './agent-problem.ts';
export { agentJsonSchema } from './agent-schema.ts';
export { exampleAgentsFolder } from './example-agents.ts';
export { type ExplainedField, explainAgent } from './explain-agent.ts';
export type { TurnOwner } from './field.ts';
export type { HttpToolDeclaration } from './http-tool-fields.ts';
export { type AgentReload, LiveAgents, type ReloadResult } from './live-agents.ts';
export { type LoadedAgents, loadAgentFile, loadAgents } from './load-agents.ts';
export type { McpDeclaration } from './mcp-fields.ts';
export { isOpenAt, nextOpening } from './opening-hours.ts';
export { type ParsedAgent, parseAgent } from './parse-agent.ts';
export { problemIn } from './problem-in.ts';
export { type CallFacts, variableValue } from './prompt-variables.ts';
export type { SecretReference } from './secret-reference.ts';
export { addRange } from './security-findings.ts';
export { type TemplatePart, templateParts } from './tool-template.ts';
export { FileWatch } from './watch-files.ts';
