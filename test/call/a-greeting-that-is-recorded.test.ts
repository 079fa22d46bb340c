import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { instructionOf, parseAgent } from '../../src/agents/index.ts';
import { buildWav } from '../../src/audio/index.ts';
import { forgetSentences } from '../../src/call/index.ts';
import { type GeminiScript, loadCaller } from '../../src/sim/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
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
const folder = mkdtempSync(path.join(tmpdir(), 'baari-greeting-'));

function clipOf(name: string, ms: number): string {
  const clip = path.join(folder, `${name}.wav`);
  writeFileSync(clip, buildWav({ samples: tone(ms, 8000), sampleRateHz: 8000, channels: 1 }));
  return clip;
}

const clip = clipOf('greeting', 1200);
const announcementClip = clipOf('announcement', 2500);

describe('a recorded greeting', () => {
  const agent = `greeting: { clip: ${clip}, text: "Anand Bakery, namaste." }`;

  it('is heard instead of the model’s, which is told of it and answers as ever', async () => {
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

  it('that is gone is logged and counted, and the model greets', async () => {
    const gone = clipOf('gone', 500);
    const memory = new MemoryLog();
    const service = new SimulatedService({ script, agent: `greeting: { clip: ${gone} }`, log: memory.log });
    rmSync(gone);
    forgetSentences([gone]);
    const { call, seen } = service.dial();
    await service.clock.run(4000);
    call.abort();
    expect(seen.lines).toMatchObject([{ text: 'The model greets.' }]);
    expect(seen.summary?.counts['greeting.clipUnusable']).toBe(1);
    expect(memory.all('call.greetingUnusable')).toMatchObject([{ problem: 'the file cannot be read' }]);
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

  it('has its variables filled in', () => {
    const agent = agentOf(
      'records: { announcement: "{{parameters.name}}, this is recorded." }\ngreeting: { by: none }',
    );
    const facts = { from: '1', to: '2', parameters: { name: 'Asha' }, wallMs: 0, memory: '' };
    expect(instructionOf(agent, facts).greeting).toContain('"Asha, this is recorded."');
  });

  it.each([
    ['with records', '', true, true],
    ['without records', '', false, false],
    ['with a transcript only', 'audio: false,', true, true],
    ['where nothing said is kept', 'audio: false, transcript: false,', true, false],
  ])('is said %s', async (_, kept, areRecordsKept, isSaid) => {
    const agent = `records: { ${kept} announcement: "This is recorded." }`;
    const service = new SimulatedService({ script, agent, areRecordsKept });
    const { call } = service.dial();
    await service.clock.run(2000);
    call.abort();
    const asked = JSON.stringify(service.sessions[0]?.observation);
    expect(asked.includes('This is recorded.')).toBe(isSaid);
  });

  const recorded = `
records: { announcement: "This call is recorded.", announcement_clip: ${announcementClip} }
greeting: { clip: ${clip}, text: "Namaste.", protected_ms: 0 }
`;

  it('that is a recording is played before a greeting that is one', async () => {
    const service = new SimulatedService({ script, agent: recorded, areRecordsKept: true });
    const { call, seen } = service.dial();
    await service.clock.run(6000);
    call.abort();
    expect(seen.lines).toMatchObject([{ text: 'This call is recorded. Namaste.', unheard: '' }]);
    expect((seen.replies[0]?.account.heard ?? 0) / 8).toBeGreaterThan(3650);
  });

  it.each(['baari', 'gemini'])(
    'cannot be interrupted by a caller who speaks into it, unlike the greeting after it: turns are of %s',
    async (owner) => {
      const agent = `${recorded.replace(clip, clipOf('long', 6000))}turns: { owner: ${owner} }`;
      const service = new SimulatedService({ script, agent, areRecordsKept: true });
      const { call, caller, seen } = service.dial();
      await service.clock.run(10_000, () => seen.types.includes('playout.started'));
      await service.clock.run(1400);
      const hello = (await loadCaller('hello-hours')).samples;
      caller.say(Int16Array.from([...hello, ...hello]));
      await service.clock.run(10_000);
      call.abort();
      expect(seen.replies[0]).toMatchObject({ how: 'flushed' });
      expect((seen.replies[0]?.account.heard ?? 0) / 8).toBeGreaterThanOrEqual(2500);
    },
  );

  it.each([
    ['is heard by', 'records: { announcement: "This is recorded." }', 'drained'],
    ['is what another greeting is not:', '', undefined],
  ])('%s a caller who speaks before it', async (_, agent, how) => {
    const slow = { ...script, greeting: { text: 'This is recorded.', voice, pace: { thinkMs: 1500 } } };
    const service = new SimulatedService({ script: slow, agent, areRecordsKept: true });
    const { call, caller, seen } = service.dial();
    await service.clock.run(10_000, () => seen.types.includes('gemini.ready'));
    caller.say((await loadCaller('hello-hours')).samples);
    await service.clock.run(10_000);
    call.abort();
    const greeting = seen.lines.find(({ text }) => text === 'This is recorded.');
    expect(greeting && seen.replies[0]?.how).toBe(how);
  });
});

describe('an agent file', () => {
  const announcement = 'announcement: "This is recorded."';
  it.each([
    [
      `records: { ${announcement} }\ngreeting: { clip: ${clip} }`,
      'records.announcement',
      'a recording in records.announcement_clip, as the greeting is one: greeting.clip',
    ],
    [
      `records: { announcement_clip: ${announcementClip} }\ngreeting: { by: none }`,
      'records.announcement_clip',
      'what the recording says in records.announcement beside it',
    ],
    [
      `records: { ${announcement}, announcement_clip: ${announcementClip} }`,
      'records.announcement_clip',
      'a recorded greeting beside it in greeting.clip, or greeting.by: none',
    ],
    [
      `records: { announcement: "{{time}}", announcement_clip: ${announcementClip} }\ngreeting: { by: none }`,
      'records.announcement',
      'words without variables, as records.announcement_clip is a recording',
    ],
    [
      `greeting: { clip: ${clip}, text: "It is {{time}}." }`,
      'greeting.text',
      'words without variables, as greeting.clip is a recording',
    ],
    ['records: { announcement: "{{nme}}" }', 'records.announcement', 'one of caller.number'],
  ])('is refused: %s', (lines, at, expected) => {
    const parsed = parseAgent(`prompt: x\n${lines}`, 'agents/shop.yaml', { alsoFrom: [tmpdir()] });
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems).toMatchObject([{ path: at, expected: expect.stringContaining(expected) }]);
  });
});
