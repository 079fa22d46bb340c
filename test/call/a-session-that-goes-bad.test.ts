import { describe, expect, it } from 'vitest';
import {
  type DialogueStep,
  type FaultRule,
  type GeminiFault,
  type GeminiScript,
  loadCaller,
  spoken,
  type VoiceName,
} from '../../src/sim/index.ts';
import { heardExactly } from '../helpers/heard-exactly.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [
    { heard: 'When are you open?', reply: spoken('hours') },
    { heard: 'Yes.', reply: spoken('booked') },
  ],
};
/** A fresh session in mid-call does not greet. */
const scripts = (connection: number): GeminiScript => (connection === 1 ? script : { turns: script.turns });

async function steps(): Promise<DialogueStep[]> {
  return [
    { wait: 'agentFinished', withinMs: 20_000 },
    { say: await loadCaller('hello-hours'), afterMs: 400 },
    { wait: 'agentFinished', withinMs: 40_000 },
    { say: await loadCaller('yes'), afterMs: 400 },
    { wait: 'agentFinished', withinMs: 40_000 },
    { hangUp: true },
    { wait: 'ended', withinMs: 5000 },
  ];
}

type Talk = SimulatedCall & { service: SimulatedService };

async function talk(faults: readonly FaultRule[]): Promise<Talk> {
  const service = new SimulatedService({ script, latencyMs: 15, faults, gemini: { script: scripts } });
  const call = service.dial();
  const { failure } = await service.talk(call.caller, await steps());
  expect(failure?.error.message).toBeUndefined();
  await service.clock.run(1000);
  expect(service.clock.pendingTimers).toBe(0);
  return { ...call, service };
}

function hears({ caller }: Talk, name: VoiceName): boolean {
  const reply = heardExactly(name, caller.heard.samples());
  return reply.at >= 0 && reply.intact === reply.samples;
}

/** How often the model has greeted. */
function greetings({ service }: Talk): number {
  return service.sessions
    .flatMap(({ observation }) => observation.replies)
    .filter(({ text }) => text.startsWith('Hello, this is Meera')).length;
}

const drop: GeminiFault = { kind: 'kill', at: { at: 'turnComplete', count: 1, afterMs: 100 } };

interface Situation {
  readonly title: string;
  readonly faults: readonly FaultRule[];
  readonly counts: readonly string[];
}

const situations: readonly Situation[] = [
  {
    title: 'falls half open after the greeting is found out by its silence, and left',
    faults: [
      { fault: { kind: 'halfOpen', at: { at: 'turnComplete', count: 1, afterMs: 100 } }, connection: 1 },
    ],
    counts: ['gemini.silentConnection', 'gemini.replayedTurn'],
  },
  {
    title: 'hears and never speaks after it was resumed is begun afresh',
    faults: [{ fault: drop, connection: 1 }, { fault: { kind: 'poisonedResume' } }],
    counts: ['gemini.replayedTurn', 'gemini.poisonedResume'],
  },
  {
    title: 'gives a dead handle is begun afresh',
    faults: [
      { fault: { kind: 'deadHandle' }, connection: 1 },
      { fault: drop, connection: 1 },
    ],
    counts: [],
  },
  {
    title: 'gives no handle is begun afresh',
    faults: [{ fault: { kind: 'noHandle' } }, { fault: drop, connection: 1 }],
    counts: [],
  },
  {
    title: 'announces its end and falls silent is left all the same',
    faults: [
      {
        fault: {
          kind: 'goAway',
          timeLeftMs: 4000,
          silentAfter: true,
          at: { at: 'turnComplete', count: 1, afterMs: 50 },
        },
        connection: 1,
      },
    ],
    counts: ['gemini.rotated'],
  },
  {
    title: 'never tells the end of a turn is left at a quiet moment all the same',
    faults: [
      { fault: { kind: 'missingTurnComplete', turns: 1 }, connection: 1 },
      { fault: { kind: 'goAway', timeLeftMs: 30_000, at: { at: 'generated' } }, connection: 1 },
    ],
    counts: [],
  },
  {
    title: 'is interrupted by nobody and says nothing more is left',
    faults: [
      {
        fault: {
          kind: 'phantomInterrupted',
          wedges: true,
          at: { at: 'turnComplete', count: 1, afterMs: 100 },
        },
        connection: 1,
      },
    ],
    counts: ['gemini.phantomInterrupted'],
  },
  {
    title: 'ends a turn empty is asked again',
    faults: [{ fault: { kind: 'rejectedTurn', turns: 1 }, connection: 1 }],
    counts: ['gemini.emptyTurn', 'gemini.ended.RESPONSE_REJECTED'],
  },
  {
    title: 'answers below hearing is asked again',
    faults: [{ fault: { kind: 'nearZeroAudio', turns: 2 }, connection: 1 }],
    counts: ['gemini.nearZeroReply'],
  },
];

describe('a session that', () => {
  it.each(situations)('$title', async ({ faults, counts }) => {
    const call = await talk(faults);
    const counted = call.seen.summary?.counts ?? {};
    expect(call.seen.summary?.outcome).toBe('callerHungUp');
    expect(Object.keys(counted)).toEqual(expect.arrayContaining([...counts]));
    expect(hears(call, 'booked')).toBe(true);
    expect(greetings(call)).toBeLessThanOrEqual(1);
  });
});
