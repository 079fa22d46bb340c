import { padPcm16, type SampleRateHz } from '../audio/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import type { CarrierPort, PlayoutTap } from './carrier.ts';
import { CarrierQueue } from './carrier-queue.ts';
import { HeardLedger, type ReplyAccount } from './heard-ledger.ts';
import { KeepAlive } from './keep-alive.ts';
import { burstMs, lateMs, longestQueueMs, markEveryMs, type PlayoutPolicy, tornTailMs } from './policy.ts';
import { Prebuffer } from './prebuffer.ts';
import { ReplyIntake } from './reply-intake.ts';
import { SampleQueue } from './sample-queue.ts';
import type { SharedPlayoutClock } from './shared-clock.ts';
import { tornSamples } from './torn-end.ts';

/** What the scheduler reports to its chart; the names are those of the playout machine. */
export type PlayoutNotice = 'audible' | 'filled' | 'ranDry' | 'refilled' | 'sentAll' | 'more' | 'heardAll';

/** What a scheduler is built from. */
export interface PlayoutSchedulerOptions {
  readonly clock: Clock;
  readonly sharedClock: SharedPlayoutClock;
  readonly policy: PlayoutPolicy;
  readonly callRateHz: SampleRateHz;
  readonly modelRateHz: SampleRateHz;
  readonly carrier: CarrierPort;
  readonly tap?: PlayoutTap;
  readonly notify: (notice: PlayoutNotice) => void;
  /** Told of what was thrown on a tick of the shared clock. */
  readonly failed: (error: unknown) => void;
  /** Told the account of each reply once nothing of it is left to play. */
  readonly settled?: (account: ReplyAccount, how: 'drained' | 'flushed') => void;
  /** Told of what is counted rather than charted. */
  readonly count?: (what: 'markLost' | 'queueOverflow' | 'gapMs' | 'chunk', amount: number) => void;
}

type Phase = 'idle' | 'priming' | 'playing' | 'held' | 'finishing';

/** A chunk shorter than a whole one is sent rather than let the lead fall under this. */
const LOW_LEAD_MS = 60;

/**
 * Feeds one call's replies to the carrier, a small known lead ahead of what the caller hears.
 *
 * The chart decides when it plays, holds and flushes; it decides which samples leave when.
 * Invariant: between `flush` and the next reply no sample leaves.
 */
export class PlayoutScheduler {
  readonly #o: PlayoutSchedulerOptions;
  readonly #queue: SampleQueue;
  readonly #intake: ReplyIntake;
  readonly #ledger = new HeardLedger();
  readonly #atCarrier: CarrierQueue;
  readonly #grain: number;
  readonly #prebuffer: Prebuffer;
  #phase: Phase = 'idle';
  #isFinished = false;
  /** Whether what plays is a sentence of our own; the model's audio waits for its end. */
  #isOwn = false;
  readonly #later: SampleQueue;
  #laterEnds: 'openly' | 'finished' | 'torn' = 'openly';
  #isDry = false;
  readonly #keepAlive: KeepAlive;
  #sinceMark = 0;
  #marks = new Map<string, number>();
  #endMark: string | undefined;
  #audibleAtMs = 0;
  #startTimer: Timer | undefined;
  #markTimer: Timer | undefined;
  #leave: (() => void) | undefined;
  #isDisposed = false;

  constructor(options: PlayoutSchedulerOptions) {
    this.#o = options;
    this.#queue = new SampleQueue((longestQueueMs * options.callRateHz) / 1000);
    this.#later = new SampleQueue((longestQueueMs * options.modelRateHz) / 1000);
    this.#intake = new ReplyIntake(options.modelRateHz, options.callRateHz, options.policy.trimSilenceMs);
    this.#atCarrier = new CarrierQueue(options.callRateHz);
    this.#prebuffer = new Prebuffer(options.policy.prebufferMs, options.policy.prebufferMaxMs);
    // 20 ms at 8 kHz is 320 bytes, Exotel's grain; at other rates the same time is a multiple of it
    this.#grain = options.callRateHz / 50;
    this.#keepAlive = new KeepAlive(options.clock, options.policy.keepAliveMs, () => {
      if (this.#phase === 'idle' || this.#phase === 'priming') this.#send(new Int16Array(this.#grain));
    });
  }

  /** Stops the ringing tone: Exotel plays it until the first media message. */
  answer(): void {
    this.#send(new Int16Array(this.#grain));
    this.#keepAlive.start();
  }

  /**
   * Appends audio of the model at the model's rate; the first audible sample opens a reply. While a sentence of our own
   * plays it waits, and opens a reply after it.
   */
  write(pcm: Int16Array): void {
    if (this.#isDisposed) return;
    if (!this.#isOwn) return this.#append(this.#intake.push(pcm));
    const dropped = this.#later.push(pcm);
    if (dropped > 0) this.#o.count?.('queueOverflow', this.#atCallRate(dropped));
  }

  /** Plays a sentence of our own, at the call's rate, as a reply that is already finished; ignored unless the line is idle. */
  say(pcm: Int16Array): void {
    if (this.#isDisposed || this.#phase !== 'idle' || pcm.length === 0) return;
    this.#isOwn = true;
    this.#append(pcm);
    if (this.#isOwn) this.#end();
  }

  /** The model has finished: what is queued is all there is. */
  finish(): void {
    if (this.#isOwn) return this.#endLater('finished');
    if (this.#phase === 'idle' || this.#isFinished) return;
    this.#append(this.#intake.flush());
    this.#end();
  }

  /** The model will not finish: what is queued ends at its last word gap, or where it is torn when there is none near. */
  finishAtGap(): void {
    if (this.#isOwn) return this.#endLater('torn');
    if (this.#phase === 'idle' || this.#isFinished) return;
    const torn = tornSamples(this.#queue.last(this.#samples(tornTailMs)), this.#o.callRateHz);
    this.#queue.dropLast(torn);
    this.#ledger.drop(torn);
    this.#end();
  }

  /** Starts, or goes on, feeding the carrier; the first chunk leaves at once. */
  play(): void {
    if (this.#phase === 'idle' || this.#phase === 'finishing') return;
    this.#phase = 'playing';
    this.#leave ??= this.#o.sharedClock.join(() => this.#pump(), this.#o.failed);
    this.#pump();
  }

  /** Stops feeding; the caller hears what is at the carrier, then silence. */
  hold(): void {
    if (this.#phase !== 'playing' && this.#phase !== 'priming') return;
    this.#phase = 'held';
    this.#o.clock.clearTimeout(this.#startTimer);
    this.#startTimer = undefined;
    this.#stopClock();
  }

  /** Drops all that the caller has not begun to hear, here and at the carrier. */
  flush(): void {
    if (this.#phase === 'idle') return;
    const wasOwn = this.#isOwn;
    const nowMs = this.#o.clock.nowMs();
    // sent even when the carrier should be empty: it may be behind our estimate
    if (this.#ledger.sent > 0) this.#o.carrier.clear();
    const silentAtMs = this.#atCarrier.endOfPlaying(nowMs);
    this.#heardAt(silentAtMs);
    if (this.#atCarrier.emptyAtMs > nowMs) this.#o.tap?.cleared(silentAtMs);
    this.#atCarrier.clear(nowMs);
    this.#settle('flushed');
    if (wasOwn) this.#dropLater();
  }

  /** A mark came back from the carrier: all audio before it has been heard. */
  markReturned(name: string): void {
    const position = this.#marks.get(name);
    if (position === undefined) return;
    this.#marks.delete(name);
    this.#ledger.heardUpTo(position);
    if (name === this.#endMark) this.#drained();
  }

  /** The current reply's account, with the heard position estimated for now. */
  account(): ReplyAccount {
    if (this.#phase !== 'idle') this.#heardAt(this.#o.clock.nowMs());
    return this.#ledger.account();
  }

  /** Samples of the model's current reply that have come so far, but for a torn end; 0 when there is none. */
  get generatedSamples(): number {
    if (this.#isOwn) return this.#atCallRate(this.#later.length);
    if (this.#phase === 'idle') return 0;
    const { generated, dropped } = this.#ledger.account();
    return generated - dropped;
  }

  /** Whether a sentence of our own is playing, or about to. */
  get isOwnSentence(): boolean {
    return this.#isOwn;
  }

  /** Whether the carrier is being fed: the lead is then to be kept. */
  get isFeeding(): boolean {
    return this.#phase === 'playing';
  }

  /** Audio that is at the carrier and not heard yet, ms. */
  get leadMs(): number {
    return Math.max(0, this.#atCarrier.emptyAtMs - this.#o.clock.nowMs());
  }

  /** Stops every timer and frees the resampler. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (this.#phase !== 'idle') {
      this.#heardAt(this.#o.clock.nowMs());
      this.#settle('flushed');
    }
    this.#dropLater();
    this.#stopClock();
    this.#o.clock.clearTimeout(this.#markTimer);
    this.#keepAlive.stop();
    this.#phase = 'idle';
    this.#queue.clear();
    this.#intake.dispose();
  }

  #end(): void {
    this.#intake.reset();
    this.#isFinished = true;
    if (this.#phase === 'priming') this.#o.notify('filled');
    else this.#pump();
  }

  #append(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    const begins = this.#phase === 'idle';
    if (begins) {
      this.#ledger.open(this.#isOwn ? 'baari' : 'model');
      this.#phase = 'priming';
      this.#audibleAtMs = this.#o.clock.nowMs();
    }
    // the model goes on before the caller has heard the end: the same stretch of speech continues
    this.#isFinished = false;
    if (this.#phase === 'playing') this.#prebuffer.arrived(this.#reserveMs);
    const dropped = this.#queue.push(pcm);
    this.#ledger.addGenerated(pcm.length - dropped);
    if (dropped > 0) this.#o.count?.('queueOverflow', dropped);
    // told once it is queued: whoever does not want it drops it at once
    if (begins) this.#o.notify('audible');
    if (this.#phase === 'priming') this.#startWhenPrebuffered();
    else if (this.#phase === 'playing') this.#pump();
    else if (this.#phase === 'finishing') this.#reopen();
  }

  #reopen(): void {
    this.#o.clock.clearTimeout(this.#markTimer);
    this.#endMark = undefined;
    this.#phase = 'held';
    this.#o.notify('more');
  }

  /** Audio of this reply that is still to be heard, ms; negative since the carrier ran dry. */
  get #reserveMs(): number {
    const queuedMs = (this.#queue.length * 1000) / this.#o.callRateHz;
    return queuedMs + this.#atCarrier.emptyAtMs - this.#o.clock.nowMs();
  }

  /**
   * Starts once the prebuffer is filled, and not sooner than bursts usually follow each other; what would fill the lead is
   * enough at any time. A prebuffer that does not fill is waited for a little longer than the longest one takes.
   */
  #startWhenPrebuffered(): void {
    const { start, leadMs, prebufferMaxMs } = this.#o.policy;
    if (start !== 'stream') return;
    const isFilled = this.#queue.length >= this.#samples(this.#prebuffer.targetMs);
    const longestMs = isFilled ? burstMs : prebufferMaxMs + lateMs;
    const waitMs = this.#audibleAtMs + longestMs - this.#o.clock.nowMs();
    // less than the carrier takes at once is no beginning
    const canStart = isFilled || this.#queue.length >= this.#grain;
    this.#o.clock.clearTimeout(this.#startTimer);
    this.#startTimer = undefined;
    if ((canStart && waitMs <= 0) || (isFilled && this.#queue.length >= this.#samples(leadMs))) {
      this.#o.notify('filled');
    } else if (waitMs > 0) {
      this.#startTimer = this.#o.clock.setTimeout(() => {
        if (this.#phase === 'priming') this.#startWhenPrebuffered();
      }, waitMs);
    }
  }

  #pump(): void {
    const { chunkMs, leadMs } = this.#o.policy;
    const chunk = this.#samples(chunkMs);
    while (this.#phase === 'playing') {
      const aheadMs = this.leadMs;
      // within half a chunk of the lead, either way
      if (aheadMs > leadMs - chunkMs / 2 || !this.#o.carrier.takesData) return;
      const waiting = this.#queue.length;
      if (waiting >= chunk) {
        this.#sendReply(this.#queue.take(chunk));
      } else if (this.#isFinished) {
        if (waiting > 0) this.#sendReply(this.#queue.take(waiting));
        if (this.#phase === 'playing') this.#finishSending();
      } else if (aheadMs < LOW_LEAD_MS && waiting >= this.#grain) {
        this.#sendReply(this.#queue.take(waiting - (waiting % this.#grain)));
      } else {
        if (aheadMs === 0 && !this.#isDry && this.#ledger.sent > 0) {
          this.#isDry = true;
          this.#o.notify('ranDry');
        }
        return;
      }
    }
  }

  #sendReply(pcm: Int16Array): void {
    const isRefilled = this.#isDry;
    this.#isDry = false;
    if (isRefilled) this.#o.count?.('gapMs', this.#o.clock.nowMs() - this.#atCarrier.emptyAtMs);
    const position = this.#ledger.sent;
    this.#ledger.addSent(pcm.length);
    this.#send(padPcm16(pcm, this.#grain * 2), { position, samples: pcm.length });
    this.#sinceMark += pcm.length;
    if (this.#sinceMark >= this.#samples(markEveryMs)) this.#mark();
    // told once it is sent: whoever does not want it clears it at once
    if (isRefilled) this.#o.notify('refilled');
  }

  #send(pcm: Int16Array, ofReply = { position: 0, samples: 0 }): void {
    const nowMs = this.#o.clock.nowMs();
    const playAtMs = this.#atCarrier.push(nowMs, pcm.length, ofReply);
    this.#keepAlive.sent();
    this.#o.carrier.media(pcm);
    this.#o.tap?.sent(pcm, playAtMs);
    this.#o.count?.('chunk', 1);
  }

  #mark(): string {
    const { reply, sent } = this.#ledger.account();
    const name = `r${reply}.${sent}`;
    this.#sinceMark = 0;
    this.#marks.set(name, sent);
    this.#o.carrier.mark(name);
    return name;
  }

  #finishSending(): void {
    this.#phase = 'finishing';
    this.#stopClock();
    this.#endMark =
      this.#sinceMark === 0 && this.#marks.size > 0 ? [...this.#marks.keys()].at(-1) : this.#mark();
    this.#markTimer = this.#o.clock.setTimeout(() => {
      this.#o.count?.('markLost', 1);
      this.#drained();
    }, this.leadMs + this.#o.policy.markFallbackMs);
    this.#o.notify('sentAll');
  }

  #drained(): void {
    if (this.#phase !== 'finishing') return;
    this.#ledger.heardUpTo(this.#ledger.sent);
    const wasOwn = this.#isOwn;
    this.#settle('drained');
    this.#o.notify('heardAll');
    if (wasOwn) this.#playLater();
  }

  /** What the model has said during a sentence of our own is the next reply. */
  #playLater(): void {
    const ends = this.#laterEnds;
    this.write(this.#takeLater());
    if (ends === 'finished') this.finish();
    else if (ends === 'torn') this.finishAtGap();
  }

  #endLater(how: 'finished' | 'torn'): void {
    if (this.#later.length > 0 && this.#laterEnds === 'openly') this.#laterEnds = how;
  }

  /** What the model has said during a sentence of our own is not wanted any more: an account of nothing heard. */
  #dropLater(): void {
    const samples = this.#atCallRate(this.#takeLater().length);
    if (samples === 0) return;
    this.#ledger.open('model');
    this.#ledger.addGenerated(samples);
    this.#o.settled?.(this.#ledger.close(), 'flushed');
  }

  #takeLater(): Int16Array {
    this.#laterEnds = 'openly';
    return this.#later.take(this.#later.length);
  }

  #settle(how: 'drained' | 'flushed'): void {
    this.#stopClock();
    this.#o.clock.clearTimeout(this.#markTimer);
    this.#o.clock.clearTimeout(this.#startTimer);
    this.#startTimer = undefined;
    this.#queue.clear();
    this.#intake.reset();
    this.#marks.clear();
    this.#atCarrier.forgetReply();
    this.#endMark = undefined;
    this.#sinceMark = 0;
    this.#phase = 'idle';
    this.#isOwn = false;
    this.#isFinished = false;
    this.#isDry = false;
    this.#prebuffer.replyEnded();
    this.#o.settled?.(this.#ledger.close(), how);
  }

  #heardAt(ms: number): void {
    this.#ledger.heardUpTo(this.#atCarrier.heardAt(ms) ?? this.#ledger.sent);
  }

  #stopClock(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  #samples(ms: number): number {
    return (ms * this.#o.callRateHz) / 1000;
  }

  /** So many samples of the model, as samples at the call's rate. */
  #atCallRate(samples: number): number {
    return Math.round((samples * this.#o.callRateHz) / this.#o.modelRateHz);
  }
}
