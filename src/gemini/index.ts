export { geminiWireActor } from './gemini-link.actor.ts';
export { type GeminiCount, GeminiWire, type GeminiWireOptions, type TokenUsage } from './gemini-wire.ts';
export type { GeminiDial } from './sdk-seam.ts';
export { modelOutputRateHz } from './session.ts';
export type { GeminiAccess, GeminiSettings } from './settings.ts';
