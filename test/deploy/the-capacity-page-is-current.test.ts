import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { Metrics } from '../../src/observe/index.ts';
import { type Flow, realFlows, wireBytes } from '../bench/capacity-page/frames.ts';
import { readInputs } from '../bench/capacity-page/inputs.ts';
import { capacityPage, computePage } from '../bench/capacity-page/page.ts';
import { tokensOfCall } from '../bench/capacity-page/tokens.ts';

const page = readFileSync(capacityPage, 'utf8');

test('the tables in CAPACITY.md follow from its figures: `npm run docs` computes them anew', async () => {
  expect(await computePage(page)).toBe(page);
});

test('another figure makes other tables', async () => {
  const faster = page.replace(/(calls a core carries +\| +)[\d,]+/, '$1 1000');
  expect(await computePage(faster)).not.toBe(faster);
});

test('the metrics that it names are there', () => {
  const known = new Metrics({ withProcess: true }).registry.getMetricsAsArray().map(({ name }) => name);
  const named = page.match(/\b(?:baari|nodejs)_[a-z0-9_]+/g) ?? [];
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

describe('a page that is wrong is refused', () => {
  it.each([
    [
      'a row that is missing',
      'memory of a call, MB',
      'memory',
      'the row "memory of a call, MB", found no such row',
    ],
    [
      'a figure that is none',
      '| 25,000 |',
      '| much |',
      'the row "texts of a record, bytes a call-minute", found much',
    ],
    ['a table that nobody knows', 'table: frames', 'table: flames', 'found flames'],
    ['a table without a place', '<!-- table: spend -->', '', 'a place for the table spend, found none'],
  ])('%s', async (_, from, to, message) => {
    await expect(computePage(page.replace(from, to))).rejects.toThrow(message);
  });
});

describe('frames', () => {
  const message = { name: '', frameMs: 20, audioBytes: 0, direction: 'in' } as const;
  const sent = (frameBytes: number, isMasked = false): Flow => ({ ...message, frameBytes, isMasked });

  it.each([
    ['a short one: 2 bytes of header, 22 of TLS, 52 of TCP and IP', sent(100), 176],
    ['a masked one has 4 more', sent(100, true), 180],
    ['a longer one has a longer header', sent(200), 278],
    ['one that needs two segments', sent(1500), 1500 + 4 + 22 + 104],
  ])('%s', (_, frame, expected) => {
    expect(wireBytes(frame)).toBe(expected);
  });

  it('hold the audio of both links at the rates that they speak', async () => {
    const flows = await realFlows(40);
    const rates = flows.map(({ audioBytes, frameMs }) => (audioBytes * 1000) / frameMs / 2);
    expect(rates).toEqual([8000, 8000, 16_000, 24_000]);
    for (const { frameBytes, audioBytes } of flows) expect(frameBytes).toBeGreaterThan((audioBytes * 4) / 3);
  });
});

describe('tokens of a call', () => {
  const inputs = {
    ...readInputs(page),
    callerPercent: 30,
    agentPercent: 50,
    turnsPerMinute: 2,
    instructionTokens: 100,
  };

  it('charge each turn for the instruction and all audio before', () => {
    // two turns of 30 s: 9.9 s of the caller sent, 15 s of the agent, 25 tokens a second
    const { usage } = tokensOfCall(inputs, 1, 'turns');
    const [heard, said] = [9.9 * 25, 15 * 25];
    expect(usage.promptBy).toEqual({
      text: 200,
      audio: Math.round(heard + (heard + said + heard)),
      other: 0,
    });
    expect(usage.responseBy.audio).toBe(2 * said);
  });

  it('are more where silence is sent too, and more a minute the longer the call is', () => {
    const usd = (minutes: number, sends: 'turns' | 'all'): number =>
      tokensOfCall(inputs, minutes, sends).usd / minutes;
    expect(usd(3, 'all')).toBeGreaterThan(usd(3, 'turns'));
    expect(usd(30, 'turns')).toBeGreaterThan(2 * usd(3, 'turns'));
  });
});
