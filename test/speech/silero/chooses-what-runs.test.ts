import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScorers, kindForAll, type ScorersLog, SileroUnavailable } from '../../../src/speech/index.ts';
import { SimulatedClock } from '../../../src/time/index.ts';
import { quietLog, settings } from './listen-together.ts';

const clock = new SimulatedClock();

describe('where the runtime is not installed', () => {
  const source = new URL('../../../src/', import.meta.url);
  let folder: string;

  // the same files where no package can be found
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baari-'));
    for (const room of ['speech', 'time']) {
      await cp(new URL(room, source), join(folder, 'src', room), { recursive: true });
    }
    await writeFile(
      join(folder, 'choose.ts'),
      `import { createScorers } from './src/speech/index.ts';
       import { systemClock as clock } from './src/time/index.ts';
       const say = (fields: object, event: string) => console.log(event, JSON.stringify(fields));
       const log = { info: say, warn: say, error: say };
       const scorers = await createScorers({ kind: 'auto', clock, log });
       console.log(scorers.scorerFor({ kind: 'auto', thresholdDb: 8, speechProbability: 0.15 }).name);
       await createScorers({ kind: 'silero', clock, log }).catch((error) => console.log(String(error)));
       await scorers.close();`,
    );
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('auto says why it takes energy, once, and silero is refused by the name of what is missing', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['choose.ts'], { cwd: folder });
    const reason = 'the package onnxruntime-node is not installed';
    expect(stdout.trim().split('\n')).toEqual([
      `speech.scorer.chosen ${JSON.stringify({ scorer: 'energy', reason })}`,
      'energy',
      `SileroUnavailable: Silero cannot run: ${reason}`,
    ]);
  });
});

describe('scorers', () => {
  it('of energy start no model', async () => {
    const openModel = (): Promise<never> => Promise.reject(new Error('no model was wanted'));
    const scorers = await createScorers({ kind: 'energy', clock, log: quietLog, openModel });
    expect(scorers.kind).toBe('energy');
    expect(scorers.scorerFor({ ...settings, kind: 'auto' }).name).toBe('energy');
    expect(() => scorers.scorerFor(settings)).toThrow(SileroUnavailable);
    await scorers.close();
  });

  it('that fall back say so once, whatever the number of calls', async () => {
    const lines: string[] = [];
    const note = (fields: object, event: string): void =>
      void lines.push(`${event} ${JSON.stringify(fields)}`);
    const log: ScorersLog = { info: note, warn: note, error: note };
    const openModel = (): Promise<never> => Promise.reject(new Error('wrong kind of processor'));
    const scorers = await createScorers({ kind: 'auto', clock, log, openModel });
    for (let i = 0; i < 3; i += 1) {
      expect(scorers.scorerFor({ ...settings, kind: 'auto' }).name).toBe('energy');
    }
    expect(lines).toEqual(['speech.scorer.chosen {"scorer":"energy","reason":"wrong kind of processor"}']);
    expect(scorers.counts.callsByEnergy).toBe(3);
  });

  it.each([
    [['energy'], 'energy'],
    [[], 'energy'],
    [['energy', 'auto'], 'auto'],
    [['auto', 'silero', 'energy'], 'silero'],
  ] as const)('for calls that want %j are %s', (kinds, expected) => {
    expect(kindForAll(kinds)).toBe(expected);
  });
});
