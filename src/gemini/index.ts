export { geminiWireActor } from './gemini-link.actor.ts';
export { type GeminiCount, GeminiWire, type GeminiWireOptions } from './gemini-wire.ts';
export { googleBearer } from './google-credentials.ts';
export { type ToolMode, toolMode } from './model-rules.ts';
export { AccessError } from './pass.ts';
export { costUsd, hasPrice } from './price.ts';
export type { GeminiDial } from './sdk-seam.ts';
export { modelOutputRateHz } from './session.ts';
export type {
  GeminiAccess,
  GeminiSettings,
  ToolAnswer,
  ToolDeclaration,
  ToolRequest,
  ToolScheduling,
} from './settings.ts';
export { askForJson, type JsonAnswer, type JsonQuestion } from './text-model.ts';
export { givenToken, tokensFromCommand, tokensFromService } from './token-source.ts';
export { addUsage, noTokens, type TokenUsage } from './usage.ts';
export { type SessionSource, WarmSessions } from './warm-sessions.ts';
