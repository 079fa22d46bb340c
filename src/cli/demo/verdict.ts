import {
  type DialogueOutcome,
  delaysBetween,
  type GeminiSession,
  heardReply,
  loadCaller,
  loadVoice,
  median,
  reachedClip,
  type SimulatedCaller,
  type VoiceName,
} from '../../sim/index.ts';
import { sceneTurns } from './scene.ts';

/** One thing that was checked, and what was found. */
export interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  readonly found: string;
  /** Something to aim at on a quiet machine; missing it fails nothing. */
  readonly isAim?: true;
}

/** What the two simulators saw of the call. */
export interface SceneResult {
  readonly caller: SimulatedCaller;
  readonly session: GeminiSession | undefined;
  readonly dialogue: DialogueOutcome;
}

/** Judges the demo by what the caller heard and by what the model received. */
export async function judge(result: SceneResult): Promise<Finding[]> {
  const { caller, dialogue, session } = result;
  const failure = dialogue.failure?.error.message;
  return [
    { what: 'the dialogue ran to its end', isGood: failure === undefined, found: failure ?? 'every step' },
    ...judgeReplies(result),
    gapFinding(caller),
    ...(await judgeTurns(session)),
    delayFinding(caller, session),
    firstChunkFinding(caller, session),
    {
      what: 'every message to Exotel kept its rules',
      isGood: caller.violations.length === 0,
      found: `${caller.received.length} media messages, ${caller.violations.length} violations`,
    },
  ];
}

function judgeReplies({ caller }: SceneResult): Finding[] {
  const heard = caller.heard.samples();
  const rateHz = 8000;
  let from = 0;
  const names: VoiceName[] = ['greeting', ...sceneTurns.map(({ reply }) => reply)];
  return names.map((name, index) => {
    const reply = heardReply(loadVoice(name), heard, rateHz, from);
    if (reply.at >= 0) from = reply.at;
    const isInterrupted = sceneTurns[index]?.interruptsAfterMs !== undefined;
    const seconds = (samples: number): string => `${(samples / rateHz).toFixed(2)} s`;
    if (isInterrupted) {
      const share = reply.intact / reply.samples;
      return {
        what: `reply "${name}" stops when the caller interrupts`,
        isGood: reply.at >= 0 && share > 0.1 && share < 0.7,
        found: `${seconds(reply.intact)} of ${seconds(reply.samples)} heard`,
      };
    }
    const missing = reply.samples - reply.intact;
    return {
      what: `reply "${name}" is complete`,
      isGood: reply.at >= 0 && missing === 0,
      found: `${seconds(reply.samples)}, ${missing} samples missing or repeated`,
    };
  });
}

function gapFinding(caller: SimulatedCaller): Finding {
  const longest = Math.max(0, ...caller.underruns.map(({ lengthMs }) => lengthMs));
  return {
    what: 'no gap inside a reply',
    isGood: caller.underruns.length === 0,
    found: `${caller.underruns.length} gaps, longest ${longest.toFixed(0)} ms`,
  };
}

async function judgeTurns(session: GeminiSession | undefined): Promise<Finding[]> {
  const turns = (session?.observation.turns ?? []).filter(({ by }) => by === 'manual' || by === 'automatic');
  const findings: Finding[] = [
    {
      what: 'every turn of the caller reached Gemini',
      isGood: turns.length === sceneTurns.length,
      found: `${turns.length} of ${sceneTurns.length}`,
    },
  ];
  for (const [index, { clip }] of sceneTurns.entries()) {
    const said = await loadCaller(clip);
    const { clippedMs, likeness } = reachedClip(said, turns[index]?.audio ?? new Int16Array(0));
    findings.push({
      what: `"${clip}" reached Gemini whole`,
      isGood: clippedMs === 0 && likeness > 0.9,
      found: `onset clipped by ${clippedMs.toFixed(0)} ms, likeness ${likeness.toFixed(3)}`,
    });
  }
  return findings;
}

/** Aim, median, of what Baari itself adds in either direction, ms. */
const aimMs = 5;

function delayFinding(caller: SimulatedCaller, session: GeminiSession | undefined): Finding {
  const startMs = caller.startClockMs ?? 0;
  const sentMs = caller.frameSentMs.map((ms) => ms + startMs);
  const receivedMs = (session?.observation.received ?? [])
    .filter(({ kind }) => kind === 'audio')
    .map(({ atMs }) => atMs);
  const delays = delaysBetween(sentMs, receivedMs);
  return {
    what: `added delay, Exotel frame in → Gemini frame out (aim: median under ${aimMs} ms)`,
    isGood: median(delays) < aimMs,
    isAim: true,
    found: `median ${median(delays).toFixed(2)} ms of ${delays.length} frames`,
  };
}

function firstChunkFinding(caller: SimulatedCaller, session: GeminiSession | undefined): Finding {
  const startMs = caller.startClockMs ?? 0;
  const audio = (session?.observation.sent ?? []).filter(({ kind }) => kind === 'audio');
  const delays = (session?.observation.replies ?? []).flatMap(({ number }) => {
    const sentMs = audio.filter(({ reply }) => reply === number).map(({ atMs }) => atMs);
    const first = caller.received.find(
      ({ arrivedMs }) => arrivedMs + startMs >= (sentMs[0] ?? Number.POSITIVE_INFINITY),
    );
    return first ? delaysBetween(sentMs, [first.arrivedMs + startMs]) : [];
  });
  return {
    what: `added delay, last Gemini byte needed → first chunk to the caller (aim: median under ${aimMs} ms)`,
    isGood: median(delays) < aimMs,
    isAim: true,
    found: `median ${median(delays).toFixed(2)} ms of ${delays.length} replies`,
  };
}
