import { describeFound } from './agent-problem.ts';
import { asMap, type Finding } from './finding.ts';
import type { Step } from './yaml-text.ts';

/** Whose rate is meant: what Gemini hears, what it speaks, or nobody's in particular. */
type Side = 'input' | 'output' | 'any';

// Exotel: the line is at 8, 16 or 24 kHz, told at the start of the stream. Gemini: hears 16 kHz, speaks at 24 kHz.
const ratesHz: Readonly<Record<Side, readonly number[]>> = {
  input: [16_000],
  output: [24_000],
  any: [8_000, 16_000, 24_000],
};

const hint =
  'there is no choice of audio format: Exotel decides the rate of the line, Gemini hears 16000 Hz and speaks at 24000 Hz';

const format =
  /^(?:audio\/pcm|audio\/l16|raw\/slin|pcm_?s?16(?:_?le)?(?!\d)|pcm|linear_?16|linear_?pcm|slin|s16_?le|l16)?[;,\s_@-]*(?:rate=)?(?:(\d+)\s*(k?)(?:hz)?)?$/i;

const encodingKeys = new Set(['encoding', 'format', 'codec', 'type']);
const sideKeys: Readonly<Record<string, Side>> = {
  input: 'input',
  input_format: 'input',
  input_sample_rate: 'input',
  input_sample_rate_hz: 'input',
  output: 'output',
  output_format: 'output',
  output_sample_rate: 'output',
  output_sample_rate_hz: 'output',
  sample_rate: 'any',
  sample_rate_hz: 'any',
  rate: 'any',
};
const fixedKeys: Readonly<Record<string, number>> = {
  channels: 1,
  bit_depth: 16,
  bits_per_sample: 16,
  sample_width: 2,
};

/** Checks the alias `audio_format`: it may state what is in use anyway, since nothing can be chosen. */
export function audioFormatFindings(
  value: unknown,
  path: readonly Step[] = ['audio_format'],
  side: Side = 'any',
): Finding[] {
  const map = asMap(value);
  // a part may be a map of its own, no deeper: an anchor could make it endless
  if (map && path.length <= 2)
    return Object.entries(map).flatMap(([key, part]) => partFindings(key, part, [...path, key], side));
  return isInUse(value, side)
    ? []
    : [refusal(path, value, `16-bit linear PCM ("pcm16") at ${rateText(side)}`)];
}

function partFindings(key: string, value: unknown, path: readonly Step[], side: Side): Finding[] {
  const fixed = fixedKeys[key];
  if (fixed !== undefined) return value === fixed ? [] : [refusal(path, value, String(fixed))];
  if (encodingKeys.has(key)) return audioFormatFindings(value, path, side);
  const keySide = sideKeys[key];
  if (keySide) return audioFormatFindings(value, path, keySide === 'any' ? side : keySide);
  return [
    { ...refusal(path, value, 'a part of an audio format, such as encoding or sample_rate'), at: 'key' },
  ];
}

function isInUse(value: unknown, side: Side): boolean {
  if (typeof value === 'number') return ratesHz[side].includes(value);
  const match = typeof value === 'string' && value !== '' ? format.exec(value.trim()) : null;
  if (!match) return false;
  const [, digits, thousands] = match;
  return digits === undefined || ratesHz[side].includes(Number(digits) * (thousands ? 1_000 : 1));
}

function rateText(side: Side): string {
  return `${ratesHz[side].join(' or ')} Hz`;
}

function refusal(path: readonly Step[], value: unknown, expected: string): Finding {
  return { path, at: 'value', expected, found: describeFound(value), hint };
}
