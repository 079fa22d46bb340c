import type { Agent } from '../agents/index.ts';
import { createResampler } from '../audio/index.ts';
import type { Sentence } from '../call/index.ts';
import { ExotelWriter, parseExotelFrame, type StartMessage } from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { type PlayoutNotice, PlayoutScheduler, type SharedPlayoutClock } from '../playout/index.ts';
import type { Clock, Timer } from '../time/index.ts';
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
  readonly onOver: (why: 'hungUp' | 'noStart' | 'badStart' | 'waitedTooLong' | 'stopped') => void;
}

/** `arriving`: its start is awaited; `apologising`: there was no room for too long; `left`: it is a call now, or over. */
type State = 'arriving' | 'holding' | 'apologising' | 'closing' | 'left';

/** A caller who waits for room: asked to hold, again and again, for a limited time. */
export class ParkedStream {
  readonly #o: ParkedStreamOptions;
  #state: State = 'arriving';
  #startFrame: Buffer | undefined;
  #line: PlayoutScheduler | undefined;
  #rateHz: StartMessage['sampleRateHz'] = 8000;
  #deadline: Timer | undefined;
  #pause: Timer | undefined;
  #leave: (why: Parameters<ParkedStreamOptions['onOver']>[0]) => void;

  constructor(options: ParkedStreamOptions) {
    this.#o = options;
    this.#leave = (why) => {
      this.#leave = () => undefined;
      options.onOver(why);
    };
    this.#deadline = options.clock.setTimeout(() => this.#close('noStart'), options.agent.limits.startMs);
    options.socket.listen({
      onFrame: (data, isBinary) => this.#read(data, isBinary),
      onClose: () => this.#gone('hungUp'),
    });
  }

  /** Whether it can become a call. */
  get isHolding(): boolean {
    return this.#state === 'holding';
  }

  /** Ends the waiting: the socket as a call wants it, with the start still to come. Undefined when it cannot be one. */
  release(): FrameSocket | undefined {
    const { socket } = this.#o;
    const startFrame = this.#startFrame;
    if (this.#state !== 'holding' || !startFrame) return undefined;
    this.#quieten('flush');
    this.#state = 'left';
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
    if (this.#state === 'holding') this.#apologise();
    else this.#close('stopped');
  }

  /** Ends it at once. */
  stop(): void {
    this.#close('stopped');
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (this.#state !== 'arriving' && this.#state !== 'holding') return;
    const message = parseExotelFrame(data, isBinary);
    if (message.kind === 'stop') this.#close('hungUp');
    else if (message.kind === 'mark') this.#line?.markReturned(message.name.replace(/^hold\./, ''));
    else if (this.#state !== 'arriving') return;
    else if (message.kind === 'problem') this.#close('badStart');
    else if (message.kind === 'start') this.#hold(message, data);
  }

  #hold(start: StartMessage, frame: Buffer): void {
    const { expectedCallSid, agent, clock, onHolding } = this.#o;
    if (expectedCallSid !== undefined && start.callSid !== expectedCallSid) return this.#close('badStart');
    this.#state = 'holding';
    this.#startFrame = Buffer.from(frame);
    this.#line = this.#openLine(start);
    clock.clearTimeout(this.#deadline);
    this.#deadline = clock.setTimeout(() => this.#apologise(), agent.overload.longestParkedMs);
    onHolding(start);
    this.#line.answer();
    this.#say(this.#o.pleaseHold);
  }

  #apologise(): void {
    const { clock, apology } = this.#o;
    const line = this.#line;
    if (this.#state !== 'holding' || !line) return;
    this.#state = 'apologising';
    clock.clearTimeout(this.#pause);
    clock.clearTimeout(this.#deadline);
    this.#deadline = clock.setTimeout(() => this.#close('waitedTooLong'), longestApologyMs);
    line.flush();
    this.#say(apology);
  }

  #heard(): void {
    if (this.#state === 'apologising') return this.#close('waitedTooLong');
    const { clock, agent } = this.#o;
    this.#pause = clock.setTimeout(() => {
      if (this.#state === 'holding') this.#say(this.#o.pleaseHold);
    }, agent.overload.pauseMs);
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
        this.#close('stopped');
      },
    });
  }

  #obey(notice: PlayoutNotice): void {
    if (notice === 'filled') this.#line?.play();
    else if (notice === 'heardAll') this.#heard();
  }

  #say({ samples, sampleRateHz }: Sentence): void {
    const resampler = createResampler(sampleRateHz, this.#rateHz);
    const spoken = resampler.push(samples).slice();
    resampler.dispose();
    this.#line?.say(spoken);
  }

  #quieten(how: 'flush' | 'stop'): void {
    const { clock } = this.#o;
    clock.clearTimeout(this.#deadline);
    clock.clearTimeout(this.#pause);
    if (how === 'flush') this.#line?.flush();
    this.#line?.dispose();
    this.#line = undefined;
  }

  #close(why: Parameters<ParkedStreamOptions['onOver']>[0]): void {
    if (this.#state === 'left' || this.#state === 'closing') return;
    const { socket, clock } = this.#o;
    this.#quieten('stop');
    this.#state = 'closing';
    socket.close(why === 'badStart' ? 1007 : 1000, '');
    this.#leave(why);
    this.#deadline = clock.setTimeout(() => socket.terminate(), closeMs);
  }

  #gone(why: 'hungUp'): void {
    this.#o.clock.clearTimeout(this.#deadline);
    if (this.#state === 'left') return;
    this.#quieten('stop');
    this.#state = 'left';
    this.#leave(why);
  }
}
