import { connect, type Socket } from 'node:net';
import { until } from './until.ts';

/** Opcodes of RFC 6455. */
export const op = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** How a frame is written; by default final, masked, with an honest length. */
export interface FrameOptions {
  readonly fin?: boolean;
  /** RSV1 to RSV3 as bits 4, 2, 1. */
  readonly rsv?: number;
  readonly masked?: boolean;
  /** The length that is claimed, where it is not the payload's. */
  readonly claims?: number | bigint;
}

/** One frame of a client, as RFC 6455 has it, or as it must not be. */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, masked = true, claims } = options;
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const sent = masked ? body.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) : body;
  return Buffer.concat([
    Buffer.from([first]),
    lengthOf(claims ?? body.length, masked),
    masked ? mask : Buffer.alloc(0),
    sent,
  ]);
}

function lengthOf(length: number | bigint, masked: boolean): Buffer {
  const bit = masked ? 0x80 : 0;
  if (length < 126) return Buffer.from([bit | Number(length)]);
  const long = length >= 65_536;
  const bytes = Buffer.alloc(long ? 9 : 3);
  bytes[0] = bit | (long ? 127 : 126);
  if (long) bytes.writeBigUInt64BE(BigInt(length), 1);
  else bytes.writeUInt16BE(Number(length), 1);
  return bytes;
}

/** The payload of a close frame. */
export function closing(code: number, reason: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, Buffer.from(reason)]);
}

/** One frame of the server, in words: `text hello`, `pong x`, `close 1002`, or `broken` for what no server may send. */
function inWords(opcode: number, payload: Buffer): string {
  const name = Object.entries(op).find(([, code]) => code === opcode)?.[0] ?? 'broken';
  if (name === 'close') return payload.length < 2 ? 'close' : `close ${payload.readUInt16BE(0)}`;
  const text =
    payload.length > 40 ? `${payload.length} bytes` : payload.toString(name === 'text' ? 'utf8' : 'latin1');
  return `${name} ${text}`.trim();
}

/** A client of a WebSocket that writes bytes and reads frames; it does nothing by itself. */
export class ByteClient {
  /** What came, in words. */
  readonly frames: string[] = [];
  isOver = false;
  readonly #socket: Socket;
  #unread = Buffer.alloc(0);
  #head = '';

  private constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (data) => this.#read(data));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.isOver = true;
    });
  }

  /** Upgrades a connection to `path`. */
  static async open(port: number, path: string): Promise<ByteClient> {
    const client = new ByteClient(port);
    client.write(
      `GET ${path} HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await until('the upgrade', () => client.#head.startsWith('HTTP/1.1 101 ') || undefined);
    return client;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  drop(): void {
    this.#socket.destroy();
  }

  #read(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
    if (this.#head === '') {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#head = this.#unread.subarray(0, end).toString('latin1');
      this.#unread = this.#unread.subarray(end + 4);
    }
    while (this.#readFrame());
  }

  /** A server's frames are not masked. */
  #readFrame(): boolean {
    const all = this.#unread;
    if (all.length < 2) return false;
    const short = (all[1] ?? 0) & 0x7f;
    const at = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (all.length < at) return false;
    const length =
      short === 126 ? all.readUInt16BE(2) : short === 127 ? Number(all.readBigUInt64BE(2)) : short;
    if (all.length < at + length) return false;
    this.frames.push(inWords((all[0] ?? 0) & 0x7f, all.subarray(at, at + length)));
    this.#unread = all.subarray(at + length);
    return true;
  }
}
