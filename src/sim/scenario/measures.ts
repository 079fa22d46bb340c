import { levelDbov } from '../../audio/index.ts';
import type { DialogueOutcome } from '../exotel/dialogue.ts';
import type { SimulatedCaller } from '../exotel/simulated-caller.ts';
import type { SessionObservation } from '../gemini/observation.ts';
import { findAudio } from '../measure/find-audio.ts';
import { atCallRate, audiblePart } from '../measure/heard-reply.ts';
import { reachedClip } from '../measure/onset-clip.ts';
import { loadVoice, type VoiceName } from '../voices/index.ts';
import type { ScenarioClip } from './clips.ts';
import type { Scenario } from './schema.ts';

/** What was measured in one call, by the name of the figure; yes is 1, no is 0. */
export type CallFigures = Record<string, number[]>;

/** One call of a scenario, as both simulators saw it. */
export interface RehearsedCall {
  readonly scenario: Scenario;
  readonly clip: ScenarioClip | undefined;
  readonly caller: SimulatedCaller;
  /** Empty when the model is not simulated. */
  readonly sessions: readonly SessionObservation[];
  readonly dialogue: DialogueOutcome;
}

type Said = { readonly speechOnsetMs: number; readonly speechEndMs: number; readonly onsetMs: number };

/** A new reply cannot be heard sooner after the caller's end than this, ms: what sounds before it is the old one. */
const newReplyMs = 250;
/** An interruption counts as yielded to within this, ms. */
const yieldMs = 2000;

/** Measures one call, from what the caller heard and what the model received. */
export function measureCall(call: RehearsedCall): CallFigures {
  const said = call.dialogue.steps.find(({ step }) => 'say' in step && step.name === 'clip')?.said;
  const figures: CallFigures = {
    failed: [call.dialogue.failure ? 1 : 0],
    violations: [call.caller.violations.length],
    ...startFigures(call),
  };
  switch (call.scenario.measure) {
    case 'interruption':
      return { ...figures, ...(said ? interruptionFigures(call, said) : {}) };
    case 'ignored':
      return { ...figures, ...ignoredFigures(call) };
    case 'shortAnswer':
      return { ...figures, ...(said ? answerFigures(call, said) : {}) };
    case 'pause':
      return { ...figures, ...(said ? pauseFigures(call, said) : {}) };
    case 'gaps':
    case 'conversation':
      return { ...figures, ...gapFigures(call) };
    case 'silentModel':
      return { ...figures, ...silenceFigures(call) };
  }
}

/** How soon a reply starts: from the model's frame that holds its first audible sample to the first chunk on the wire. */
function startFigures({ caller, sessions, scenario }: RehearsedCall): CallFigures {
  const startMs = caller.startClockMs ?? 0;
  const silences = scenario.model.replies.map((reply) =>
    leadingSilence(typeof reply === 'string' ? reply : reply.voice),
  );
  const least = Math.min(...silences);
  const first_chunk_ms: number[] = [];
  for (const { replies, sent } of sessions) {
    for (const { number } of replies) {
      const audio = sent.filter(({ kind, reply }) => kind === 'audio' && reply === number);
      const audible = audio.find(({ fromSample = 0, samples = 0 }) => fromSample + samples > least);
      if (!audible) continue;
      const chunk = caller.received.find(({ arrivedMs }) => arrivedMs + startMs >= audible.atMs);
      if (chunk) first_chunk_ms.push(chunk.arrivedMs + startMs - audible.atMs);
    }
  }
  return { first_chunk_ms };
}

/** Samples at 24 kHz before a recorded voice is first audible. */
function leadingSilence(name: VoiceName): number {
  const samples = loadVoice(name);
  let at = 0;
  while (at < samples.length && levelDbov(samples.subarray(at, at + 240)) < -50) at += 240;
  return at;
}

function interruptionFigures({ caller }: RehearsedCall, { speechOnsetMs, speechEndMs }: Said): CallFigures {
  const old = caller.agentAudible.filter(({ fromMs }) => fromMs < speechEndMs + newReplyMs);
  const silentAtMs = Math.max(speechOnsetMs, ...old.map(({ toMs }) => toMs));
  const clearAtMs = caller.events.find(({ kind, atMs }) => kind === 'clear' && atMs >= speechOnsetMs)?.atMs;
  const late = caller.received.filter(
    ({ arrivedMs }) =>
      clearAtMs !== undefined && arrivedMs > clearAtMs && arrivedMs < speechEndMs + newReplyMs,
  );
  const toSilenceMs = silentAtMs - speechOnsetMs;
  return {
    yielded: [clearAtMs !== undefined && toSilenceMs <= yieldMs ? 1 : 0],
    to_silence_ms: [toSilenceMs],
    to_clear_ms: clearAtMs === undefined ? [] : [clearAtMs - speechOnsetMs],
    old_reply_samples: [late.reduce((sum, { samples }) => sum + samples, 0)],
  };
}

function ignoredFigures({ caller, scenario, sessions }: RehearsedCall): CallFigures {
  const wanted = audiblePart(atCallRate(loadVoice(firstVoice(scenario)), 8000));
  const heard = caller.heard.samples();
  const probe = 4000;
  const head = findAudio(wanted.subarray(0, probe), heard);
  const tail = findAudio(wanted.subarray(wanted.length - probe), heard, head.at + wanted.length - 2 * probe);
  const isCleared = caller.events.some(({ kind }) => kind === 'clear');
  const isHeard = !isCleared && head.likeness > 0.9 && tail.likeness > 0.9;
  const openings = scenario.steps.filter((step) => 'say' in step && step.say !== '$clip').length;
  const turns = sessions
    .flatMap(({ turns }) => turns)
    .filter(({ by }) => by === 'manual' || by === 'automatic');
  return {
    ignored: [isHeard ? 1 : 0],
    gap_ms: isHeard ? [Math.max(0, (tail.at - head.at - (wanted.length - probe)) / 8)] : [],
    leaked_turns: sessions.length > 0 ? [Math.max(0, turns.length - openings)] : [],
  };
}

function answerFigures({ caller, clip, sessions }: RehearsedCall, said: Said): CallFigures {
  const startMs = caller.startClockMs ?? 0;
  const turn = sessions
    .flatMap(({ turns }) => turns)
    .find(
      ({ startedAtMs, by }) =>
        by !== 'text' &&
        startedAtMs > startMs + said.speechOnsetMs - 500 &&
        startedAtMs < startMs + said.speechEndMs + 1500,
    );
  if (!turn || !clip) return { became_turn: [0] };
  const { clippedMs, likeness } = reachedClip(clip, turn.audio ?? new Int16Array(0));
  const isWhole = likeness > 0.8;
  return {
    became_turn: [isWhole ? 1 : 0],
    clipped_ms: isWhole ? [clippedMs] : [],
    told_ms: [turn.endedAtMs - startMs - said.speechEndMs],
  };
}

function pauseFigures({ caller, clip, sessions }: RehearsedCall, said: Said): CallFigures {
  if (!clip?.pause) return {};
  const startMs = caller.startClockMs ?? 0;
  const resumesMs = said.onsetMs + clip.pause.toMs;
  const pausesMs = said.onsetMs + clip.pause.fromMs;
  const turns = sessions.flatMap(({ turns }) => turns).filter(({ by }) => by !== 'text');
  const endedEarly = turns.some(
    ({ endedAtMs }) => endedAtMs - startMs > pausesMs && endedAtMs - startMs < resumesMs + 50,
  );
  const spokenInto = caller.agentAudible.some(({ fromMs }) => fromMs > pausesMs && fromMs < said.speechEndMs);
  const last = turns.at(-1);
  return {
    answered_into: [endedEarly || spokenInto ? 1 : 0],
    told_ms: last ? [last.endedAtMs - startMs - said.speechEndMs] : [],
  };
}

function gapFigures({ caller, scenario }: RehearsedCall): CallFigures {
  const heard = caller.heard.samples();
  let from = 0;
  const complete: number[] = [];
  for (const reply of scenario.model.replies) {
    const wanted = audiblePart(atCallRate(loadVoice(typeof reply === 'string' ? reply : reply.voice), 8000));
    const { at, likeness } = findAudio(wanted.subarray(0, 4000), heard, from);
    if (likeness < 0.9) {
      complete.push(0);
      continue;
    }
    from = at;
    complete.push(wanted.every((sample, i) => Math.abs(sample - (heard[at + i] ?? 0)) <= 2) ? 1 : 0);
  }
  return {
    gaps: [caller.underruns.length],
    gap_ms: caller.underruns.map(({ lengthMs }) => lengthMs),
    complete,
    lead_ms: [caller.queue.maxMs],
  };
}

function silenceFigures({ caller, dialogue, sessions }: RehearsedCall): CallFigures {
  const startMs = caller.startClockMs ?? 0;
  const said = dialogue.steps.findLast(({ said: clip }) => clip)?.said;
  if (!said) return {};
  const nudges = sessions.flatMap(({ received }) => received).filter(({ kind }) => kind === 'text');
  const nudgeMs = nudges.map(({ atMs }) => atMs - startMs).find((atMs) => atMs > said.speechEndMs);
  const heardMs = caller.agentAudible.find(({ fromMs }) => fromMs > said.speechEndMs)?.fromMs;
  const actMs = Math.min(nudgeMs ?? Number.POSITIVE_INFINITY, heardMs ?? Number.POSITIVE_INFINITY);
  return {
    to_act_ms: Number.isFinite(actMs) ? [actMs - said.speechEndMs] : [],
    outcome_heard: [heardMs === undefined ? 0 : 1],
    to_outcome_ms: heardMs === undefined ? [] : [heardMs - said.speechEndMs],
  };
}

function firstVoice({ model }: Scenario): VoiceName {
  const [reply = 'cakes'] = model.replies;
  return typeof reply === 'string' ? reply : reply.voice;
}
