import { type Actor, createActor } from 'xstate';
import { type ParkingEnd, type ParkingEvent, parkingMachine } from '../../machines/index.ts';
import type { Agent } from '../agents/index.ts';
import { createResampler } from '../audio/index.ts';
import type { Sentence } from '../call/index.ts';
import { ExotelWriter, parseExotelFrame, type StartMessage } from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { type PlayoutNotice, PlayoutScheduler, type SharedPlayoutClock } from '../playout/index.ts';
import type { Clock } from '../time/index.ts';
import type { FrameSocket } from '../wire/index.ts';

/** Longest apology, ms; and the closing handshake has no longer than the second. */
const longestApologyMs = 15_000;
const closeMs = 2000;

/** What a parked stream is made of. */
export interface ParkedStreamOptions {
  readonly socket: FrameSocket;
  readonly clock: Clock;
  readonly sharedClock: SharedPlayoutClock;
  readonly log: Log;
  readonly agent: Agent;
  readonly pleaseHold: Sentence;
  readonly apology: Sentence;
  readonly expectedCallSid: string | undefined;
  /** The stream has started: the caller is being asked to hold. */
  readonly onHolding: (start: StartMessage) => void;
  /** Told once when it is over without having become a call: why, in a word for the log. */
  readonly onOver: (why: ParkingEnd) => void;
}

/** A caller who waits for room: asked to hold, again and again, for a limited time. */
export class ParkedStream {
  readonly #o: ParkedStreamOptions;
  readonly #chart: Actor<typeof parkingMachine>;
  #startFrame: Buffer | undefined;
  #line: PlayoutScheduler | undefined;
  #rateHz: StartMessage['sampleRateHz'] = 8000;

  constructor(options: ParkedStreamOptions) {
    const { socket, clock, agent } = options;
    this.#o = options;
    this.#chart = createActor(this.#provided(), {
      clock,
      input: {
        startMs: agent.limits.startMs,
        longestParkedMs: agent.overload.longestParkedMs,
        pauseMs: agent.overload.pauseMs,
        longestApologyMs,
        closeMs,
      },
    });
    this.#chart.start();
    socket.listen({
      onFrame: (data, isBinary) => this.#read(data, isBinary),
      onClose: () => this.#send({ type: 'parking.gone' }),
    });
  }

  /** Whether it can become a call. */
  get isHolding(): boolean {
    return this.#chart.getSnapshot().matches('holding');
  }

  /** Ends the waiting: the socket as a call wants it, with the start still to come. Undefined when it cannot be one. */
  release(): FrameSocket | undefined {
    const { socket } = this.#o;
    const startFrame = this.#startFrame;
    if (!this.isHolding || !startFrame) return undefined;
    this.#send({ type: 'parking.release' });
    return {
      get isOpen() {
        return socket.isOpen;
      },
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
      listen(to) {
        socket.listen(to);
        to.onFrame(startFrame, false);
      },
      send: (frame) => socket.send(frame),
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
    };
  }

  /** Ends it: with the apology when somebody holds, else at once. */
  refuse(): void {
    this.#send({ type: 'parking.refuse' });
  }

  /** Ends it at once. */
  stop(): void {
    this.#send({ type: 'parking.stop' });
  }

  #provided() {
    const { socket, pleaseHold, apology, onOver } = this.#o;
    return parkingMachine.provide({
      actions: {
        askToHold: () => this.#say(pleaseHold),
        apologise: () => {
          this.#line?.flush();
          this.#say(apology);
        },
        handOver: () => this.#line?.flush(),
        quieten: () => this.#quieten(),
        dropLine: () => socket.terminate(),
        closeLine: (_, { how }) => socket.close(how === 'asBadStart' ? 1007 : 1000, ''),
        tellOver: (_, { why }) => onOver(why),
      },
    });
  }

  /** A stream that is a call now, or over, is told nothing any more. */
  #send(event: ParkingEvent): void {
    if (this.#chart.getSnapshot().status === 'active') this.#chart.send(event);
  }

  #read(data: Buffer, isBinary: boolean): void {
    const now = this.#chart.getSnapshot();
    if (now.status !== 'active' || now.matches('closing')) return;
    const isArriving = now.matches('arriving');
    const message = parseExotelFrame(data, isBinary);
    if (message.kind === 'stop') this.#send({ type: 'parking.hungUp' });
    else if (message.kind === 'mark') this.#line?.markReturned(message.name.replace(/^hold\./, ''));
    else if (isArriving && message.kind === 'problem') this.#send({ type: 'parking.badStart' });
    else if (isArriving && message.kind === 'start') this.#hold(message, data);
  }

  #hold(start: StartMessage, frame: Buffer): void {
    const { expectedCallSid, onHolding } = this.#o;
    if (expectedCallSid !== undefined && start.callSid !== expectedCallSid) {
      return this.#send({ type: 'parking.badStart' });
    }
    this.#startFrame = Buffer.from(frame);
    this.#line = this.#openLine(start);
    this.#line.answer();
    this.#send({ type: 'parking.started' });
    onHolding(start);
  }

  #openLine({ streamSid, sampleRateHz }: StartMessage): PlayoutScheduler {
    const { socket, clock, sharedClock, agent, log } = this.#o;
    const writer = new ExotelWriter(streamSid, sampleRateHz);
    this.#rateHz = sampleRateHz;
    return new PlayoutScheduler({
      clock,
      sharedClock,
      policy: { ...agent.playout, start: 'stream' },
      callRateHz: sampleRateHz,
      modelRateHz: sampleRateHz,
      carrier: {
        media: (pcm) => void socket.send(writer.media(pcm)),
        // names of their own: such a mark may come back when the stream is a call already
        mark: (name) => void socket.send(writer.mark(`hold.${name}`)),
        clear: () => void socket.send(writer.clear()),
        takesData: true,
      },
      notify: (notice) => this.#obey(notice),
      failed: (error) => {
        log.error({ code: 'parking.defect', message: String(error) }, 'call.failed');
        this.stop();
      },
    });
  }

  #obey(notice: PlayoutNotice): void {
    if (notice === 'filled') this.#line?.play();
    else if (notice === 'heardAll') this.#send({ type: 'parking.heardAll' });
  }

  #say({ samples, sampleRateHz }: Sentence): void {
    const resampler = createResampler(sampleRateHz, this.#rateHz);
    const spoken = resampler.push(samples).slice();
    resampler.dispose();
    this.#line?.say(spoken);
  }

  #quieten(): void {
    this.#line?.dispose();
    this.#line = undefined;
  }
}
