import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { noiseOf, publish } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'baari-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the noise of a figure', () => {
  it.each([
    { rounds: [3], noise: { minimum: 3, median: 3, maximum: 3 } },
    { rounds: [10, 9, 1], noise: { minimum: 1, median: 9, maximum: 10 } },
    { rounds: [4, 1, 2, 100], noise: { minimum: 1, median: 3, maximum: 100 } },
  ])('of $rounds is its minimum, median and maximum', ({ rounds, noise }) => {
    expect(noiseOf(rounds)).toEqual(noise);
  });

  it('needs a round', () => {
    expect(() => noiseOf([])).toThrow('expected at least one round');
  });
});

describe('a report of a benchmark', () => {
  it('is a table, and a file with all that is needed to judge the figures', () => {
    const table = vi.spyOn(console, 'table').mockReturnValue();
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const cells = { time: noiseOf([1, 2, 3.456]), share: 0.5, summed: 'yes' };
    publish(
      {
        name: 'some',
        about: 'what it is',
        settings: { rounds: 3 },
        versions: { peer: '1.2.3' },
        columns: [{ name: 'time', unit: 'µs' }, { name: 'share' }, { name: 'summed' }],
        rows: [{ what: 'one thing', cells }],
        notes: ['a note'],
      },
      ['some', '--out', folder],
    );
    expect(table).toHaveBeenCalledWith({
      'one thing': {
        'time, µs: min': 1,
        'time: median': 2,
        'time: max': 3.46,
        share: 0.5,
        summed: 'yes',
      },
    });
    expect(log).toHaveBeenCalledWith('a note');
    const told = JSON.parse(readFileSync(path.join(folder, 'some.json'), 'utf8'));
    expect(told).toMatchObject({
      name: 'some',
      machine: { cores: expect.any(Number), cpu: expect.any(String), kernel: expect.any(String) },
      versions: { node: process.versions.node, ws: expect.any(String), peer: '1.2.3' },
      settings: { rounds: 3 },
      rows: [{ what: 'one thing', cells }],
    });
    vi.restoreAllMocks();
  });
});
