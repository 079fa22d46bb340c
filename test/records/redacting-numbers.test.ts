import { describe, expect, it } from 'vitest';
import { redactDeep, redactor } from '../../src/records/index.ts';

const plain = redactor({ numbers: true, patterns: [] });

describe('numbers of cards, Aadhaar and PAN', () => {
  it.each([
    ['my card is 4111 1111 1111 1111, yes', 'my card is [card], yes'],
    ['5500-0000-0000-0004', '[card]'],
    ['378282246310005', '[card]'],
    ['४१११ ११११ ११११ ११११', '[card]'],
    ['it is 9999 4105 7058', 'it is [aadhaar]'],
    ['12 9999 4105 7058 7', '12 [aadhaar] 7'],
    ['PAN ABCPE1234F', 'PAN [pan]'],
    ['pan abcpe1234f', 'pan [pan]'],
    ['A B C P E 1 2 3 4 F', '[pan]'],
  ])('%s', (text, wanted) => expect(plain(text)).toBe(wanted));

  it.each([
    '4111 1111 1111 1112',
    '9999 4105 7059',
    'call 98765 43210',
    'it costs 1200 a month',
    'two rolls at 5',
  ])('leaves %s', (text) => expect(plain(text)).toBe(text));

  it('stay where they are not to be taken out', () => {
    expect(redactor({ numbers: false, patterns: [] })('4111111111111111')).toBe('4111111111111111');
  });

  it('takes a long run of digits in little time', () => {
    const run = '1 '.repeat(50_000);
    expect(plain(run)).toBe(run);
  });
});

it('patterns of the agent file: # is a digit, @ a letter, all else itself', () => {
  const redact = redactor({ numbers: false, patterns: ['ORD-######', '@@+##'] });
  expect(redact('order ord-123456 and xy+42, not ORD-12345')).toBe(
    'order [redacted] and [redacted], not ORD-12345',
  );
});

it('goes through all of a value, numbers too', () => {
  const value = { card: 4111111111111111, list: ['4111111111111111', 7], none: null, yes: true };
  expect(redactDeep(value, plain)).toEqual({ card: '[card]', list: ['[card]', 7], none: null, yes: true });
});
