import type { SimulatedClock } from '../../src/time/index.ts';
import { type FrameSocket, memorySocketPair } from '../../src/wire/index.ts';

/** One connection as the server sees it: what came, and what the test sends. */
export class ScriptedConnection {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly frames: Record<string, unknown>[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: FrameSocket;

  constructor(socket: FrameSocket, url: string, headers: Record<string, string>, setsUp: boolean) {
    this.url = url;
    this.headers = headers;
    this.#socket = socket;
    socket.listen({
      onFrame: (data) => {
        const frame: Record<string, unknown> = JSON.parse(data.toString());
        this.frames.push(frame);
        if ('setup' in frame && setsUp) this.send({ setupComplete: {} });
      },
      onClose: (code, reason) => {
        this.closed = { code, reason };
      },
    });
  }

  /** Sends a message as Google does: JSON in a binary frame. */
  send(message: object): void {
    this.#socket.send(Buffer.from(JSON.stringify(message, null, 2)));
  }

  /** Sends a frame as it is. */
  raw(frame: string | Uint8Array): void {
    this.#socket.send(frame);
  }

  /** Sends a piece of a reply: `samples` samples of this value. */
  audio(value: number, samples = 240): void {
    const data = Buffer.from(new Int16Array(samples).fill(value).buffer).toString('base64');
    this.send({ serverContent: { modelTurn: { parts: [{ inlineData: { data } }] } } });
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  drop(): void {
    this.#socket.terminate();
  }

  /** The real-time input that came, each with the name of its one field. */
  get inputs(): { readonly kind: string; readonly value: unknown }[] {
    return this.frames.flatMap(({ realtimeInput }) =>
      typeof realtimeInput === 'object' && realtimeInput !== null
        ? Object.entries(realtimeInput).map(([kind, value]) => ({ kind, value }))
        : [],
    );
  }

  /** The kinds of the input in order, audio that follows audio told once. */
  get course(): string[] {
    const kinds = this.inputs.map(({ kind }) => kind);
    return kinds.filter((kind, at) => kind !== 'audio' || kinds[at - 1] !== 'audio');
  }

  /** All audio that came, as samples at 16 kHz. */
  get samples(): number[] {
    return this.inputs.flatMap(({ value }) => {
      if (typeof value !== 'object' || value === null || !('data' in value)) return [];
      const bytes = Buffer.from(String(value.data), 'base64');
      return Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2));
    });
  }
}

/** A server in memory that says what the test lets it say; connections in order of arrival. */
export class ScriptedServer {
  readonly connections: ScriptedConnection[] = [];
  /** Whether set-ups are answered. */
  setsUp = true;
  readonly #clock: SimulatedClock;
  readonly #latencyMs: number;

  constructor(clock: SimulatedClock, latencyMs = 0) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  readonly dial = (url: string, headers: Record<string, string>): FrameSocket => {
    const [near, far] = memorySocketPair(this.#clock, this.#latencyMs);
    this.connections.push(new ScriptedConnection(far, url, headers, this.setsUp));
    return near;
  };

  /** The newest connection. @throws Error when there is none */
  get last(): ScriptedConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error('expected a connection, there was none');
    return last;
  }
}
