import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { instructionOf } from '../../src/agents/index.ts';
import { buildWav } from '../../src/audio/index.ts';
import type { GeminiScript } from '../../src/sim/index.ts';
import { agentOf, SimulatedService } from '../helpers/simulated-call.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

withoutDoneWarnings();

const tone = (ms: number, rateHz: number) =>
  Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, at) => Math.round(9000 * Math.sin(at / 3)));
const voice = { samples: tone(600, 24_000), sampleRateHz: 24_000 };
const script: GeminiScript = {
  greeting: { text: 'The model greets.', voice },
  turns: [{ heard: 'Bread, please.', reply: { text: 'Gladly.', voice } }],
  afterwards: 'silent',
};

describe('a recorded greeting', () => {
  const clip = path.join(mkdtempSync(path.join(tmpdir(), 'baari-greeting-')), 'greeting.wav');
  writeFileSync(clip, buildWav({ samples: tone(1200, 8000), sampleRateHz: 8000, channels: 1 }));

  it('is heard instead of the model’s, which is told of it and answers as ever', async () => {
    const agent = `greeting: { clip: ${clip}, text: "Anand Bakery, namaste." }`;
    const service = new SimulatedService({ script, agent });
    const { call, caller, seen } = service.dial();
    await service.clock.run(4000);
    expect(seen.lines).toMatchObject([{ who: 'agent', text: 'Anand Bakery, namaste.', unheard: '' }]);
    expect(seen.replies).toMatchObject([{ how: 'drained', account: { by: 'model' } }]);
    expect((seen.replies[0]?.account.heard ?? 0) / 8).toBeGreaterThan(1150);
    expect(service.sessions[0]?.observation.replies).toEqual([]);
    caller.say(tone(1500, 8000));
    await service.clock.run(6000);
    expect(seen.lines.map(({ text }) => text)).toContain('Gladly.');
    call.abort();
  });
});

describe('an announcement', () => {
  it.each([
    ['greeting: { text: "Namaste." }', '"This call is recorded. Namaste."'],
    ['greeting: { by: none }', 'nothing more: "This call is recorded."'],
    [
      'greeting: { instruction: Greet. }',
      'Before anything else, say exactly this, word for word: "This call is recorded."]\nGreet.',
    ],
  ])('is said first: %s', (greeting, expected) => {
    const agent = agentOf(`records: { announcement: "This call is recorded." }\n${greeting}`);
    expect(instructionOf(agent).greeting).toContain(expected);
  });
});
