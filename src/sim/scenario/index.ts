export { type ScenarioClip, scenarioClips } from './clips.ts';
export { loadScenario, loadScenarios, ScenarioError, shippedScenarios } from './load-scenario.ts';
export { type CallFigures, measureCall, type RehearsedCall } from './measures.ts';
export { makeStreet } from './noises.ts';
export type { Scenario } from './schema.ts';
export { faultsOf, scriptOf } from './script-of.ts';
export { dialogueSteps } from './steps.ts';
export { type BarResult, type ScenarioSummary, summarise } from './summary.ts';
