import type { TurnState } from '../machines/turn-words.ts';
import type { Act } from './acts.ts';
import type { StageOptions } from './service-stage.ts';

/** What happens outside the service in one call. */
export interface OutsideStory {
  readonly title: string;
  readonly agent: AgentKind;
  readonly acts: readonly Act[];
}

const ladder =
  'overdue_ms: 500, nudge_ms: 1000, new_session_ms: 2000, apology_ms: 3000, last_answer_ms: 1500';
const noGreeting = 'greeting: { by: none }';

/** Agents that differ in who speaks first, who ends the caller's turn, and how a reply starts; deadlines are short. */
export const agentKinds = {
  greets: { agent: `turns: { ${ladder}, longest_ms: 5000 }` },
  /** Its model is slow to be set up: the caller speaks before anyone listens. */
  greetsLate: { agent: `turns: { ${ladder} }`, setupMs: 560 },
  greetsUninterrupted: {
    agent: `greeting: { protected_ms: 4600 }\nturns: { ${ladder}, longest_ms: 5000 }`,
  },
  greetsUnstoppably: {
    agent: `greeting: { protected_ms: 7000 }\nturns: { ${ladder}, longest_ms: 5000 }`,
  },
  listens: {
    agent: `${noGreeting}\nturns: { ${ladder}, longest_ms: 5000 }\ntools: { phrase_after_ms: 500, phrase_every_ms: 1000 }`,
  },
  /** A word over the end of a reply is hardly ever an answer to it, or nearly always. */
  hasAShortTail: { agent: `${noGreeting}\nturns: { ${ladder}, tail_answer_ms: 100 }` },
  hasALongTail: { agent: `${noGreeting}\nturns: { ${ladder}, tail_answer_ms: 2000 }` },
  leavesTurnsToGemini: { agent: `${noGreeting}\nturns: { ${ladder}, owner: gemini }` },
  playsWholeTurns: { agent: `${noGreeting}\nturns: { ${ladder} }\nplayout: { start: turn }` },
  playsWholeTurnsOfGemini: {
    agent: `${noGreeting}\nturns: { ${ladder}, owner: gemini }\nplayout: { start: turn }`,
  },
} satisfies Record<string, Pick<StageOptions, 'agent'> & { readonly setupMs?: number }>;

/** One of them. */
export type AgentKind = keyof typeof agentKinds;

/** As much audio as this starts at once. */
export const leadMs = 200;

export const until = (state: TurnState): Act => ({ until: state });
export const generated: Act = { model: 'generationComplete' };

export const greetingAwaited = [until('greeting.awaited.undisturbed')];
export const greeting = (ms: number): Act[] => [
  ...greetingAwaited,
  { audio: ms },
  until('greeting.protected.undisturbed'),
];
export const quiet = [until('listening.quiet'), { pass: 100 }];
export const patient = [...quiet, { speak: 300 }, until('awaitingReply.patient')];
export const nudged = [...patient, until('awaitingReply.nudged.quiet')];
export const renewing = [...nudged, until('awaitingReply.renewing.quiet')];
export const pressing = [...renewing, { pass: 500 }, { speak: 1200 }, until('pressing.callerSpeaking')];
export const working = [...patient, { tool: 'called' } as const, until('working.quiet')];
/** The phrase for a caller who waits is heard. */
export const phrase = [...working, until('modelSpeaking.speaking')];
export const speaking = (ms: number): Act[] => [...patient, { audio: ms }, until('modelSpeaking.speaking')];
export const draining = (ms: number): Act[] => [...speaking(ms), generated, until('draining.playingOut')];
/** Says "haan" into a reply: it is held, and goes on. */
export const backchannel = (state: TurnState): Act[] => [
  { speak: 200 },
  until(state === 'draining.playingOut' ? 'draining.yielding' : 'modelSpeaking.yielding'),
  until(state),
];
export const speaks = (ms: number, state: TurnState): Act[] => [{ speak: ms }, until(state)];
/** The caller asks, waits until an answer is overdue, and asks again: three times. */
export const leftUnanswered = [1, 2, 3].flatMap((): Act[] => [
  ...speaks(300, 'listening.callerSpeaking'),
  until('awaitingReply.patient'),
  { pass: 700 },
]);
