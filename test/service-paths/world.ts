import type { GeminiDial } from '../../src/gemini/index.ts';
import {
  dialWebSocket as dialAsExotel,
  SimulatedGemini,
  type SimulatedGeminiOptions,
} from '../../src/sim/index.ts';
import {
  type Chance,
  type Clock,
  delay,
  SimulatedClock,
  seededChance,
  systemClock,
} from '../../src/time/index.ts';
import { dialWebSocket, type FrameSocket, memorySocketPair } from '../../src/wire/index.ts';

/** What a service is put in: its time, its wires, and a simulated Gemini. */
export interface World {
  readonly clock: Clock;
  readonly gemini: SimulatedGemini;
  /** Whether the service must listen on the network. */
  readonly isReal: boolean;
  /** Where Gemini is. */
  readonly baseUrl: string;
  readonly dialGemini: GeminiDial;
  /** Connects a caller to `address`; in memory the service's end goes to `accept`. */
  dialService(address: string, accept: (socket: FrameSocket) => void): FrameSocket;
  /** Lets time pass, at most `ms`, until `isDone`; returns whether it was. */
  pass(ms: number, isDone?: () => boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** How the simulated Gemini differs from the ordinary. */
export type GeminiChanges = Omit<SimulatedGeminiOptions, 'clock' | 'chance'> & { readonly chance?: Chance };

/** One way between caller and service in memory, ms. */
export const latencyMs = 1;
/** Promises settle, and conditions are looked at, this often, ms. */
const stepMs = 10;

/** Everything in memory on one simulated clock. */
export function simulatedWorld(
  options: GeminiChanges,
  /** One way to Gemini, ms. */
  geminiLatencyMs = latencyMs,
): World & { readonly clock: SimulatedClock } {
  const clock = new SimulatedClock();
  const gemini = new SimulatedGemini({ clock, chance: seededChance(1), ...options });
  return {
    clock,
    gemini,
    isReal: false,
    baseUrl: 'http://gemini.simulated',
    dialGemini: (url, headers) => {
      const [near, far] = memorySocketPair(clock, geminiLatencyMs);
      const { pathname, search } = new URL(url);
      gemini.accept(far, { path: pathname + search, headers });
      return near;
    },
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
    close: async () => undefined,
  };
}

/** Real sockets on loopback in real time. @public */
export async function realWorld(options: GeminiChanges): Promise<World> {
  const clock = systemClock;
  const listening = await SimulatedGemini.listen({ clock, chance: seededChance(1), ...options });
  return {
    clock,
    gemini: listening.gemini,
    isReal: true,
    baseUrl: listening.url,
    dialGemini: (url, headers) =>
      dialWebSocket(url, { headers, handshakeMs: 10_000, maxFrameBytes: 1_000_000 }),
    dialService: (address) => dialAsExotel(address, { headers: {}, answersPings: true }),
    pass: async (ms, isDone = () => false) => {
      const untilMs = clock.nowMs() + ms;
      while (!isDone()) {
        if (clock.nowMs() >= untilMs) return false;
        await delay(clock, Math.min(stepMs, untilMs - clock.nowMs()));
      }
      return true;
    },
    close: () => listening.close(),
  };
}

/** One turn of the event loop: every promise that can settle does. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
