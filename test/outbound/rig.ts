import { type Agent, parseAgent } from '../../src/agents/index.ts';
import { ExotelCalls } from '../../src/exotel/index.ts';
import { Dialler, OutboundBook, OutboundError } from '../../src/outbound/index.ts';
import { type ExotelRestOptions, SimulatedExotelRest } from '../../src/sim/index.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { until } from '../helpers/until.ts';

/** A Wednesday, noon in India. */
const wednesdayNoonMs = Date.UTC(2026, 0, 7, 6, 30);

/** An agent that may place calls, with further lines of its file. */
export function outboundAgent(lines = '', name = 'shop'): Agent {
  const text = `prompt: You place calls.\noutbound:\n  caller_id: "08000000002"\n  stream_url: wss://voice.example.com/exotel/shop\n${lines}`;
  const parsed = parseAgent(text, `agents/${name}.yaml`);
  if (parsed.ok) return parsed.agent;
  throw new Error(JSON.stringify(parsed.problems));
}

/** Requests over real HTTP; while none is under way only time is waited for. */
class CountedCalls extends ExotelCalls {
  underWay = 0;

  override connect(...args: Parameters<ExotelCalls['connect']>): ReturnType<ExotelCalls['connect']> {
    return this.#count(super.connect(...args));
  }

  override find(...args: Parameters<ExotelCalls['find']>): ReturnType<ExotelCalls['find']> {
    return this.#count(super.find(...args));
  }

  override recent(...args: Parameters<ExotelCalls['recent']>): ReturnType<ExotelCalls['recent']> {
    return this.#count(super.recent(...args));
  }

  #count<T>(work: Promise<T>): Promise<T> {
    this.underWay += 1;
    return work.finally(() => {
      this.underWay -= 1;
    });
  }
}

/**
 * A dialler before a simulated Exotel, over real HTTP; its waits are those of a clock that is moved on whenever nothing
 * but time is waited for.
 */
export class OutboundRig implements AsyncDisposable {
  readonly clock: SimulatedClock;
  readonly log = new MemoryLog();
  readonly exotel: SimulatedExotelRest;
  readonly dialler: Dialler;
  readonly book: OutboundBook;
  readonly #calls: CountedCalls;

  private constructor(exotel: SimulatedExotelRest, clock: SimulatedClock, apiKey?: string) {
    this.exotel = exotel;
    this.clock = clock;
    const access = {
      apiKey: apiKey ?? exotel.apiKey,
      apiToken: exotel.apiToken,
      accountSid: exotel.accountSid,
      baseUrl: exotel.url,
    };
    this.#calls = new CountedCalls(access, clock);
    this.dialler = new Dialler({
      exotel: this.#calls,
      clock,
      chance: seededChance(1),
      log: this.log.log,
      streamUrlOf: () => undefined,
    });
    this.book = new OutboundBook(this.dialler, clock, this.log.log);
  }

  static async start(options: Partial<ExotelRestOptions> & { badKey?: string } = {}): Promise<OutboundRig> {
    const clock = new SimulatedClock(wednesdayNoonMs);
    const chance = seededChance(2);
    return new OutboundRig(
      await SimulatedExotelRest.listen({ clock, chance, ...options }),
      clock,
      options.badKey,
    );
  }

  /** The requests for calls that Exotel has had. */
  get dialled(): number {
    return this.exotel.requests.filter(({ method }) => method === 'POST').length;
  }

  /** Waits for `work` while simulated time goes on, several times as fast as real time. */
  async settle<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    work.then(over, over);
    await until('the work to be over', () => {
      if (!isOver) this.clock.advance(this.#calls.underWay > 0 ? 40 : 250);
      return isOver || undefined;
    });
    return work;
  }

  /** The code with which `work` fails. */
  async failure(work: Promise<unknown>): Promise<OutboundError> {
    try {
      await this.settle(work);
    } catch (error) {
      if (error instanceof OutboundError) return error;
      throw error;
    }
    throw new Error('expected an OutboundError, found none');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.book.close();
    await this.exotel.close();
  }
}
