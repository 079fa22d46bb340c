import { type GeminiScript, type Pace, type Reply, spoken } from '../../../../src/sim/index.ts';

/** A second of a voice that is easy to recognise by its numbers. */
export function ramp(ms: number, start = 1): Reply['voice'] {
  return {
    samples: Int16Array.from({ length: ms * 24 }, (_, i) => start + (i % 10_000)),
    sampleRateHz: 24_000,
  };
}

export function reply(text: string, ms: number, pace?: Partial<Pace>): Reply {
  return pace ? { text, voice: ramp(ms), pace } : { text, voice: ramp(ms) };
}

/** A greeting and three turns of two seconds each. */
export const plain: GeminiScript = {
  greeting: reply('Hello, how can I help you?', 1000),
  turns: [
    { heard: 'What do you have?', reply: reply('We have cakes of every kind.', 2000) },
    { heard: 'And tomorrow?', reply: reply('Tomorrow there is bread as well.', 2000) },
    { heard: 'Goodbye.', reply: spoken('goodbye') },
  ],
};
