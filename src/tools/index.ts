export { type ToolCallRecord, ToolDesk } from './desk.ts';
export type { SecretOf } from './secrets.ts';
export { type CallPowers, noPowers, type Tool, type ToolArguments, type ToolContext } from './tool.ts';
export { ToolSet } from './tool-set.ts';
export { AgentTools, secretsNeeded, type ToolSurroundings } from './tool-set-of.ts';
export { toolsActor } from './tools.actor.ts';
