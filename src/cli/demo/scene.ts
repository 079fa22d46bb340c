import {
  type CallerClip,
  type DialogueStep,
  type GeminiScript,
  loadCaller,
  loadVoice,
  type Pace,
  type ScriptedToolCall,
  spoken,
  type VoiceName,
} from '../../sim/index.ts';

/** One turn of the demo: what the caller says, what the model makes of it, and how the turn begins. */
export interface SceneTurn {
  readonly clip: CallerClip;
  readonly heard: string;
  readonly reply: VoiceName;
  /** What the model has done before it replies. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** The caller interrupts the agent this long after it became audible. */
  readonly interruptsAfterMs?: number;
}

/** The order of the demo: by which tool, for whom, and what it comes to in rupees. */
export const sceneOrder = { tool: 'place_order', name: 'Asha', total: 850 } as const;

const findPrices: ScriptedToolCall = { name: 'find_prices', args: { about: 'chocolate truffle' } };
const placeOrder: ScriptedToolCall = {
  name: sceneOrder.tool,
  args: {
    items: [{ item: 'chocolate-truffle-kilo', quantity: 1 }],
    day: 'tomorrow',
    time: '17:00',
    name: sceneOrder.name,
  },
};

/** The conversation of the demo; the second reply is interrupted, the fifth turn is a bare "yes". */
export const sceneTurns: readonly SceneTurn[] = [
  { clip: 'hello-hours', heard: 'Hello. Hours?', reply: 'hours' },
  { clip: 'for-tomorrow-at-five', heard: 'For tomorrow, at five p.m.', reply: 'cakes' },
  {
    clip: 'sorry-one-moment',
    heard: 'I’m sorry. One moment, please.',
    reply: 'goAhead',
    interruptsAfterMs: 2500,
  },
  { clip: 'number-two', heard: 'Number two.', reply: 'offer', toolCalls: [findPrices] },
  { clip: 'yes', heard: 'Yes.', reply: 'booked', toolCalls: [placeOrder] },
  { clip: 'thank-you-goodbye', heard: 'Thank you. Goodbye.', reply: 'goodbye' },
];

/** Gemini's audio comes in bursts, four times faster than real time, with stalls of 100 ms. */
const pace: Partial<Pace> = {
  speed: 4,
  chunkMs: [40, 120],
  burstChunks: 2,
  stalls: [
    { afterMs: 700, forMs: 100 },
    { afterMs: 1500, forMs: 100 },
  ],
};

/** What the simulated Gemini says in the demo; its voices are made ready now, not in mid-call. */
export function sceneScript(): GeminiScript {
  for (const { reply } of sceneTurns) loadVoice(reply);
  return {
    greeting: spoken('greeting', pace),
    turns: sceneTurns.map(({ heard, reply, toolCalls = [] }) => ({
      heard,
      toolCalls,
      reply: spoken(reply, pace),
    })),
    afterwards: 'silent',
  };
}

/** What the simulated caller does in the demo. */
export async function sceneSteps(): Promise<DialogueStep[]> {
  const steps: DialogueStep[] = [
    { wait: 'connected', withinMs: 5000 },
    { wait: 'agentFinished', withinMs: 20_000 },
  ];
  for (const [index, turn] of sceneTurns.entries()) {
    const say = await loadCaller(turn.clip);
    const isCutShort = sceneTurns[index + 1]?.interruptsAfterMs !== undefined;
    steps.push(
      turn.interruptsAfterMs === undefined
        ? { say, name: turn.clip, afterMs: 400 }
        : { say, name: turn.clip, afterAgentAudibleMs: turn.interruptsAfterMs, withinMs: 10_000 },
    );
    if (!isCutShort) steps.push({ wait: 'agentFinished', withinMs: 30_000 });
  }
  steps.push({ hangUp: true }, { wait: 'ended', withinMs: 5000 });
  return steps;
}
