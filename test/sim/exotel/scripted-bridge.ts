import { z } from 'zod';
import { SimulatedCaller, type SimulatedCallerOptions } from '../../../src/sim/index.ts';
import { SimulatedClock, seededChance } from '../../../src/time/index.ts';
import { type FrameSocket, memorySocketPair } from '../../../src/wire/index.ts';

/** One frame from the simulated Exotel, with the clock's time of its arrival. */
export interface Arrival {
  readonly atMs: number;
  readonly text: string;
}

const Media = z.object({ event: z.literal('media'), media: z.object({ payload: z.string() }) });

/** The bridge's end of a connection: keeps what came, sends what it is told. */
export class ScriptedBridge {
  readonly arrivals: Arrival[] = [];
  readonly closes: { code: number; reason: string; atMs: number }[] = [];
  readonly #socket: FrameSocket;
  readonly #sid: () => string;

  constructor(
    socket: FrameSocket,
    clock: SimulatedClock,
    sid: () => string,
    onText?: (text: string) => void,
  ) {
    this.#socket = socket;
    this.#sid = sid;
    socket.listen({
      onFrame: (data) => {
        const text = data.toString();
        this.arrivals.push({ atMs: clock.nowMs(), text });
        onText?.(text);
      },
      onClose: (code, reason) => this.closes.push({ code, reason, atMs: clock.nowMs() }),
    });
  }

  /** The frames of one event, in order. */
  of(event: string): Arrival[] {
    return this.arrivals.filter(({ text }) => text.startsWith(`{"event":"${event}"`));
  }

  /** The caller's audio as it arrived. */
  get uplink(): Int16Array {
    const bytes = this.of('media').map(({ text }) => {
      return Buffer.from(Media.parse(JSON.parse(text)).media.payload, 'base64');
    });
    const all = new Uint8Array(Buffer.concat(bytes));
    return new Int16Array(all.buffer);
  }

  raw(frame: string | Uint8Array): void {
    this.#socket.send(frame);
  }

  media(samples: Int16Array): void {
    const payload = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
    this.raw(JSON.stringify({ event: 'media', stream_sid: this.#sid(), media: { payload } }));
  }

  mark(name: string): void {
    this.raw(JSON.stringify({ event: 'mark', stream_sid: this.#sid(), mark: { name } }));
  }

  clear(): void {
    this.raw(JSON.stringify({ event: 'clear', stream_sid: this.#sid() }));
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

export interface Rig {
  readonly clock: SimulatedClock;
  readonly caller: SimulatedCaller;
  /** The bridge's end of the first connection; unconnected when the caller was given a dial of its own. */
  readonly bridge: ScriptedBridge;
  /** One for each time the caller dialled. */
  readonly bridges: ScriptedBridge[];
}

/** A caller that has dialled a scripted bridge in memory, on a simulated clock at the moment the stream starts. */
export async function dialled(
  options: Partial<SimulatedCallerOptions> & {
    readonly clock?: SimulatedClock;
    readonly onText?: (bridge: ScriptedBridge, text: string) => void;
  } = {},
): Promise<Rig> {
  const bridges: ScriptedBridge[] = [];
  const { clock = new SimulatedClock(), onText, ...callerOptions } = options;
  const caller: SimulatedCaller = new SimulatedCaller({
    clock,
    chance: seededChance(7),
    address: 'ws://bridge.test/exotel/bakery',
    dial: () => {
      const [near, far] = memorySocketPair(clock);
      const bridge: ScriptedBridge = new ScriptedBridge(
        far,
        clock,
        () => caller.identity.streamSid,
        (text) => onText?.(bridge, text),
      );
      bridges.push(bridge);
      return near;
    },
    ...callerOptions,
  });
  caller.call();
  await clock.run(0);
  const bridge = bridges[0] ?? new ScriptedBridge(memorySocketPair(clock)[1], clock, () => '');
  return { clock, caller, bridge, bridges };
}

/** `ms` of a tone that is audible from its first sample: a square wave that never passes zero. */
export function tone(ms: number, level = 8000, sampleRateHz = 8000): Int16Array {
  return Int16Array.from({ length: (ms * sampleRateHz) / 1000 }, (_, at) => (at % 16 < 8 ? level : -level));
}

/** `ms` of samples that all differ from their neighbours, so that a shift by one shows. */
export function ramp(ms: number, first = 1000, sampleRateHz = 8000): Int16Array {
  return Int16Array.from({ length: (ms * sampleRateHz) / 1000 }, (_, at) => first + (at % 20_000));
}
