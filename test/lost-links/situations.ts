import type { GeminiScript, Pace, Turn } from '../../src/sim/index.ts';
import { lines, says } from '../helpers/service.ts';
import type { TurnState } from '../machines/turn-words.ts';

/** What the caller says, by the name of the recording, and where the turn then comes to. */
type Step = { readonly say: 'number-two' } | { readonly until: TurnState } | { readonly pass: number };

/** A moment of a call in which its link can fail. */
export interface Situation {
  readonly name: string;
  /** What leads there; a call that is still being set up needs nothing. */
  readonly steps: readonly Step[];
  readonly script: GeminiScript;
}

const answer = (pace: Partial<Pace>, samples = lines.reply): Turn => ({
  heard: 'Number two.',
  reply: says('One moment.', samples, pace),
});
const script = (first: Turn): GeminiScript => ({
  turns: [first, answer({ speed: 20, thinkMs: 0 })],
  afterwards: 'repeatLast',
});
/** Long enough to be lost in the middle. */
const long = new Int16Array(60_000).map((_, i) => lines.reply[i % lines.reply.length] ?? 0);
const quick = script(answer({ speed: 20, thinkMs: 0 }));
const slow = script(answer({ speed: 1.3, thinkMs: 0 }, long));
const asked: readonly Step[] = [{ until: 'listening.quiet' }, { pass: 100 }, { say: 'number-two' }];

/** All of them. */
export const situations: readonly Situation[] = [
  { name: 'set-up', steps: [], script: quick },
  { name: 'listening', steps: [{ until: 'listening.quiet' }, { pass: 100 }], script: quick },
  {
    name: 'caller speaking',
    steps: [...asked, { until: 'listening.callerSpeaking' }, { pass: 250 }],
    script: quick,
  },
  {
    name: 'awaiting reply',
    steps: [...asked, { until: 'awaitingReply.patient' }, { pass: 50 }],
    script: script(answer({ speed: 20, thinkMs: 700 })),
  },
  {
    name: 'model speaking',
    steps: [...asked, { until: 'modelSpeaking.speaking' }, { pass: 300 }],
    script: slow,
  },
  {
    name: 'yielding',
    steps: [
      ...asked,
      { until: 'modelSpeaking.speaking' },
      { pass: 600 },
      { say: 'number-two' },
      { until: 'modelSpeaking.yielding' },
    ],
    script: slow,
  },
  {
    name: 'draining',
    steps: [...asked, { until: 'draining.playingOut' }, { pass: 100 }],
    script: script(answer({ speed: 40, thinkMs: 0 }, long)),
  },
  {
    name: 'tool pending',
    steps: [...asked, { until: 'working.quiet' }, { pass: 100 }],
    script: script({
      ...answer({ speed: 20, thinkMs: 0 }),
      toolCalls: [{ name: 'look_up', args: { what: 'hours' } }],
    }),
  },
];
