import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxInboundFrameBytes } from '../../src/exotel/index.ts';
import { type EchoDoor, openEchoDoor } from '../helpers/echo-door.ts';
import { until } from '../helpers/until.ts';
import { ByteClient, closing, type FrameOptions, frame, op } from '../helpers/ws-bytes.ts';

/** What a client sends, and every frame that it gets for it. The groups are those of the Autobahn test suite. */
interface Case {
  readonly what: string;
  readonly sent: readonly Uint8Array[];
  readonly got: readonly string[];
}

const text = (payload: string | Uint8Array, options: FrameOptions = {}) => frame(op.text, payload, options);
const more = (payload: string | Uint8Array, fin = false) => frame(op.continuation, payload, { fin });
const first = (payload: string | Uint8Array) => text(payload, { fin: false });
const bye = frame(op.close, closing(1000));
const ended = 'close 1000';
const bytes = (...of: number[]) => Uint8Array.from(of);
const sized = (length: number) => 'x'.repeat(length);

/** Broken UTF-8: the groups 6.3 to 6.20 of the suite. */
const notUtf8: Record<string, Uint8Array> = {
  'a lone continuation byte': bytes(0x80),
  'a sequence that is cut short': bytes(0xce, 0xba, 0xe1, 0xbd),
  'an overlong slash': bytes(0xc0, 0xaf),
  'an overlong zero': bytes(0xe0, 0x80, 0x80),
  'a surrogate': bytes(0xed, 0xa0, 0x80),
  'a pair of surrogates': bytes(0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80),
  'a character beyond Unicode': bytes(0xf4, 0x90, 0x80, 0x80),
  'a sequence of five bytes': bytes(0xf8, 0x88, 0x80, 0x80, 0x80),
  'impossible bytes': bytes(0xfe, 0xff),
};
const utf8 = [
  'κόσμε',
  '\u0000',
  '\u007f',
  '\u0080',
  '\u07ff',
  '\u0800',
  '\uffff',
  '\u{10000}',
  '\u{10ffff}',
  'बारी',
];

const groups: Record<string, readonly Case[]> = {
  framing: [
    ...[0, 125, 126, 127, 128, 65_535, 65_536].map((length) => ({
      what: `a text of ${length} bytes`,
      sent: [text(sized(length)), bye],
      got: [`text ${length > 40 ? `${length} bytes` : ''}`.trim(), ended],
    })),
    { what: 'bytes', sent: [frame(op.binary, 'any'), bye], got: ['binary any', ended] },
    {
      what: 'two frames and half of one at once, the rest later',
      sent: [
        Buffer.concat([text('a'), text('b'), text('late').subarray(0, 3)]),
        text('late').subarray(3),
        bye,
      ],
      got: ['text a', 'text b', 'text late', ended],
    },
    {
      what: 'a frame byte by byte',
      sent: [...Array.from(text('slow'), (byte) => bytes(byte)), bye],
      got: ['text slow', ended],
    },
    { what: 'a frame without a mask', sent: [text('bare', { masked: false })], got: ['close 1002'] },
    {
      what: 'a length of 64 bits that no number holds',
      sent: [text('', { claims: 2n ** 63n })],
      got: ['close 1009'],
    },
  ],
  'pings and pongs': [
    { what: 'a ping', sent: [frame(op.ping), bye], got: ['pong', ended] },
    {
      what: 'a ping with a payload',
      sent: [frame(op.ping, 'are you there'), bye],
      got: ['pong are you there', ended],
    },
    {
      what: 'a ping of 125 bytes that are no text',
      sent: [frame(op.ping, new Uint8Array(125).fill(0xfe)), bye],
      got: ['pong 125 bytes', ended],
    },
    { what: 'a ping of 126 bytes', sent: [frame(op.ping, sized(126))], got: ['close 1002'] },
    {
      what: 'a pong that nobody asked for',
      sent: [frame(op.pong, 'x'), text('on'), bye],
      got: ['text on', ended],
    },
    {
      what: 'ten pings at once',
      sent: [Buffer.concat(Array.from({ length: 10 }, (_, n) => frame(op.ping, String(n)))), bye],
      got: [...Array.from({ length: 10 }, (_, n) => `pong ${n}`), ended],
    },
  ],
  'reserved bits': [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) =>
    [op.text, op.ping].map((opcode) => ({
      what: `bits ${rsv} on opcode ${opcode}`,
      sent: [text('before'), frame(opcode, 'x', { rsv })],
      got: ['text before', 'close 1002'],
    })),
  ),
  opcodes: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
    what: `opcode ${opcode}`,
    sent: [text('before'), frame(opcode, 'x')],
    got: ['text before', 'close 1002'],
  })),
  fragmentation: [
    {
      what: 'a text in three',
      sent: [first('a'), more('b'), more('c', true), bye],
      got: ['text abc', ended],
    },
    {
      what: 'a ping between fragments',
      sent: [first('a'), frame(op.ping, 'x'), more('b', true), bye],
      got: ['pong x', 'text ab', ended],
    },
    { what: 'empty fragments', sent: [first(''), more(''), more('', true), bye], got: ['text', ended] },
    { what: 'a ping in fragments', sent: [frame(op.ping, 'x', { fin: false })], got: ['close 1002'] },
    { what: 'a close in fragments', sent: [frame(op.close, '', { fin: false })], got: ['close 1002'] },
    { what: 'a continuation of nothing', sent: [more('x', true)], got: ['close 1002'] },
    { what: 'a text inside a text', sent: [first('a'), text('b')], got: ['close 1002'] },
    {
      what: 'a character torn between fragments',
      sent: [first(bytes(0xe0, 0xa4)), more(bytes(0xac), true), bye],
      got: ['text ब', ended],
    },
  ],
  'UTF-8': [
    ...utf8.map((payload) => ({
      what: JSON.stringify(payload),
      sent: [text(payload), bye],
      got: [`text ${payload}`.trim(), ended],
    })),
    ...Object.entries(notUtf8).flatMap(([what, payload]) => [
      { what, sent: [text(payload)], got: ['close 1007'] },
      { what: `${what}, in a fragment`, sent: [first('ok'), more(payload, true)], got: ['close 1007'] },
    ]),
    // ws looks at a message when it is whole: the suite calls that correct, if not strict (6.4)
    { what: 'broken, but not yet whole', sent: [first(bytes(0xff)), frame(op.ping, 'x')], got: ['pong x'] },
  ],
  closing: [
    { what: 'a close without a code', sent: [frame(op.close)], got: ['close'] },
    { what: 'a close with a reason', sent: [frame(op.close, closing(1000, 'bye'))], got: [ended] },
    { what: 'the longest reason', sent: [frame(op.close, closing(1000, sized(123)))], got: [ended] },
    {
      what: 'a reason that is too long',
      sent: [frame(op.close, closing(1000, sized(124)))],
      got: ['close 1002'],
    },
    { what: 'half a code', sent: [frame(op.close, bytes(3))], got: ['close 1002'] },
    {
      what: 'a reason that is no text',
      sent: [frame(op.close, closing(1000, bytes(0xff)))],
      got: ['close 1007'],
    },
    { what: 'anything after a close', sent: [bye, text('x'), frame(op.ping), bye], got: [ended] },
    ...[1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => ({
      what: `the code ${code}`,
      sent: [frame(op.close, closing(code))],
      got: [`close ${code}`],
    })),
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => ({
      what: `the code ${code}, which nobody may send`,
      sent: [frame(op.close, closing(code))],
      got: ['close 1002'],
    })),
  ],
  limits: [
    {
      what: 'the largest message',
      sent: [text(sized(maxInboundFrameBytes)), bye],
      got: [`text ${maxInboundFrameBytes} bytes`, ended],
    },
    { what: 'a byte more', sent: [text(sized(maxInboundFrameBytes + 1))], got: ['close 1009'] },
    {
      what: 'a length of gigabytes, before they come',
      sent: [text('', { claims: 4_000_000_000 })],
      got: ['close 1009'],
    },
    {
      what: 'a byte more, in fragments',
      sent: [first(sized(maxInboundFrameBytes)), more('x', true)],
      got: ['close 1009'],
    },
    {
      what: 'the largest message in a thousand fragments',
      sent: [
        first(''),
        Buffer.concat(Array.from({ length: 1024 }, () => more(sized(256)))),
        more('', true),
        bye,
      ],
      got: [`text ${maxInboundFrameBytes} bytes`, ended],
    },
  ],
};

let door: EchoDoor;
beforeAll(async () => {
  door = await openEchoDoor();
});
afterAll(() => door.close());

describe.each(Object.entries(groups))('%s', (_, cases) => {
  test.concurrent.each(cases)('$what', async ({ sent, got }) => {
    const client = await ByteClient.open(door.port, '/exotel/echo');
    for (const piece of sent) {
      client.write(piece);
      // each in a packet of its own
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(got.join(', '), () => client.frames.length >= got.length || undefined);
    if (got.at(-1)?.startsWith('close')) {
      // RFC 6455: a server closes the connection first
      await until('the end', () => client.isOver || undefined);
    }
    client.drop();
    expect(client.frames).toEqual(got);
  });
});
