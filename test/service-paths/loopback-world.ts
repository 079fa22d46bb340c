import type { GeminiDial } from '../../src/gemini/index.ts';
import { listenHttp } from '../../src/sim/gemini/http-listener.ts';
import { SimulatedGemini } from '../../src/sim/index.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { dialWebSocket, type FrameSocket, memorySocketPair } from '../../src/wire/index.ts';
import { type GeminiChanges, latencyMs, type World } from './world.ts';

/** Names a connection to the side that accepts it. */
const header = 'x-test-connection';
/** Conditions are looked at this often, ms: frames of the caller's come no more often. */
const stepMs = 20;
/** Turns of the event loop in which nothing is under way, before nothing is. */
const quietTurns = 2;
/** Turns of the event loop after which something is lost. */
const mostTurns = 20_000;

/** What is under way on one connection, for both of its ends. */
class Crossing {
  readonly #sent = { near: 0, far: 0 };
  readonly #arrived = { near: 0, far: 0 };
  readonly #ended = { near: false, far: false };
  #isClosing = false;
  /** Accepted by the far side, or given up by the near one. */
  isOpened = false;
  /** Nothing that is sent arrives any more, and nobody is told. */
  isHalfOpen = false;
  /** Never answered, as a fault. */
  isHung = false;

  get isQuiet(): boolean {
    const { near, far } = this.#ended;
    if (this.isHung || (near && (far || !this.isOpened))) return true;
    if (!this.isOpened || this.#isClosing || near || far) return false;
    return this.#sent.near === this.#arrived.far && this.#sent.far === this.#arrived.near;
  }

  /** `socket`, counted. */
  watched(socket: FrameSocket, side: 'near' | 'far'): FrameSocket {
    const other = side === 'near' ? 'far' : 'near';
    const count = (): void => {
      this.#sent[side] += 1;
    };
    const arrived = (): void => {
      this.#arrived[side] += 1;
    };
    const closing = (): void => {
      this.#isClosing = true;
    };
    const ended = (): void => {
      this.#ended[side] = true;
      this.#isClosing = !this.#ended[other] && this.isOpened;
    };
    return {
      get isOpen() {
        return socket.isOpen;
      },
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
      listen: (to) =>
        socket.listen({
          ...(to.onOpen && { onOpen: () => to.onOpen?.() }),
          ...(to.onError && { onError: (error) => to.onError?.(error) }),
          onFrame: (data, isBinary) => {
            arrived();
            if (!this.isHalfOpen) to.onFrame(data, isBinary);
          },
          onClose: (code, reason) => {
            ended();
            to.onClose(code, reason);
          },
        }),
      send: (frame) => {
        const isSent = socket.send(frame);
        if (isSent) count();
        return isSent;
      },
      close: (code, reason) => {
        closing();
        socket.close(code, reason);
      },
      terminate: () => {
        closing();
        socket.terminate();
      },
    };
  }
}

/** A world whose Gemini is behind real sockets. */
export interface LoopbackWorld extends World {
  readonly clock: SimulatedClock;
  /** From now on nothing arrives on the newest connection, either way, though both ends believe in it. */
  hang(): void;
}

/**
 * Gemini behind a real socket, on a simulated clock: time stands still until every frame that was sent has arrived.
 * The caller is connected in memory.
 */
export async function loopbackWorld(options: GeminiChanges): Promise<LoopbackWorld> {
  const clock = new SimulatedClock();
  const gemini = new SimulatedGemini({ clock, chance: seededChance(1), ...options });
  const crossings: Crossing[] = [];
  const of = (headers: Readonly<Record<string, unknown>>): Crossing | undefined =>
    crossings[Number(headers[header])];
  let accepting: Crossing | undefined;
  const listening = await listenHttp(
    {
      admit: (request) => {
        const admission = gemini.admit(request);
        accepting = of(request.headers);
        if (accepting && admission.kind === 'hang') accepting.isHung = true;
        return admission;
      },
      open: (socket, admission) => {
        const crossing = accepting;
        if (!crossing) throw new Error('expected a connection of this world');
        crossing.isOpened = true;
        gemini.open(crossing.watched(socket, 'far'), admission);
      },
    },
    {},
  );
  const dialGemini: GeminiDial = (url, headers) => {
    const crossing = new Crossing();
    const named = { ...headers, [header]: String(crossings.push(crossing) - 1) };
    const socket = dialWebSocket(url, { headers: named, handshakeMs: 10_000, maxFrameBytes: 1_000_000 });
    return crossing.watched(socket, 'near');
  };
  const settled = async (): Promise<void> => {
    let quiet = 0;
    for (let turn = 0; quiet < quietTurns; turn += 1) {
      if (turn > mostTurns) throw new Error('a frame is lost between two ends of a connection');
      await new Promise((resolve) => setImmediate(resolve));
      quiet = crossings.every(({ isQuiet }) => isQuiet) ? quiet + 1 : 0;
    }
  };
  return {
    clock,
    gemini,
    isReal: false,
    baseUrl: listening.url,
    dialGemini,
    dialService: (_, accept) => {
      const [near, far] = memorySocketPair(clock, latencyMs);
      accept(far);
      return near;
    },
    pass: async (ms, isDone = () => false) => {
      const untilMs = clock.nowMs() + ms;
      await settled();
      while (!isDone()) {
        if (clock.nowMs() >= untilMs) return false;
        clock.advance(Math.min(stepMs, untilMs - clock.nowMs()));
        await settled();
      }
      return true;
    },
    hang: () => {
      const newest = crossings.at(-1);
      if (newest) newest.isHalfOpen = true;
    },
    close: () => listening.close(),
  };
}
