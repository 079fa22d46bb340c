export { type ToolCallRecord, ToolDesk } from './desk.ts';
export type { Tool, ToolArguments, ToolContext } from './tool.ts';
export { ToolSet } from './tool-set.ts';
export { toolsActor } from './tools.actor.ts';
