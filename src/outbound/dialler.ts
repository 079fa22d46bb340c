import type { Agent } from '../agents/index.ts';
import {
  type CallRequest,
  callStatusOf,
  ExotelApiError,
  type ExotelCall,
  type ExotelCalls,
  isEnded,
} from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { type Chance, type Clock, delay } from '../time/index.ts';
import { callRequest, isCustomFieldOf } from './call-request.ts';
import { isWithinHours } from './calling-hours.ts';
import { isOnList } from './do-not-call.ts';
import { maskedNumber, normalNumber } from './numbers.ts';
import { OutboundError } from './outbound-error.ts';
import { Pace } from './pace.ts';

/** Calls that one process places in any minute, whatever its agents may. */
const callsPerMinute = 60;
/** Requests for one call that certainly came to nothing before it is given up. */
const mostAttempts = 3;
/** Pause before the next request when Exotel names none, and the longest one that is waited for, ms. */
const pauseMs = 1000;
const longestPauseMs = 30_000;
/** When it is looked whether a request came to something after all, ms after one another. */
const lookAfterMs = [1000, 3000, 6000, 10_000];
/** Between two looks at how a call stands, ms. */
const pollMs = 2000;
/** Looks in a row that may fail. */
const mostFailedLooks = 15;
/** How much longer than its longest ringing and its time limit a call is followed, ms. */
const followGraceMs = 120_000;

/** What a dialler works with. */
export interface DiallerOptions {
  readonly exotel: ExotelCalls;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Where Exotel finds an agent that names no address itself. */
  readonly streamUrlOf: (agent: Agent) => string | undefined;
  /** Where Exotel tells of the end of a call with an agent, when it is to. */
  readonly statusCallbackOf?: (agent: Agent) => Promise<string | undefined>;
}

/** What Exotel tells of a call by itself, in its words. */
export interface StatusNews {
  readonly callSid: string;
  readonly status: string;
  readonly durationS: number | undefined;
}

/** A call to place. */
export interface Order {
  readonly number: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** A call that Exotel has accepted. */
export interface PlacedCall {
  /** Baari's id; it arrives with the stream as the parameter `baari_call`. */
  readonly id: string;
  readonly call: ExotelCall;
}

/** Places calls: looks before it dials, and never dials twice. */
export class Dialler {
  readonly #o: DiallerOptions;
  readonly #pace: Pace;
  readonly #paceOf = new Map<string, Pace>();
  /** Calls that are followed, by Exotel's id: told of the end that Exotel reports by itself. */
  readonly #followed = new Map<string, (ended: Pick<ExotelCall, 'status' | 'durationS'>) => void>();
  /** Calls that are being looked for, by id: told of their stream when it comes. */
  readonly #lookedFor = new Map<string, (callSid: string) => void>();

  constructor(options: DiallerOptions) {
    this.#o = options;
    this.#pace = new Pace(options.clock, callsPerMinute);
  }

  /**
   * Places one call.
   *
   * @throws OutboundError; after `outbound.outcome-unknown` the telephone may ring all the same
   */
  async place(agent: Agent, { number: written, fields = {} }: Order): Promise<PlacedCall> {
    const { chance, log, streamUrlOf, statusCallbackOf } = this.#o;
    const { country } = agent.outbound;
    const number = normalNumber(written, country);
    if (!number) {
      const message = `expected a telephone number, with + or of ${country}, found something else`;
      throw new OutboundError('outbound.bad-number', message);
    }
    const id = chance.hexId(6);
    const statusCallback = await statusCallbackOf?.(agent);
    const order = { id, number, fields, streamUrl: streamUrlOf(agent), statusCallback };
    const request = callRequest(agent, order);
    await this.#mayCall(agent, number);
    this.#takePace(agent);
    const told = log.child({ outboundId: id, agent: agent.name });
    told.info({ masked: maskedNumber(number), mode: request.mode }, 'outbound.dialling');
    const call = await this.#ask(agent, id, request, told);
    told.info({ callSid: call.sid, status: call.status }, 'outbound.accepted');
    return { id, call };
  }

  /**
   * Follows a call to its end, which Exotel tells by itself or when it is asked, whichever is first; `onStatus` is told of
   * each change. Resolves with how it stands when nothing more is asked.
   */
  async follow(
    agent: Agent,
    { id, call }: PlacedCall,
    onStatus: (call: ExotelCall) => void,
    signal?: AbortSignal,
  ): Promise<ExotelCall> {
    const { clock, log } = this.#o;
    const untilMs = clock.nowMs() + agent.outbound.timeLimitS * 1000 + followGraceMs;
    const told = new AbortController();
    const over = signal ? AbortSignal.any([signal, told.signal]) : told.signal;
    let known = call;
    const learn = (found: ExotelCall): void => {
      if (isEnded(known.status)) return;
      if (found.status !== known.status) onStatus(found);
      known = found;
    };
    this.#followed.set(call.sid, (ended) => {
      learn({ ...known, ...ended });
      told.abort();
    });
    try {
      for (let failed = 0; !isEnded(known.status) && !over.aborted && clock.nowMs() < untilMs; ) {
        await delay(clock, pollMs, over);
        if (over.aborted) break;
        const found = await this.#lookAt(id, call.sid, failed + 1, over);
        failed = found ? 0 : failed + 1;
        if (found) learn(found);
      }
    } finally {
      this.#followed.delete(call.sid);
    }
    log.info({ outboundId: id, callSid: call.sid, status: known.status }, 'outbound.ended');
    return known;
  }

  /** Exotel tells by itself how a call stands; only that it is over matters. */
  statusTold({ callSid, status, durationS }: StatusNews): void {
    const known = callStatusOf(status);
    if (known && isEnded(known)) this.#followed.get(callSid)?.({ status: known, durationS });
  }

  /** A stream has begun whose parameters hold the id of a call: whatever became of its request, it was placed. */
  streamBegan(id: string, callSid: string): void {
    this.#lookedFor.get(id)?.(callSid);
  }

  /** How a followed call stands; undefined when that cannot be learned now. @throws OutboundError after too many failures */
  async #lookAt(
    id: string,
    callSid: string,
    attempt: number,
    over: AbortSignal,
  ): Promise<ExotelCall | undefined> {
    const { exotel, clock, log } = this.#o;
    try {
      return await exotel.find(callSid);
    } catch (error) {
      if (over.aborted) return undefined;
      const code = error instanceof ExotelApiError ? error.code : 'unknown';
      log.warn({ outboundId: id, callSid, code, failed: attempt }, 'outbound.statusUnknown');
      if (attempt >= mostFailedLooks) throw asOutbound(error);
      if (error instanceof ExotelApiError && error.retryAfterMs) {
        await delay(clock, Math.min(error.retryAfterMs, longestPauseMs), over);
      }
      return undefined;
    }
  }

  async #mayCall(agent: Agent, number: string): Promise<void> {
    const { hours, days, timeZone, doNotCall, country } = agent.outbound;
    if (!isWithinHours(agent.outbound, this.#o.clock.wallMs())) {
      const when = `${hours} ${timeZone}${days.length > 0 ? `, ${days.join(' ')}` : ''}`;
      throw new OutboundError('outbound.outside-hours', `expected a time within ${when}, found another`);
    }
    if (doNotCall && (await isOnList(number, doNotCall, country))) {
      throw new OutboundError('outbound.do-not-call', 'the number is on the do-not-call list');
    }
  }

  #takePace(agent: Agent): void {
    const own = this.#paceOf.get(agent.name) ?? new Pace(this.#o.clock, agent.outbound.callsPerMinute);
    this.#paceOf.set(agent.name, own);
    const waitMs = Math.max(this.#pace.waitMs, own.waitMs);
    if (waitMs > 0) {
      const most = `${agent.outbound.callsPerMinute} a minute for the agent, ${callsPerMinute} for the process`;
      const message = `expected at most ${most}, found one more; try again in ${Math.ceil(waitMs / 1000)} s`;
      throw new OutboundError('outbound.rate-limited', message, waitMs);
    }
    this.#pace.take();
    own.take();
  }

  /** Only a request that certainly came to nothing is sent again. */
  async #ask(agent: Agent, id: string, request: CallRequest, log: Log): Promise<ExotelCall> {
    const { exotel, clock } = this.#o;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await exotel.connect(request);
      } catch (error) {
        if (!(error instanceof ExotelApiError)) throw error;
        log.warn({ code: error.code, attempt, message: error.message }, 'outbound.failed');
        if (error.isOutcomeUnknown) return this.#lookFor(id, request.from, error, log);
        const mayPass = error.code === 'exotel.rate-limited' || error.code === 'exotel.unreachable';
        const waitMs = error.retryAfterMs ?? pauseMs * attempt;
        if (!mayPass || attempt >= mostAttempts || waitMs > longestPauseMs) throw asOutbound(error);
        await delay(clock, waitMs);
        // the window may have closed meanwhile
        await this.#mayCall(agent, request.from);
      }
    }
  }

  async #lookFor(id: string, number: string, cause: ExotelApiError, log: Log): Promise<ExotelCall> {
    const { clock } = this.#o;
    const arrival = new AbortController();
    let arrivedSid: string | undefined;
    this.#lookedFor.set(id, (callSid) => {
      arrivedSid = callSid;
      arrival.abort();
    });
    try {
      for (const waitMs of lookAfterMs) {
        await delay(clock, waitMs, arrival.signal);
        const found = arrivedSid === undefined ? await this.#look(id, number, log) : answered(arrivedSid);
        if (!found) continue;
        log.info({ callSid: found.sid }, 'outbound.found');
        return found;
      }
    } finally {
      this.#lookedFor.delete(id);
    }
    const message = `${cause.message}; the call may have been placed all the same, and is not placed again`;
    throw new OutboundError('outbound.outcome-unknown', message);
  }

  async #look(id: string, number: string, log: Log): Promise<ExotelCall | undefined> {
    try {
      const calls = await this.#o.exotel.recent(number);
      return calls.find(({ customField }) => isCustomFieldOf(customField, id));
    } catch (error) {
      const code = error instanceof ExotelApiError ? error.code : 'unknown';
      log.warn({ code }, 'outbound.lookFailed');
      return undefined;
    }
  }
}

/** A call whose stream has begun. */
function answered(sid: string): ExotelCall {
  return { sid, status: 'in-progress', customField: undefined, durationS: undefined };
}

function asOutbound(error: unknown): unknown {
  if (!(error instanceof ExotelApiError)) return error;
  return new OutboundError(error.code, error.message, error.retryAfterMs);
}
