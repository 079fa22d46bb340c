import type { Chance, Clock } from '../../time/index.ts';
import { AUDIBLE_DBOV } from './audible-runs.ts';
import type { Violation } from './bot-message.ts';
import { type CallIdentity, type CallTarget, exotelSid, readAddress, writeNumber } from './call-identity.ts';
import { CallerWaits } from './caller-waits.ts';
import { type Dial, dialWebSocket } from './dial.ts';
import { DuplicateConnection, type DuplicateReport } from './duplicate-connection.ts';
import { Ear, type ReceivedMedia, type Underrun } from './ear.ts';
import { ExotelWriter } from './exotel-writer.ts';
import { type CloseReport, Line, type LineOptions } from './line.ts';
import { completeProfile, type ExotelProfile } from './profile.ts';
import { CallTrack, SampleTrack } from './sample-track.ts';
import { audibleEnds, clipAtRate, type SpeechClip } from './speech-clip.ts';
import { Uplink } from './uplink.ts';
import { type Utterance, Voice } from './voice.ts';
import { Watch } from './watch.ts';

export interface SimulatedCallerOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** The stream address as configured at Exotel: ws:// or wss://, with credentials and query if any. */
  readonly address: string;
  /** By default a WebSocket over the network; return one side of a pair to stay in memory. */
  readonly dial?: Dial;
  readonly profile?: Partial<ExotelProfile>;
  readonly from?: string;
  readonly to?: string;
  readonly accountSid?: string;
  /** Longest recording of each side; what comes later is heard but not kept. */
  readonly trackLimitMs?: number;
  /** More audio queued than this is a violation. */
  readonly queueLimitMs?: number;
  /** RMS level from which on the agent counts as audible. */
  readonly audibleDbov?: number;
  readonly onEvent?: (event: CallerEvent) => void;
}

/** Something that happened on the caller's side, for a log or a display; `atMs` is call time, 0 before the stream. */
export interface CallerEvent {
  readonly atMs: number;
  readonly kind:
    | 'dialled'
    | 'retried'
    | 'fault'
    | 'started'
    | 'firstMedia'
    | 'mark'
    | 'markReturned'
    | 'markLost'
    | 'clear'
    | 'bridgeStop'
    | 'saying'
    | 'said'
    | 'digit'
    | 'hungUp'
    | 'ended';
  readonly detail: string;
}

export interface SayOptions {
  /** Call time of the first sample; by default, and at the earliest, now. */
  readonly atMs?: number;
  readonly gainDb?: number;
  /** Called once the last sample has been sent. */
  readonly onDone?: () => void;
}

/** Events kept for reading afterwards; later ones still reach `onEvent`. */
const MAX_KEPT_EVENTS = 50_000;

/**
 * A person with a phone behind Exotel's side of the stream.
 *
 * Call time is milliseconds since the stream started; sample 0 of both tracks is that moment. All time comes from the
 * injected clock, all chance from the injected chance, so a call can repeat exactly.
 */
export class SimulatedCaller {
  readonly profile: ExotelProfile;
  readonly identity: CallIdentity;
  /** What the caller heard: played audio, silence where the queue was empty. */
  readonly heard: CallTrack;
  /** What the caller's side sent, echo and noise included. */
  readonly spoken: CallTrack;
  readonly wait: CallerWaits;
  readonly events: CallerEvent[] = [];
  readonly #options: SimulatedCallerOptions;
  readonly #target: CallTarget;
  readonly #writer: ExotelWriter;
  readonly #ear: Ear;
  readonly #voice: Voice;
  readonly #watch: Watch;
  readonly #line: Line;
  readonly #spokenTrack: SampleTrack;
  #state: 'idle' | 'dialling' | 'streaming' | 'leaving' | 'ended' = 'idle';
  #dialledClockMs = 0;
  #startClockMs: number | undefined;
  #endMs: number | undefined;
  #ringingMs: number | undefined;
  #endedBy: CloseReport['by'] = 'bridge';
  #close: CloseReport | undefined;
  #uplink: Uplink | undefined;
  #isAnnounced = false;
  #duplicate: DuplicateConnection | undefined;

  /** Throws a RangeError that names a bad address, number or profile value. */
  constructor(options: SimulatedCallerOptions) {
    const { clock, chance, trackLimitMs = 3_600_000 } = options;
    this.#options = options;
    this.profile = completeProfile(options.profile);
    const { target, sampleRateHz, customParameters } = readAddress(options.address, this.profile);
    this.#target = target;
    this.identity = {
      streamSid: exotelSid(chance),
      callSid: exotelSid(chance),
      accountSid: options.accountSid ?? 'acmeclinic1',
      from: writeNumber(options.from ?? '09000000001', this.profile.numbers),
      to: writeNumber(options.to ?? '08000000002', this.profile.numbers),
      sampleRateHz,
      customParameters,
    };
    this.#writer = new ExotelWriter(this.profile, this.identity);
    this.#voice = new Voice(sampleRateHz);
    this.#ear = new Ear({
      clock,
      chance,
      profile: this.profile,
      sampleRateHz,
      streamSid: this.identity.streamSid,
      trackLimitMs,
      queueLimitMs: options.queueLimitMs ?? Number.POSITIVE_INFINITY,
      audibleDbov: options.audibleDbov ?? AUDIBLE_DBOV,
      nowMs: () => this.nowMs,
      returnMark: (name) => this.#returnMark(name),
      report: (kind, detail) => this.#hear(kind, detail),
      closeForBreach: (code, reason) => this.#closeForBreach(code, reason),
    });
    this.#spokenTrack = new SampleTrack((trackLimitMs * sampleRateHz) / 1000);
    this.heard = new CallTrack(this.#ear.track, sampleRateHz, () => this.#ear.playhead);
    this.spoken = new CallTrack(this.#spokenTrack, sampleRateHz, () => this.#uplink?.nextSample ?? 0);
    this.#watch = new Watch(
      clock,
      () => this.describe(),
      () => this.#state === 'ended',
    );
    this.wait = new CallerWaits({
      watch: this.#watch,
      ear: this.#ear,
      sampleRateHz,
      nowMs: () => this.nowMs,
      isStreaming: () => this.#isAnnounced,
      closeReport: () => this.#close,
    });
    this.#line = new Line({
      ...this.#lineOptions(),
      listener: {
        onOpen: () => this.#begin(),
        onText: (text) => this.#receive(() => this.#ear.receiveText(text), text),
        onBinary: (bytes) => this.#receive(() => this.#ear.receiveBinary(bytes), `${bytes} bytes`),
        onRetry: (why) => this.#note('retried', why),
        onError: (message) => this.#note('fault', message),
        onEnd: ({ code, reason, wasOpen }) => this.#end(code, reason, wasOpen),
      },
    });
  }

  get state(): 'idle' | 'dialling' | 'streaming' | 'leaving' | 'ended' {
    return this.#state;
  }

  /** Call time: ms since the stream started, standing still once the call is over; 0 before. */
  get nowMs(): number {
    if (this.#startClockMs === undefined) return 0;
    return this.#endMs ?? this.#options.clock.nowMs() - this.#startClockMs;
  }

  /** The clock's time at call time 0. */
  get startClockMs(): number | undefined {
    return this.#startClockMs;
  }

  /** Call time of the first media, until which the caller hears ringing. */
  get ringingMs(): number | undefined {
    return this.#ringingMs;
  }

  get received(): readonly ReceivedMedia[] {
    return this.#ear.received;
  }

  get underruns(): readonly Underrun[] {
    return this.#ear.underruns;
  }

  get violations(): readonly Violation[] {
    return this.#ear.violations;
  }

  /** Audio waiting to be played now, and the most there ever was. */
  get queue(): { readonly nowMs: number; readonly maxMs: number } {
    return { nowMs: this.#ear.queuedMs, maxMs: this.#ear.maxQueueMs };
  }

  /** Call time at which each uplink frame was sent. */
  get frameSentMs(): readonly number[] {
    return this.#uplink?.sentMs ?? [];
  }

  get closeReport(): CloseReport | undefined {
    return this.#close;
  }

  /** The second connection, when the profile asks for one. */
  get duplicate(): DuplicateReport | undefined {
    return this.#duplicate?.report;
  }

  /** Stretches in which the agent was audible, in call ms. */
  get agentAudible(): readonly { readonly fromMs: number; readonly toMs: number }[] {
    this.#ear.listen();
    return this.#ear.audible.runs.map(({ fromSample, toSample }) => ({
      fromMs: this.#toMs(fromSample),
      toMs: this.#toMs(toSample),
    }));
  }

  /** Dials the address. Throws when the caller has dialled before. */
  call(): void {
    if (this.#state !== 'idle')
      throw new Error(`call: expected a caller that never dialled, found ${this.#state}`);
    this.#state = 'dialling';
    this.#dialledClockMs = this.#options.clock.nowMs();
    this.#note('dialled', this.#target.url);
    this.#line.open();
  }

  /** Says a clip, or samples at the call's rate, mixed into the uplink. Throws unless the stream runs. */
  say(speech: SpeechClip | Int16Array, options: SayOptions = {}): Utterance {
    const uplink = this.#running('say');
    const { sampleRateHz } = this.identity;
    const clip = speech instanceof Int16Array ? { samples: speech, sampleRateHz } : speech;
    const samples = clipAtRate(clip, sampleRateHz, options.gainDb ?? 0);
    const earliest = Math.max(uplink.nextSample, this.#toSample(this.nowMs));
    const fromSample = Math.max(earliest, this.#toSample(options.atMs ?? 0));
    let isSaid = false;
    this.#voice.schedule({
      fromSample,
      samples,
      onSaid: () => {
        isSaid = true;
        this.#note('said', `${this.#toMs(samples.length)} ms`);
        options.onDone?.();
      },
    });
    const audible = audibleEnds(samples, sampleRateHz);
    this.#note('saying', `${this.#toMs(samples.length)} ms from ${this.#toMs(fromSample)} ms`);
    return {
      onsetMs: this.#toMs(fromSample),
      endMs: this.#toMs(fromSample + samples.length),
      speechOnsetMs: this.#toMs(fromSample + audible.fromSample),
      speechEndMs: this.#toMs(fromSample + audible.toSample),
      get isSaid() {
        return isSaid;
      },
    };
  }

  /** Presses a key: 0 to 9, * or #. Throws unless the stream runs. */
  pressDigit(digit: string, durationMs = 120): void {
    this.#running('pressDigit');
    if (!/^[0-9*#]$/.test(digit)) throw new RangeError(`digit: expected 0 to 9, * or #, found "${digit}"`);
    this.#line.send(this.#writer.dtmf(digit, durationMs));
    this.#note('digit', digit);
  }

  /** Ends the call as Exotel reports it: `stop`, then the connection drops. */
  hangUp(): void {
    if (this.#state === 'dialling') this.dropLine();
    else this.#leave('caller');
  }

  /** Loses the line: the connection drops with no `stop`. */
  dropLine(): void {
    if (this.#state === 'idle' || this.#state === 'ended') return;
    this.#endedBy = 'caller';
    this.#silence();
    this.#line.drop();
  }

  /** One line about how things stand, as it appears in errors. */
  describe(): string {
    const last = this.agentAudible.at(-1);
    return [
      `the call is ${this.#state} at ${Math.round(this.nowMs)} ms`,
      `${this.#ear.mediaCount} media messages received`,
      `${Math.round(this.#ear.queuedMs)} ms queued`,
      last ? `agent last audible at ${Math.round(last.toMs)} ms` : 'agent never audible',
      this.#close
        ? `closed ${this.#close.code} "${this.#close.reason}" by ${this.#close.by}`
        : 'connection not closed',
    ].join(', ');
  }

  #begin(): void {
    const { clock, chance } = this.#options;
    const { profile } = this;
    this.#state = 'streaming';
    this.#startClockMs = clock.nowMs();
    this.#line.send(this.#writer.connected());
    if (profile.framesBeforeStart === 0) this.#announce();
    this.#uplink = new Uplink({
      clock,
      chance,
      profile,
      sampleRateHz: this.identity.sampleRateHz,
      startClockMs: this.#startClockMs,
      voice: this.#voice,
      heard: this.#ear.track,
      spoken: this.#spokenTrack,
      send: (frame, index, endMs) => this.#sendFrame(frame, index, endMs),
    });
    this.#uplink.start();
    const { duplicateStartAtMs, secondConnectionAtMs } = profile;
    if (duplicateStartAtMs !== undefined)
      this.#later(duplicateStartAtMs, () => this.#line.send(this.#writer.start()));
    if (secondConnectionAtMs !== undefined) this.#later(secondConnectionAtMs, () => this.#connectAgain());
    this.#watch.look();
  }

  #announce(): void {
    this.#isAnnounced = true;
    this.#line.send(this.#writer.start());
    this.#note('started', this.identity.streamSid);
  }

  #connectAgain(): void {
    this.#duplicate = new DuplicateConnection(
      this.#lineOptions(),
      new ExotelWriter(this.profile, this.identity),
      () => this.nowMs,
    );
  }

  #sendFrame(frame: Int16Array, index: number, endMs: number): void {
    this.#line.send(this.#writer.media(frame, endMs));
    this.#duplicate?.sendMedia(frame, endMs);
    if (!this.#isAnnounced && index + 1 >= this.profile.framesBeforeStart) this.#announce();
    if (endMs >= this.profile.maxStreamMs) this.#leave('exotel');
  }

  #receive(understand: () => void, found: string): void {
    if (this.#isAnnounced) understand();
    else this.#ear.complain('before-start', 'nothing before start was sent', found);
  }

  #hear(kind: 'clear' | 'mark' | 'markLost' | 'firstMedia' | 'bridgeStop', detail = ''): void {
    if (kind === 'firstMedia') this.#ringingMs = this.nowMs;
    this.#note(kind, detail);
  }

  #returnMark(name: string): void {
    this.#line.send(this.#writer.mark(name));
    this.#note('markReturned', name);
  }

  #closeForBreach(code: number, reason: string): void {
    if (this.#state !== 'streaming') return;
    this.#state = 'leaving';
    this.#endedBy = 'exotel';
    this.#silence();
    this.#line.close(code, reason);
  }

  #leave(by: CloseReport['by']): void {
    if (this.#state !== 'streaming') return;
    this.#state = 'leaving';
    this.#endedBy = by;
    this.#note('hungUp', by);
    this.#line.send(this.#writer.stop());
    this.#silence();
    this.#options.clock.setTimeout(() => this.#line.dropAfterSent(), this.profile.dropAfterStopMs);
  }

  /** Nothing more is said or heard; call time stands still. */
  #silence(): void {
    this.#uplink?.stop();
    this.#ear.stop();
    this.#duplicate?.drop();
    this.#endMs ??= this.#startClockMs === undefined ? undefined : this.nowMs;
  }

  #end(code: number, reason: string, wasOpen: boolean): void {
    this.#silence();
    this.#state = 'ended';
    const atMs = wasOpen ? this.nowMs : this.#options.clock.nowMs() - this.#dialledClockMs;
    this.#close = { code, reason, by: this.#endedBy, phase: wasOpen ? 'streaming' : 'dialling', atMs };
    this.#note('ended', `${code} ${reason}`.trim());
    this.#watch.look();
  }

  #later(atMs: number, act: () => void): void {
    this.#options.clock.setTimeout(() => {
      if (this.#state === 'streaming') act();
    }, atMs);
  }

  #running(what: string): Uplink {
    if (this.#state !== 'streaming' || !this.#uplink) {
      throw new Error(`${what}: expected a running stream, found a call that is ${this.#state}`);
    }
    return this.#uplink;
  }

  #lineOptions(): Omit<LineOptions, 'listener'> {
    const { clock, chance, dial = dialWebSocket } = this.#options;
    const { handshakeLimitMs, handshakeRetries, uplinkJitterMs, downlinkJitterMs, answersPings } =
      this.profile;
    const { url, headers } = this.#target;
    return {
      clock,
      chance,
      dial: () => dial(url, { headers, answersPings }),
      handshakeLimitMs,
      handshakeRetries,
      uplinkJitterMs,
      downlinkJitterMs,
    };
  }

  #note(kind: CallerEvent['kind'], detail: string): void {
    const event = { atMs: this.nowMs, kind, detail };
    if (this.events.length < MAX_KEPT_EVENTS) this.events.push(event);
    this.#options.onEvent?.(event);
  }

  #toSample(ms: number): number {
    return Math.round((ms * this.identity.sampleRateHz) / 1000);
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.identity.sampleRateHz;
  }
}
