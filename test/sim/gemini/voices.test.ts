import { expect, test } from 'vitest';
import { levelDbov } from '../../../src/audio/index.ts';
import { bakeryScript, loadVoice, type VoiceName, voices } from '../../../src/sim/index.ts';

const names = Object.keys(voices).filter((name): name is VoiceName => name in voices);

test.each(names)('the line "%s" is audible speech of a length that fits its words', (name) => {
  const samples = loadVoice(name);
  const durationMs = samples.length / 24;
  const perLetterMs = durationMs / voices[name].text.length;
  expect(perLetterMs).toBeGreaterThan(35);
  expect(perLetterMs).toBeLessThan(130);
  expect(levelDbov(samples)).toBeGreaterThan(-35);
});

test('the line about the cakes is long enough to be interrupted', () => {
  expect(loadVoice('cakes').length / 24).toBeGreaterThan(9000);
});

test('a line is read once', () => {
  expect(loadVoice('hours')).toBe(loadVoice('hours'));
});

test('the bakery speaks recorded lines only, in their own words', () => {
  const { greeting, turns } = bakeryScript();
  for (const reply of [greeting, ...turns.map((turn) => turn.reply)]) {
    const name = reply?.voice;
    expect(typeof name).toBe('string');
    if (typeof name === 'string') expect(reply?.text).toBe(voices[name].text);
  }
});
