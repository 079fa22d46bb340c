import type { Chance } from '../../src/time/index.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Frame = Readonly<Record<string, Json>>;

const silence = Buffer.alloc(320).toString('base64');
const envelope = { stream_sid: 'stream-of-fuzz', sequence_number: '7' };
const frames: readonly Frame[] = [
  { event: 'connected' },
  {
    event: 'start',
    ...envelope,
    start: {
      stream_sid: 'stream-of-fuzz',
      call_sid: 'fuzz',
      account_sid: 'acmeclinic1',
      from: '09000000001',
      to: '08000000002',
      custom_parameters: { '{&quot;lead&quot;:&quot;42&quot;}': '' },
      media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128kbps' },
    },
  },
  { event: 'media', ...envelope, media: { chunk: '1', timestamp: '20', payload: silence } },
  { event: 'dtmf', ...envelope, dtmf: { digit: '4', duration: '120' } },
  { event: 'mark', ...envelope, mark: { name: 'utt-1' } },
  { event: 'clear', ...envelope },
  { event: 'stop', ...envelope, stop: { call_sid: 'fuzz', account_sid: 'a', reason: 'callended' } },
];

/** Values that a field does not expect. */
const oddities: readonly Json[] = [
  null,
  true,
  '',
  [],
  {},
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 60,
  '1e999',
  'NaN',
  'बारी 🎂 \u202e\u0000\ud800',
  '\uffff'.repeat(300),
  '__proto__',
  ['media'],
  [[[[[[]]]]]],
  { toString: null, length: -1 },
];

/** Text of JSON that no value of ours has. */
const texts = (text: string): readonly string[] => [
  `{"event":"media",${text.slice(1)}`,
  `${text.slice(0, -1)},"event":"stop","event":"media"}`,
  `${text.slice(0, -1)},"__proto__":{"event":"stop"},"constructor":{"prototype":1}}`,
  `${text.slice(0, -1)},"huge":${'9'.repeat(400)}}`,
  `${text.slice(0, -1)},"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  `${text.slice(0, -1)},"deep":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
  `${'['.repeat(100_000)}`,
  `${text}${text}`,
  `\ufeff${text}`,
  `  ${text}\n\n`,
  text.toUpperCase(),
  text.replaceAll('"', "'"),
];

/**
 * A frame of Exotel's with one to three things wrong with it: other types, other order, fields twice or missing, deep
 * nesting, huge numbers, odd text, flipped bits, cut short, or bytes in place of text. Some come out right.
 */
export function mutatedFrame(chance: Chance): string | Uint8Array {
  const upTo = (n: number): number => Math.floor(chance.next() * n);
  const one = <T>(of: readonly T[]): T | undefined => of[upTo(of.length)];
  let frame: Json = one(frames) ?? {};
  for (let left = upTo(3); left > 0; left -= 1) frame = inFields(frame, upTo, one);
  const text = JSON.stringify(frame);
  switch (upTo(6)) {
    case 0:
      return one(texts(text)) ?? text;
    case 1:
      return text.slice(0, upTo(text.length));
    case 2:
      return flipped(Buffer.from(text), upTo).toString('latin1');
    case 3:
      return upTo(4) === 0 ? flipped(Buffer.from(text), upTo) : text;
    default:
      return text;
  }
}

type UpTo = (n: number) => number;
type One = <T>(of: readonly T[]) => T | undefined;

/** Changes one field, of the frame or of an object in it. */
function inFields(value: Json, upTo: UpTo, one: One): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return one(oddities) ?? null;
  const fields = Object.entries(value);
  const at = upTo(fields.length);
  const [name, inner] = fields[at] ?? ['event', null];
  switch (upTo(6)) {
    case 0:
      return Object.fromEntries(fields.toSpliced(at, 1));
    case 1:
      return Object.fromEntries(fields.toReversed());
    case 2:
      return Object.fromEntries([...fields, [one(['extra', 'streamSid', 'toString', 'Event']) ?? '', inner]]);
    case 3:
      return { ...value, [name]: one(oddities) ?? null };
    default:
      return {
        ...value,
        [name]: typeof inner === 'object' ? inFields(inner, upTo, one) : (one(oddities) ?? null),
      };
  }
}

function flipped(bytes: Buffer, upTo: UpTo): Buffer {
  for (let left = 1 + upTo(8); left > 0; left -= 1) {
    const at = upTo(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << upTo(8));
  }
  return bytes;
}
