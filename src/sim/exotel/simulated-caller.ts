import type { Chance, Clock } from '../../time/index.ts';
import { AUDIBLE_DBOV } from './audible-runs.ts';
import { type CallIdentity, type CallTarget, exotelSid, readAddress, writeNumber } from './call-identity.ts';
import { CallTime } from './call-time.ts';
import { type CallerEvent, CallerEvents } from './caller-events.ts';
import { CallerWaits } from './caller-waits.ts';
import { type Dial, dialWebSocket } from './dial.ts';
import type { DuplicateReport } from './duplicate-connection.ts';
import { Ear, type ReceivedMedia, type Underrun } from './ear.ts';
import { keyTone } from './key-tone.ts';
import { type CloseReport, Line, type LineOptions } from './line.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import { throttledStatus } from './passthru.ts';
import { completeProfile, type ExotelProfile } from './profile.ts';
import { CallTrack, SampleTrack } from './sample-track.ts';
import type { SpeechClip } from './speech-clip.ts';
import { type Violation, Violations } from './violations.ts';
import { type SayOptions, type Utterance, Voice } from './voice.ts';
import { Watch } from './watch.ts';

export interface SimulatedCallerOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** The stream address as configured at Exotel: ws:// or wss://, with credentials and query if any. */
  readonly address: string;
  /** By default a WebSocket over the network; return one side of a pair to stay in memory. */
  readonly dial?: Dial;
  /** What differs from a live call. */
  readonly profile?: Partial<ExotelProfile>;
  readonly from?: string;
  readonly to?: string;
  readonly accountSid?: string;
  /** Exotel's id of the call; by default one is made up. */
  readonly callSid?: string;
  /** Longest recording of each side, 60 minutes by default; what comes later is heard but not kept. */
  readonly trackLimitMs?: number;
  /** More audio queued than this is a violation; by default nothing is. */
  readonly queueLimitMs?: number;
  /** RMS level from which on the agent counts as audible. */
  readonly audibleDbov?: number;
  readonly onEvent?: (event: CallerEvent) => void;
}

/** `leaving`: `stop` has been sent, or a close begun, and the connection is about to end. */
export type CallerState = 'idle' | 'dialling' | 'streaming' | 'leaving' | 'ended';

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
  readonly #clock: Clock;
  readonly #time: CallTime;
  readonly #target: CallTarget;
  readonly #events: CallerEvents;
  readonly #violations: Violations;
  readonly #ear: Ear;
  readonly #voice: Voice;
  readonly #watch: Watch;
  readonly #line: Line;
  readonly #stream: OutgoingStream;
  #state: CallerState = 'idle';
  #dialledClockMs = 0;
  #endedBy: CloseReport['by'] = 'bridge';
  #close: CloseReport | undefined;

  /** Throws a RangeError that names a bad address, number or profile value. */
  constructor(options: SimulatedCallerOptions) {
    const { clock, chance, trackLimitMs = 3_600_000 } = options;
    const profile = completeProfile(options.profile);
    const { target, sampleRateHz, customParameters } = readAddress(options.address, profile);
    const time = new CallTime(clock, sampleRateHz);
    const nowMs = (): number => time.nowMs;
    this.profile = profile;
    this.identity = {
      streamSid: exotelSid(chance),
      callSid: options.callSid ?? exotelSid(chance),
      accountSid: options.accountSid ?? 'acmeclinic1',
      from: writeNumber(options.from ?? '09000000001', profile.numbers),
      to: writeNumber(options.to ?? '08000000002', profile.numbers),
      sampleRateHz,
      customParameters,
    };
    this.#clock = clock;
    this.#time = time;
    this.#target = target;
    this.#events = new CallerEvents(nowMs, options.onEvent);
    this.#violations = new Violations(nowMs);
    const { note } = this.#events;
    this.#voice = new Voice(time, note);
    this.#ear = new Ear({
      time,
      chance,
      profile,
      streamSid: this.identity.streamSid,
      trackLimitMs,
      queueLimitMs: options.queueLimitMs ?? Number.POSITIVE_INFINITY,
      audibleDbov: options.audibleDbov ?? AUDIBLE_DBOV,
      violations: this.#violations,
      returnMark: (name) => this.#stream.returnMark(name),
      closeForBreach: (code, reason) => this.#closeForBreach(code, reason),
      note,
    });
    const lineOptions = this.#lineOptions(options);
    this.#line = new Line({
      ...lineOptions,
      listener: {
        onOpen: () => this.#begin(),
        onText: (text) => this.#receive(() => this.#ear.receiveText(text), text),
        onBinary: (bytes) => this.#receive(() => this.#ear.receiveBinary(bytes), `${bytes} bytes`),
        onRetry: (why) => note('retried', why),
        onError: (message) => note('fault', message),
        onEnd: ({ code, reason, wasOpen }) => this.#end(code, reason, wasOpen),
      },
    });
    const spoken = new SampleTrack(time.toSamples(trackLimitMs));
    this.#stream = new OutgoingStream({
      time,
      chance,
      profile,
      identity: this.identity,
      voice: this.#voice,
      heard: this.#ear.track,
      spoken,
      line: this.#line,
      lineOptions,
      note,
      onLimit: () => this.#leave('exotel'),
    });
    this.heard = new CallTrack(this.#ear.track, sampleRateHz, () => time.nowSample);
    this.spoken = new CallTrack(spoken, sampleRateHz, () => this.#stream.nextSample);
    this.#watch = new Watch(
      clock,
      () => this.describe(),
      () => this.#state === 'ended',
    );
    this.wait = new CallerWaits({
      watch: this.#watch,
      ear: this.#ear,
      time,
      isConnected: () => this.#stream.isAnnounced,
      closeReport: () => this.#close,
    });
  }

  get state(): CallerState {
    return this.#state;
  }

  /** Call time: ms since the stream started, 0 before, standing still once the call is over. */
  get nowMs(): number {
    return this.#time.nowMs;
  }

  /** The clock's time at call time 0. */
  get startClockMs(): number | undefined {
    return this.#time.startClockMs;
  }

  /** Call time of the first media, until which the caller hears ringing. */
  get firstMediaMs(): number | undefined {
    return this.#ear.firstMediaMs;
  }

  get received(): readonly ReceivedMedia[] {
    return this.#ear.received;
  }

  get underruns(): readonly Underrun[] {
    return this.#ear.underruns;
  }

  /** What the bridge did against the rules, the first 1000 breaches. */
  get violations(): readonly Violation[] {
    return this.#violations.listed;
  }

  /** Audio waiting to be played now, and the most there ever was. */
  get queue(): { readonly nowMs: number; readonly maxMs: number } {
    return { nowMs: this.#ear.queuedMs, maxMs: this.#ear.maxQueueMs };
  }

  /** Call time at which each uplink frame was sent. */
  get frameSentMs(): readonly number[] {
    return this.#stream.frameSentMs;
  }

  get events(): readonly CallerEvent[] {
    return this.#events.kept;
  }

  get closeReport(): CloseReport | undefined {
    return this.#close;
  }

  /** The second connection, when the profile asks for one. */
  get duplicate(): DuplicateReport | undefined {
    return this.#stream.duplicate;
  }

  /** Stretches in which the agent was audible, in call ms; a pause of 10 ms divides them. */
  get agentAudible(): readonly { readonly fromMs: number; readonly toMs: number }[] {
    return this.#ear.audible.runs.map(({ fromSample, toSample }) => ({
      fromMs: this.#time.toMs(fromSample),
      toMs: this.#time.toMs(toSample),
    }));
  }

  /** Dials the address. Throws when the caller has dialled before. */
  call(): void {
    if (this.#state !== 'idle')
      throw new Error(`call: expected a caller that never dialled, found one ${this.#state}`);
    this.#state = 'dialling';
    this.#dialledClockMs = this.#clock.nowMs();
    if (this.profile.isThrottled) {
      this.#endedBy = 'exotel';
      this.#clock.yield(() => this.#end(1006, throttledStatus, false));
      return;
    }
    this.#events.note('dialled', this.#target.url);
    this.#line.open();
  }

  /** Says a clip, or samples at the call's rate, mixed into the uplink. Throws unless the stream runs. */
  say(speech: SpeechClip | Int16Array, options: SayOptions = {}): Utterance {
    this.#expectStream('say');
    return this.#voice.say(speech, Math.max(this.#stream.nextSample, this.#time.nowSample), options);
  }

  /** Presses a key: 0 to 9, * or #. Throws unless the stream runs. */
  pressDigit(digit: string, durationMs = 120): void {
    this.#expectStream('pressDigit');
    if (!/^[0-9*#]$/.test(digit)) throw new RangeError(`digit: expected 0 to 9, * or #, found "${digit}"`);
    if (this.profile.keyTones) this.say(keyTone(digit, durationMs, this.identity.sampleRateHz));
    this.#stream.pressDigit(digit, durationMs);
    this.#events.note('digit', digit);
  }

  /** Ends the call as Exotel reports it: `stop`, then the connection drops. */
  hangUp(): void {
    if (this.#state === 'dialling') this.dropLine();
    else this.#leave('caller');
  }

  /** Loses the line: the connection drops with no `stop`. */
  dropLine(): void {
    if (this.#state === 'idle' || this.#state === 'ended') return;
    if (this.#state !== 'leaving') this.#endedBy = 'caller';
    this.#silence();
    this.#line.drop();
  }

  /** One line about how things stand, as it appears in errors. */
  describe(): string {
    const last = this.#ear.audible.last;
    return [
      `the call is ${this.#state} at ${Math.round(this.nowMs)} ms`,
      `${this.#ear.mediaCount} media messages received`,
      `${Math.round(this.#ear.queuedMs)} ms queued`,
      last ? `agent last audible at ${Math.round(this.#time.toMs(last.toSample))} ms` : 'agent never audible',
      `${this.#violations.count} violations`,
      this.#close
        ? `closed ${this.#close.code} "${this.#close.reason}" by ${this.#close.by}`
        : 'connection not closed',
    ].join(', ');
  }

  #begin(): void {
    this.#state = 'streaming';
    this.#time.start();
    this.#stream.begin();
    this.#watch.look();
  }

  #receive(understand: () => void, found: string): void {
    if (this.#stream.isAnnounced) understand();
    else this.#violations.add('before-start', 'nothing before start was sent', found);
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
    this.#stream.sendStop();
    this.#events.note('stop', by);
    this.#silence();
    this.#clock.setTimeout(() => this.#line.dropAfterSent(), this.profile.dropAfterStopMs);
  }

  /** Nothing more is said or heard, and call time stands still. */
  #silence(): void {
    this.#stream.end();
    this.#time.stop();
  }

  #end(code: number, reason: string, wasOpen: boolean): void {
    this.#silence();
    this.#state = 'ended';
    const atMs = wasOpen ? this.nowMs : this.#clock.nowMs() - this.#dialledClockMs;
    this.#close = { code, reason, by: this.#endedBy, phase: wasOpen ? 'streaming' : 'dialling', atMs };
    this.#events.note('ended', `${code} ${reason}`.trim());
    this.#watch.look();
  }

  #expectStream(what: string): void {
    if (this.#state !== 'streaming') {
      throw new Error(`${what}: expected a running stream, found a call that is ${this.#state}`);
    }
  }

  #lineOptions(options: SimulatedCallerOptions): Omit<LineOptions, 'listener'> {
    const { clock, chance, dial = dialWebSocket } = options;
    const { answersPings, handshakeLimitMs, handshakeRetries, uplinkJitterMs, downlinkJitterMs } =
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
}
