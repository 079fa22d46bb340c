import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExotelFrame } from '../../../src/exotel/codec/index.ts';

const kinds = ['connected', 'start', 'media', 'dtmf', 'mark', 'stop', 'clear', 'unknown', 'problem'];

const names = fc.constantFrom(
  ...[
    'event',
    'stream_sid',
    'streamSid',
    'sequence_number',
    'start',
    'media',
    'dtmf',
    'mark',
    'stop',
    'payload',
  ],
  ...[
    'chunk',
    'timestamp',
    'digit',
    'duration',
    'name',
    'reason',
    'call_sid',
    'media_format',
    'sample_rate',
    'x',
  ],
  ...['custom_parameters', '__proto__', 'constructor'],
);
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...kinds, '8000', 16_000, 'AAAA', '', null, '5'),
  fc.base64String(),
);
const { frame: frameLike } = fc.letrec((tie) => ({
  frame: fc.dictionary(names, fc.oneof({ depthSize: 'small' }, values, tie('frame')), { maxKeys: 8 }),
}));
const eventFrames = fc
  .tuple(fc.constantFrom(...kinds), frameLike)
  .map(([event, frame]) => ({ ...(frame as object), event }));

function expectReadable(data: Buffer, isBinary = false): void {
  const read = parseExotelFrame(data, isBinary);
  expect(kinds).toContain(read.kind);
  if (read.kind === 'problem') {
    expect(read.expected).not.toBe('');
    expect(read.found).not.toBe('');
    expect(read.found.length).toBeLessThan(100);
  }
}

it('gives a message or a problem for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isBinary) =>
      expectReadable(Buffer.from(bytes), isBinary),
    ),
  );
});

it('gives a message or a problem for any JSON', () => {
  fc.assert(fc.property(fc.json(), (json) => expectReadable(Buffer.from(json))));
});

it('gives a message or a problem for anything that looks like a frame', () => {
  fc.assert(
    fc.property(eventFrames, (frame) => expectReadable(Buffer.from(JSON.stringify(frame)))),
    { numRuns: 2000 },
  );
});

it('reads back the samples of any even payload', () => {
  fc.assert(
    fc.property(fc.int16Array({ minLength: 1, maxLength: 400 }), (pcm) => {
      const payload = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
      const read = parseExotelFrame(
        Buffer.from(JSON.stringify({ event: 'media', media: { payload } })),
        false,
      );
      expect(read.kind === 'media' && read.pcm).toEqual(pcm);
    }),
  );
});
