import type { Agent } from '../agents/index.ts';
import type { CallLedger, CallObserver, Sentence } from '../call/index.ts';
import type { Log } from '../observe/index.ts';
import type { SharedPlayoutClock } from '../playout/index.ts';
import type { Clock } from '../time/index.ts';
import { type FrameSocket, floodGuarded } from '../wire/index.ts';
import { Admission, type AdmissionLimits } from './admission.ts';
import type { LoopLag } from './loop-lag.ts';
import { ParkedStream } from './parked-stream.ts';
import { Parking } from './parking.ts';
import type { Refusal } from './refusal.ts';

/** What one stream of Exotel may send: Exotel sends 50 messages a second of one KiB or two, after a stall at once. */
const streamFlood = { perSecond: 400, burst: 4000 };

/** A stream that may come in, and what is known of it. */
export interface Arrival {
  readonly agent: Agent;
  /** Where it comes from; undefined in memory. */
  readonly client: string | undefined;
  /** The only call that may come over it, when its path says so. */
  readonly callSid: string | undefined;
  /** The upgrade's name in the log; undefined in memory. */
  readonly requestId?: string | undefined;
}

/** What arrivals are handled with. */
export interface ArrivalsOptions {
  readonly clock: Clock;
  readonly sharedClock: SharedPlayoutClock;
  readonly log: Log;
  readonly ledger: CallLedger;
  readonly limits: AdmissionLimits;
  readonly loopLag: LoopLag;
  readonly apologyFor: (agent: Agent) => Sentence;
  readonly pleaseHoldFor: (agent: Agent) => Sentence;
  /** Makes a call of a stream. */
  readonly answer: (arrival: Arrival, socket: FrameSocket) => void;
}

/** Streams between the door and their call: counted, parked when there is no room, or refused. */
export class Arrivals {
  readonly #o: ArrivalsOptions;
  readonly #admission: Admission;
  readonly #parking: Parking;

  constructor(options: ArrivalsOptions) {
    const { clock, limits, loopLag } = options;
    this.#o = options;
    this.#admission = new Admission(limits, loopLag);
    this.#parking = new Parking(clock, limits.maxParked, (agent) => !this.#admission.shortage(agent));
  }

  /** Callers who wait for room. */
  get parked(): number {
    return this.#parking.size;
  }

  /** What takes the stream of an arrival, or why there is no place for it: then Exotel's flow goes on. */
  receive(arrival: Arrival): Refusal | ((socket: FrameSocket) => void) {
    const { agent, client } = arrival;
    if (client !== undefined && this.#admission.isFlooding(client)) {
      const reason = 'too many streams of this address have not started';
      return { status: 429, reason, headers: { 'retry-after': '20' } };
    }
    const shortage = this.#admission.shortage(agent);
    if (!shortage) return (socket) => this.#o.answer(arrival, this.#guarded(socket));
    if (agent.overload.answer === 'park' && !this.#parking.isFull) {
      return (socket) => this.#park(arrival, this.#guarded(socket), shortage);
    }
    const isParkingFull = agent.overload.answer === 'park' ? '; as many as may wait already do' : '';
    return {
      status: 503,
      reason: `there is no room: ${shortage}${isParkingFull}`,
      headers: { 'retry-after': '10' },
    };
  }

  /** What counts a call and tells the ledger of it. */
  observe(callId: string, { agent, client }: Arrival): CallObserver {
    const { ledger } = this.#o;
    let callSid: string | undefined;
    this.#admission.enter(callId, agent.name, client);
    return {
      started: (parties) => {
        callSid = parties.callSid;
        this.#admission.started(callId);
        ledger.open(callSid, agent.name, callId);
      },
      // the flow's Connect applet may ask before the end of the call has got round here
      transferring: (number) => {
        if (callSid !== undefined) ledger.transferTo(callSid, number);
      },
      branching: (branch) => {
        if (callSid !== undefined) ledger.branchTo(callSid, branch);
      },
      ended: ({ outcome }) => {
        if (callSid !== undefined) ledger.close(callSid, outcome);
      },
    };
  }

  /** A call is over, or could not be built. */
  left(callId: string): void {
    this.#admission.leave(callId);
    this.#parking.offerRoom();
  }

  /** No parked caller is waited for any longer: they hear the apology, or nothing. */
  clearParking(how: 'apologise' | 'at once'): void {
    this.#parking.clear(how);
  }

  #guarded(socket: FrameSocket): FrameSocket {
    return floodGuarded(socket, this.#o.clock, streamFlood);
  }

  #park(arrival: Arrival, socket: FrameSocket, shortage: string): void {
    const { clock, sharedClock, ledger, apologyFor, pleaseHoldFor, answer } = this.#o;
    const { agent, callSid: expectedCallSid } = arrival;
    const log = this.#o.log.child({ agent: agent.name, requestId: arrival.requestId });
    const sinceMs = clock.nowMs();
    const waitedMs = (): number => Math.round(clock.nowMs() - sinceMs);
    let callSid: string | undefined;
    log.warn({ reason: shortage }, 'call.parked');
    const stream = new ParkedStream({
      socket,
      clock,
      sharedClock,
      log,
      agent,
      pleaseHold: pleaseHoldFor(agent),
      apology: apologyFor(agent),
      expectedCallSid,
      onHolding: (start) => {
        callSid = start.callSid;
        ledger.open(callSid, agent.name);
        this.#parking.offerRoom();
      },
      onOver: (why) => {
        leave();
        if (callSid !== undefined) ledger.close(callSid, why === 'hungUp' ? 'callerHungUp' : 'refused');
        log.info({ callSid, why, waitedMs: waitedMs() }, 'call.parkingOver');
      },
    });
    const leave = this.#parking.add({
      agent,
      stream,
      answer: (released) => {
        log.info({ callSid, waitedMs: waitedMs() }, 'call.unparked');
        answer(arrival, released);
      },
    });
  }
}
