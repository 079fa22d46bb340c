import type { Chance, Clock, Timer } from '../../time/index.ts';
import { AudibleRuns } from './audible-runs.ts';
import {
  type Complain,
  MAX_PAYLOAD_BYTES,
  PAYLOAD_STEP_BYTES,
  readBotMessage,
  type Violation,
  type ViolationKind,
} from './bot-message.ts';
import { PlayoutQueue } from './playout-queue.ts';
import type { ExotelProfile } from './profile.ts';
import { SampleTrack } from './sample-track.ts';

/** One media message of the bridge, and what became of it. */
export interface ReceivedMedia {
  readonly arrivedMs: number;
  readonly samples: number;
  /** Audio queued ahead of it when it arrived. */
  readonly queuedMs: number;
  /** Call time at which its first sample plays, or would have played. */
  readonly playedFromMs: number;
  /** Samples at its end that a `clear` took away. */
  readonly droppedSamples: number;
}

/** Silence inside the agent's speech because the queue had run empty. */
export interface Underrun {
  readonly fromMs: number;
  readonly lengthMs: number;
}

/** A gap between two media messages up to this long can be an underrun; a longer one is a pause. */
export const UNDERRUN_LIMIT_MS = 400;
/** The agent counts as speaking at a gap when it is audible this close on both sides. */
const SPEECH_AROUND_GAP_MS = 200;
/** Media messages listed one by one; later ones are played and counted only. */
const MAX_LISTED_MEDIA = 250_000;
/** Breaches listed one by one; later ones are counted only. */
const MAX_LISTED_VIOLATIONS = 1000;
/** Marks waiting for their audio; later ones are refused as a violation. */
const MAX_PENDING_MARKS = 10_000;

export interface EarOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly profile: ExotelProfile;
  readonly sampleRateHz: number;
  readonly streamSid: string;
  readonly trackLimitMs: number;
  readonly queueLimitMs: number;
  readonly audibleDbov: number;
  /** Call time; 0 before the stream has started. */
  readonly nowMs: () => number;
  readonly returnMark: (name: string) => void;
  readonly report: (
    kind: 'clear' | 'mark' | 'markLost' | 'firstMedia' | 'bridgeStop',
    detail?: string,
  ) => void;
  readonly closeForBreach: (code: number, reason: string) => void;
}

/** Exotel's playout and the caller's ear: plays what the bridge sends, returns marks, and knows what was heard. */
export class Ear {
  readonly track: SampleTrack;
  readonly audible: AudibleRuns;
  readonly received: ReceivedMedia[] = [];
  readonly violations: Violation[] = [];
  readonly #options: EarOptions;
  readonly #queue: PlayoutQueue;
  readonly #gaps: { readonly fromSample: number; readonly toSample: number }[] = [];
  #mediaCount = 0;
  #violationCount = 0;
  #maxQueueMs = 0;
  #isTooDeep = false;
  #wasCleared = true;
  #markTimer: Timer | undefined;
  #endSample: number | undefined;

  constructor(options: EarOptions) {
    const { sampleRateHz, trackLimitMs, audibleDbov } = options;
    this.#options = options;
    this.track = new SampleTrack((trackLimitMs * sampleRateHz) / 1000);
    this.audible = new AudibleRuns(this.track, sampleRateHz, audibleDbov);
    this.#queue = new PlayoutQueue(this.track);
  }

  get mediaCount(): number {
    return this.#mediaCount;
  }

  get violationCount(): number {
    return this.#violationCount;
  }

  get maxQueueMs(): number {
    return this.#maxQueueMs;
  }

  get queuedMs(): number {
    return this.#endSample === undefined ? this.#toMs(this.#queue.depthSamples(this.playhead)) : 0;
  }

  /** The sample being heard now; everything before it is final. */
  get playhead(): number {
    const { nowMs, sampleRateHz } = this.#options;
    return this.#endSample ?? Math.round((nowMs() * sampleRateHz) / 1000);
  }

  /** Gaps shorter than {@link UNDERRUN_LIMIT_MS} between media, with audible speech on both sides. */
  get underruns(): Underrun[] {
    this.listen();
    const around = (SPEECH_AROUND_GAP_MS * this.#options.sampleRateHz) / 1000;
    return this.#gaps
      .filter(
        ({ fromSample, toSample }) =>
          this.audible.isAudibleBetween(fromSample - around, fromSample) &&
          this.audible.isAudibleBetween(toSample, toSample + around),
      )
      .map(({ fromSample, toSample }) => ({
        fromMs: this.#toMs(fromSample),
        lengthMs: this.#toMs(toSample - fromSample),
      }));
  }

  /** Brings the list of audible runs up to now. */
  listen(): void {
    this.audible.scan(this.playhead);
  }

  receiveText(text: string): void {
    const message = readBotMessage(text, this.#options.streamSid, this.complain);
    if (message?.event === 'media') this.#play(message.payload);
    if (message?.event === 'mark') this.#queueMark(message.name);
    if (message?.event === 'clear') this.#clear();
    if (message?.event === 'stop') this.#options.report('bridgeStop');
  }

  receiveBinary(bytes: number): void {
    this.complain('binary-frame', 'text frames only', `a binary frame of ${bytes} bytes`);
  }

  readonly complain: Complain = (kind: ViolationKind, expected: string, found: unknown): void => {
    this.#violationCount += 1;
    if (this.violations.length >= MAX_LISTED_VIOLATIONS) return;
    const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
    this.violations.push({
      kind,
      atMs: this.#options.nowMs(),
      expected,
      found: text.length > 120 ? `${text.slice(0, 120)}… (${text.length} characters)` : text,
    });
  };

  /** The call is over: nothing more is heard, no mark comes back. */
  stop(): void {
    if (this.#endSample !== undefined) return;
    this.listen();
    this.#endSample = this.playhead;
    this.#options.clock.clearTimeout(this.#markTimer);
  }

  #play(payload: Buffer): void {
    if (this.#endSample !== undefined) return;
    const now = this.playhead;
    const samples = toSamples(payload);
    const queuedBefore = this.#queue.depthSamples(now);
    const gapFrom = this.#queue.endSample;
    const { fromSample } = this.#queue.push(samples, now);
    const gapMs = this.#toMs(fromSample - gapFrom);
    if (!this.#wasCleared && gapMs > 0 && gapMs < UNDERRUN_LIMIT_MS) {
      this.#gaps.push({ fromSample: gapFrom, toSample: fromSample });
    }
    this.#wasCleared = false;
    this.#mediaCount += 1;
    if (this.received.length < MAX_LISTED_MEDIA) {
      this.received.push({
        arrivedMs: this.#options.nowMs(),
        samples: samples.length,
        queuedMs: this.#toMs(queuedBefore),
        playedFromMs: this.#toMs(fromSample),
        droppedSamples: 0,
      });
    }
    if (this.#mediaCount === 1) this.#options.report('firstMedia');
    this.#watchDepth(now);
    this.#reactToChunk(payload.length, now);
  }

  #watchDepth(now: number): void {
    const depthMs = this.#toMs(this.#queue.depthSamples(now));
    this.#maxQueueMs = Math.max(this.#maxQueueMs, depthMs);
    const { queueLimitMs } = this.#options;
    const isTooDeep = depthMs > queueLimitMs;
    if (isTooDeep && !this.#isTooDeep) {
      this.complain('queue-too-deep', `at most ${queueLimitMs} ms queued`, `${depthMs} ms`);
    }
    this.#isTooDeep = isTooDeep;
  }

  #reactToChunk(bytes: number, now: number): void {
    const { profile, sampleRateHz, closeForBreach } = this.#options;
    const isTooLarge = bytes > MAX_PAYLOAD_BYTES;
    if (!isTooLarge && bytes % PAYLOAD_STEP_BYTES === 0) return;
    if (profile.onChunkRuleBroken === 'gap') {
      this.#queue.push(new Int16Array(sampleRateHz / 50), now);
    } else if (profile.onChunkRuleBroken === 'close') {
      closeForBreach(
        isTooLarge ? 1009 : 1007,
        isTooLarge ? 'chunk too large' : 'chunk not a multiple of 320',
      );
    }
  }

  #queueMark(name: string): void {
    if (this.#queue.pendingMarks >= MAX_PENDING_MARKS) {
      this.complain('too-many-marks', `at most ${MAX_PENDING_MARKS} waiting`, name);
      return;
    }
    this.#options.report('mark', name);
    this.#queue.mark(name, this.playhead);
    this.#returnPlayedMarks();
  }

  #returnPlayedMarks(): void {
    const { clock, sampleRateHz, nowMs } = this.#options;
    for (const { name } of this.#queue.takePlayedMarks(this.playhead)) this.#returnMark(name, 0);
    clock.clearTimeout(this.#markTimer);
    const next = this.#queue.nextMarkSample;
    if (next === undefined) return;
    const delayMs = Math.max(0, (next * 1000) / sampleRateHz - nowMs());
    this.#markTimer = clock.setTimeout(() => this.#returnPlayedMarks(), delayMs);
  }

  #returnMark(name: string, afterMs: number): void {
    const { clock, chance, profile, returnMark, report } = this.#options;
    if (profile.markLossRate > 0 && chance.next() < profile.markLossRate) {
      report('markLost', name);
      return;
    }
    const delayMs = afterMs + profile.markDelayMs;
    if (delayMs === 0) returnMark(name);
    else {
      clock.setTimeout(() => {
        if (this.#endSample === undefined) returnMark(name);
      }, delayMs);
    }
  }

  #clear(): void {
    if (this.#endSample !== undefined) return;
    this.#options.report('clear');
    const now = this.playhead;
    const { fromSample, droppedSamples, marks } = this.#queue.clear(now);
    this.#wasCleared = true;
    if (droppedSamples > 0) this.#noteDropped(fromSample);
    for (const { name, atSample } of marks) {
      if (this.#options.profile.marksOnClear === 'returned') this.#returnMark(name, 0);
      if (this.#options.profile.marksOnClear === 'later') this.#returnMark(name, this.#toMs(atSample - now));
    }
    this.#returnPlayedMarks();
  }

  #noteDropped(fromSample: number): void {
    for (let at = this.received.length - 1; at >= 0; at -= 1) {
      const media = this.received[at];
      if (!media) break;
      const start = Math.round((media.playedFromMs * this.#options.sampleRateHz) / 1000);
      const dropped = Math.min(media.samples, start + media.samples - fromSample);
      if (dropped <= 0 || media.droppedSamples > 0) break;
      this.received[at] = { ...media, droppedSamples: dropped };
    }
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.#options.sampleRateHz;
  }
}

/** Reads PCM16 little-endian bytes; an odd last byte is left out. */
function toSamples(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = bytes.readInt16LE(at * 2);
  return samples;
}
