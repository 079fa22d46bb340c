import { describe, expect, it } from 'vitest';
import { explainAgent, formatProblem, parseAgent } from '../../src/agents/index.ts';

function problems(lines: string): string[] {
  const parsed = parseAgent(`prompt: You take calls.\n${lines}`, 'agents/shop.yaml');
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

describe('keys and calls in an agent file', () => {
  it.each([
    { lines: 'dtmf: { actions: { 0: transfer } }', says: 'a number in transfer.number for this key' },
    { lines: 'dtmf: { actions: { 0: transfr } }', says: 'did you mean transfer?' },
    { lines: 'dtmf: { actions: { 10: end } }', says: 'one of 0 1 2 3 4 5 6 7 8 9 * #' },
    { lines: 'dtmf: { actions: end }', says: 'a map from keys' },
    { lines: 'transfer: { number: nobody }', says: 'a telephone number' },
    { lines: 'outbound: { time_zone: Asia/Poona }', says: 'an IANA time zone' },
    { lines: 'outbound: { hours: 9-21 }', says: 'a time of day to another' },
    { lines: 'outbound: { days: [monday] }', says: 'mon, tue, wed' },
  ])('are refused with what was expected: $lines', ({ lines, says }) => {
    const told = problems(lines);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(says);
    expect(told[0]).toContain('shop.yaml:2:');
  });

  it('are explained', () => {
    const file =
      'prompt: x\ndtmf: { actions: { "0": transfer, 9: repeat } }\ntransfer: { number: "09000000001" }\n';
    const parsed = parseAgent(file, 'agents/shop.yaml');
    if (!parsed.ok) throw new Error('expected a good file');
    const row = explainAgent(parsed.agent).find(({ path }) => path === 'dtmf.actions');
    expect(row).toMatchObject({ value: ['0: transfer', '9: repeat'], origin: 'file' });
  });
});
