import { WebSocket } from 'ws';
import { until } from './until.ts';

/** A peer that writes its frames by hand. */
export class RawStream {
  readonly messages: Record<string, unknown>[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  refused: { readonly status: number; readonly body: string } | undefined;
  readonly #ws: WebSocket;

  constructor(address: string, headers: Readonly<Record<string, string>> = {}) {
    const ws = new WebSocket(address, { perMessageDeflate: false, headers: { ...headers } });
    this.#ws = ws;
    ws.on('message', (data) => this.messages.push(JSON.parse(data.toString())));
    ws.on('error', () => undefined);
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    ws.on('unexpected-response', (request, response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        this.refused = { status: response.statusCode ?? 0, body };
        request.destroy();
      });
    });
  }

  opened(): Promise<true> {
    return until('the connection to open', () => this.#ws.readyState === WebSocket.OPEN || undefined);
  }

  /** Sends a text frame (text, or an object as JSON) or a binary frame. */
  send(frame: string | Uint8Array | object): void {
    const isReady = typeof frame === 'string' || frame instanceof Uint8Array;
    this.#ws.send(isReady ? frame : JSON.stringify(frame));
  }

  ended(): Promise<{ readonly code: number; readonly reason: string }> {
    return until('the connection to be closed', () => this.closed);
  }

  refusal(): Promise<{ readonly status: number; readonly body: string }> {
    return until('the upgrade to be refused', () => this.refused);
  }

  /** Until everything that was sent has been read by the other side, or the connection is over. */
  async wasRead(): Promise<void> {
    let isAnswered = false;
    this.#ws.once('pong', () => {
      isAnswered = true;
    });
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.ping();
    await until('a pong', () => isAnswered || this.closed !== undefined || undefined);
  }

  /** Reads nothing more. */
  deafen(): void {
    this.#ws.pause();
  }

  drop(): void {
    this.#ws.terminate();
  }
}

/** A `start` as live calls send it. */
export function startFrame(callSid: string, changes: object = {}): object {
  return {
    event: 'start',
    stream_sid: `stream-of-${callSid}`,
    sequence_number: '1',
    start: {
      stream_sid: `stream-of-${callSid}`,
      call_sid: callSid,
      account_sid: 'acmeclinic1',
      from: '09000000001',
      to: '08000000002',
      media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128kbps' },
      ...changes,
    },
  };
}

/** A `media` frame with this many bytes of silence. */
export function mediaFrame(bytes: number): object {
  return {
    event: 'media',
    stream_sid: 's',
    media: { chunk: '1', timestamp: '0', payload: Buffer.alloc(bytes).toString('base64') },
  };
}
