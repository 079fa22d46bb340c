import type { ExotelWireReport } from '../../machines/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import { type FrameSocket, PeerFlood } from '../wire/index.ts';
import {
  type ExotelMessage,
  type ExotelProblem,
  ExotelWriter,
  type MediaMessage,
  maxInboundFrameBytes,
  parseExotelFrame,
  type StartMessage,
} from './codec/index.ts';

/** Frames that could not be read before the stream is given up. */
const maxBadFrames = 50;
/** Media messages kept that came before `start`; the oldest is dropped first. */
const maxEarlyMedia = 50;
/** Bytes waiting to be sent beyond which the carrier is not fed: over ten seconds of a call at 8 kHz. */
const maxBufferedBytes = 256 * 1024;
/** How long the carrier may take no data before the line counts as failed, ms. */
const longestStuckMs = 10_000;

/** What the wire counts: for metrics and the record. */
export type ExotelCount =
  | 'badFrame'
  | 'ignoredField'
  | 'unknownEvent'
  | 'earlyMedia'
  | 'repeatedStart'
  | 'droppedMedia'
  | 'stuckCarrier'
  | 'flood';

/** What an Exotel wire is built from. */
export interface ExotelWireOptions {
  readonly socket: FrameSocket;
  readonly clock: Clock;
  readonly log: Log;
  /** The only call that may come over this stream, when that is known. */
  readonly expectedCallSid?: string | undefined;
  /** Told once, before the first audio. */
  readonly onStart: (start: StartMessage) => void;
  /** The caller's audio, mono at the rate of `start`; the samples may be kept. */
  readonly onAudio: (pcm: Int16Array) => void;
  readonly onMark: (name: string) => void;
  readonly count?: (what: ExotelCount, amount: number) => void;
}

/** One Exotel stream: reads its frames tolerantly, writes strictly, and reports what a chart should know. */
export class ExotelWire {
  readonly #o: ExotelWireOptions;
  #report: ((report: ExotelWireReport) => void) | undefined;
  #writer: ExotelWriter | undefined;
  #early: MediaMessage[] = [];
  #badFrames = 0;
  #isClosing = false;
  #hasStopped = false;
  #stuck: Timer | undefined;
  #goodbye: { readonly code: number; readonly reason: string } = { code: 1000, reason: '' };

  constructor(options: ExotelWireOptions) {
    this.#o = options;
  }

  /** Begins to read; `report` is told what the Exotel link's chart reacts to. */
  open(report: (report: ExotelWireReport) => void): void {
    this.#report = report;
    this.#o.socket.listen({
      onFrame: (data, isBinary) => this.#read(data, isBinary),
      onError: (error) => this.#broken(error),
      onClose: (code) => {
        this.#o.log.info({ code }, 'exotel.socketClosed');
        this.#tell({ type: 'wire.closed', code });
      },
    });
  }

  /** Sends agent audio at the call's rate; whole frames of 320 bytes. Nothing is sent before `start`. */
  media(pcm: Int16Array): void {
    if (!this.#writer || this.#isClosing || this.#hasStopped) return;
    if (!this.takesData) {
      this.#o.count?.('droppedMedia', pcm.length);
      return;
    }
    this.#o.socket.send(this.#writer.media(pcm));
  }

  /** False while the carrier leaves too much unread: it is not fed then, and given up after 10 s. */
  get takesData(): boolean {
    if (this.#o.socket.bufferedBytes <= maxBufferedBytes) {
      if (this.#stuck) this.#o.clock.clearTimeout(this.#stuck);
      this.#stuck = undefined;
      return true;
    }
    if (!this.#stuck && !this.#isClosing) {
      this.#o.count?.('stuckCarrier', 1);
      this.#stuck = this.#o.clock.setTimeout(() => this.#giveUpStuck(), longestStuckMs);
    }
    return false;
  }

  /** Asks the carrier to say when everything sent before has been heard. */
  mark(name: string): void {
    if (this.#writer && !this.#isClosing && !this.#hasStopped) this.#o.socket.send(this.#writer.mark(name));
  }

  /** Drops what the carrier has queued and not begun to play. */
  clear(): void {
    if (this.#writer && !this.#isClosing && !this.#hasStopped) this.#o.socket.send(this.#writer.clear());
  }

  /** Says `stop` ahead of the close; no audio follows it. */
  stop(): void {
    if (!this.#writer || this.#isClosing) return;
    this.#o.socket.send(this.#writer.stop());
    this.#hasStopped = true;
  }

  /** Starts the closing handshake; the code is 1000 unless the peer broke the protocol. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const { code, reason } = this.#goodbye;
    this.#o.clock.clearTimeout(this.#stuck);
    this.#o.socket.close(code, reason);
  }

  /** Drops the connection; nothing is reported after it. */
  dispose(): void {
    this.#isClosing = true;
    this.#report = undefined;
    this.#early = [];
    this.#o.clock.clearTimeout(this.#stuck);
    this.#o.socket.terminate();
  }

  /** Drops the connection and lets the close be reported. */
  drop(): void {
    this.#isClosing = true;
    this.#o.socket.terminate();
  }

  #tell(report: ExotelWireReport): void {
    this.#report?.(report);
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (this.#isClosing) return;
    const message = parseExotelFrame(data, isBinary);
    if (message.kind === 'problem') this.#reject(message);
    else this.#take(message);
  }

  #take(message: ExotelMessage): void {
    if (message.ignored.count > 0) this.#o.count?.('ignoredField', message.ignored.count);
    switch (message.kind) {
      case 'media':
        return this.#takeMedia(message);
      case 'start':
        return this.#takeStart(message);
      case 'mark':
        return this.#o.onMark(message.name);
      case 'dtmf':
        return this.#tell({ type: 'wire.digit', digit: message.digit });
      case 'stop':
        this.#o.log.info({ reason: message.reason }, 'exotel.stopped');
        return this.#tell({ type: 'wire.stopped' });
      case 'unknown':
        this.#o.count?.('unknownEvent', 1);
        return this.#o.log.debug({ event: message.event }, 'exotel.unknownEvent');
      case 'connected':
      case 'clear':
        return;
    }
  }

  #takeMedia(message: MediaMessage): void {
    if (this.#writer) return this.#o.onAudio(message.pcm);
    this.#o.count?.('earlyMedia', 1);
    if (this.#early.length >= maxEarlyMedia) this.#early.shift();
    this.#early.push(message);
  }

  #takeStart(message: StartMessage): void {
    if (this.#writer) {
      this.#o.count?.('repeatedStart', 1);
      this.#o.log.warn('exotel.repeatedStart');
      return;
    }
    const { expectedCallSid } = this.#o;
    if (expectedCallSid !== undefined && message.callSid !== expectedCallSid) {
      // neither id is told: the other one is somebody else's
      this.#goodbye = { code: 1008, reason: 'this path was given out for another call' };
      const text = 'expected the call that the path was given out for, found another';
      this.#tell({ type: 'wire.faulted', failure: { code: 'exotel.wrong-call', message: text } });
      return;
    }
    this.#writer = new ExotelWriter(message.streamSid, message.sampleRateHz);
    this.#o.onStart(message);
    this.#tell({ type: 'wire.started', sampleRateHz: message.sampleRateHz });
    const early = this.#early;
    this.#early = [];
    for (const media of early) this.#o.onAudio(media.pcm);
  }

  /** The WebSocket layer refuses a frame and closes by itself: 1009 for one that is too large. */
  #broken(error: Error): void {
    this.#o.log.warn({ message: error.message }, 'exotel.socketError');
    if (error instanceof PeerFlood) {
      this.#o.count?.('flood', 1);
      this.#tell({ type: 'wire.faulted', failure: { code: 'exotel.flood', message: error.message } });
      return;
    }
    const cause = 'code' in error ? String(error.code) : '';
    if (cause === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      const message = `expected at most ${maxInboundFrameBytes} bytes, found a larger frame`;
      this.#tell({ type: 'wire.faulted', failure: { code: 'exotel.frame.too-large', message } });
    } else if (cause.startsWith('WS_ERR_')) {
      const message = `expected WebSocket frames, found a broken one: ${error.message}`;
      this.#tell({ type: 'wire.faulted', failure: { code: 'exotel.frame.broken', message } });
    }
  }

  #giveUpStuck(): void {
    const { bufferedBytes } = this.#o.socket;
    if (bufferedBytes <= maxBufferedBytes) return;
    const message = `expected a carrier that reads, found ${bufferedBytes} bytes unread for ${longestStuckMs} ms`;
    this.#tell({ type: 'wire.faulted', failure: { code: 'exotel.stuck', message } });
  }

  #reject({ code, event, field, expected, found }: ExotelProblem): void {
    this.#badFrames += 1;
    this.#o.count?.('badFrame', 1);
    this.#o.log.warn({ code, event, field, expected, found }, 'exotel.badFrame');
    // before `start` a peer that cannot speak the protocol is not Exotel; a live call is not cut for one bad frame
    if (this.#writer && this.#badFrames < maxBadFrames) return;
    if (!this.#writer) this.#goodbye = { code: 1007, reason: 'expected Exotel messages: JSON text frames' };
    const message = `expected ${expected}, found ${found}${field ? ` in ${field}` : ''}`;
    this.#tell({ type: 'wire.faulted', failure: { code, message } });
  }
}
