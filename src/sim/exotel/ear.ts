import type { Chance } from '../../time/index.ts';
import { AudibleRuns } from './audible-runs.ts';
import { MAX_PAYLOAD_BYTES, PAYLOAD_STEP_BYTES, readBotMessage } from './bot-message.ts';
import type { CallTime } from './call-time.ts';
import type { Note } from './caller-events.ts';
import { MarkReturns } from './mark-returns.ts';
import { PlayoutQueue } from './playout-queue.ts';
import type { ExotelProfile } from './profile.ts';
import { SampleTrack } from './sample-track.ts';
import type { Violations } from './violations.ts';

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

/** A gap between two media messages shorter than this can be an underrun; a longer one is a pause. */
const UNDERRUN_LIMIT_MS = 400;
/** The agent counts as speaking at a gap when it is audible this close on both sides. */
const SPEECH_AROUND_GAP_MS = 200;
/** Media messages listed one by one; later ones are played and counted only. */
const MAX_LISTED_MEDIA = 250_000;
/** Marks waiting for their audio; later ones are refused as a violation. */
const MAX_PENDING_MARKS = 10_000;
/** Audio waiting to be played; what would go beyond is refused as a violation. */
const MAX_QUEUE_MS = 3_600_000;
/** Exotel: a wait of 20 ms follows a short packet. */
const GAP_MS = 20;

export interface EarOptions {
  readonly time: CallTime;
  readonly chance: Chance;
  readonly profile: ExotelProfile;
  readonly streamSid: string;
  readonly trackLimitMs: number;
  readonly queueLimitMs: number;
  readonly audibleDbov: number;
  readonly violations: Violations;
  readonly returnMark: (name: string) => void;
  readonly closeForBreach: (code: number, reason: string) => void;
  readonly note: Note;
}

/** Exotel's playout and the caller's ear: plays what the bridge sends, returns marks, and knows what was heard. */
export class Ear {
  readonly track: SampleTrack;
  readonly received: ReceivedMedia[] = [];
  readonly #options: EarOptions;
  readonly #time: CallTime;
  readonly #queue: PlayoutQueue;
  readonly #marks: MarkReturns;
  readonly #audible: AudibleRuns;
  readonly #gaps: { readonly fromSample: number; readonly toSample: number }[] = [];
  #mediaCount = 0;
  #firstMediaMs: number | undefined;
  #maxQueueMs = 0;
  /** A gap behind a `clear`, or before the first media, is no underrun. */
  #isGapMeant = true;

  constructor(options: EarOptions) {
    const { time, trackLimitMs, audibleDbov } = options;
    this.#options = options;
    this.#time = time;
    this.track = new SampleTrack(time.toSamples(trackLimitMs));
    this.#audible = new AudibleRuns(this.track, time.sampleRateHz, audibleDbov);
    this.#queue = new PlayoutQueue(this.track);
    this.#marks = new MarkReturns(this.#queue, options);
  }

  get mediaCount(): number {
    return this.#mediaCount;
  }

  get firstMediaMs(): number | undefined {
    return this.#firstMediaMs;
  }

  get maxQueueMs(): number {
    return this.#maxQueueMs;
  }

  get queuedMs(): number {
    return this.#time.isOver ? 0 : this.#time.toMs(this.#queue.depthSamples(this.#time.nowSample));
  }

  /** Where the agent was audible, up to now. */
  get audible(): AudibleRuns {
    this.#audible.scan(this.#time.nowSample);
    return this.#audible;
  }

  /** Gaps shorter than 400 ms between media, with audible speech within 200 ms on both sides. */
  get underruns(): Underrun[] {
    const audible = this.audible;
    const around = this.#time.toSamples(SPEECH_AROUND_GAP_MS);
    return this.#gaps
      .filter(
        ({ fromSample, toSample }) =>
          audible.isAudibleBetween(fromSample - around, fromSample) &&
          audible.isAudibleBetween(toSample, toSample + around),
      )
      .map(({ fromSample, toSample }) => ({
        fromMs: this.#time.toMs(fromSample),
        lengthMs: this.#time.toMs(toSample - fromSample),
      }));
  }

  receiveText(text: string): void {
    if (this.#time.isOver) return;
    const { streamSid, violations, note } = this.#options;
    const message = readBotMessage(text, streamSid, violations.add);
    if (message?.event === 'media') this.#play(message.payload);
    if (message?.event === 'mark') this.#queueMark(message.name);
    if (message?.event === 'clear') this.#clear();
    if (message?.event === 'stop') note('bridgeStop');
  }

  receiveBinary(bytes: number): void {
    if (this.#time.isOver) return;
    this.#options.violations.add('binary-frame', 'text frames only', `a binary frame of ${bytes} bytes`);
  }

  #play(payload: Buffer): void {
    const { nowMs, nowSample } = this.#time;
    const samples = toSamples(payload);
    const queuedMs = this.queuedMs;
    if (queuedMs + this.#time.toMs(samples.length) > MAX_QUEUE_MS) {
      this.#options.violations.add('queue-too-deep', `at most ${MAX_QUEUE_MS} ms queued`, `${queuedMs} ms`);
      return;
    }
    const emptySample = this.#queue.endSample;
    const { fromSample } = this.#queue.push(samples, nowSample);
    this.#noteGap(emptySample, fromSample);
    this.#mediaCount += 1;
    if (this.received.length < MAX_LISTED_MEDIA) {
      const playedFromMs = this.#time.toMs(fromSample);
      this.received.push({
        arrivedMs: nowMs,
        samples: samples.length,
        queuedMs,
        playedFromMs,
        droppedSamples: 0,
      });
    }
    if (this.#firstMediaMs === undefined) {
      this.#firstMediaMs = nowMs;
      this.#options.note('firstMedia');
    }
    this.#watchDepth(queuedMs);
    this.#reactToChunk(payload.length);
  }

  #noteGap(fromSample: number, toSample: number): void {
    const gapMs = this.#time.toMs(toSample - fromSample);
    if (!this.#isGapMeant && gapMs > 0 && gapMs < UNDERRUN_LIMIT_MS)
      this.#gaps.push({ fromSample, toSample });
    this.#isGapMeant = false;
  }

  #watchDepth(beforeMs: number): void {
    const { queueLimitMs, violations } = this.#options;
    const depthMs = this.queuedMs;
    this.#maxQueueMs = Math.max(this.#maxQueueMs, depthMs);
    if (depthMs > queueLimitMs && beforeMs <= queueLimitMs) {
      violations.add('queue-too-deep', `at most ${queueLimitMs} ms queued`, `${depthMs} ms`);
    }
  }

  #reactToChunk(bytes: number): void {
    const { profile, closeForBreach } = this.#options;
    const isTooLarge = bytes > MAX_PAYLOAD_BYTES;
    if (!isTooLarge && bytes % PAYLOAD_STEP_BYTES === 0) return;
    if (profile.onChunkRuleBroken === 'gap') {
      this.#queue.push(new Int16Array(this.#time.toSamples(GAP_MS)), this.#time.nowSample);
    } else if (profile.onChunkRuleBroken === 'close') {
      closeForBreach(isTooLarge ? 1009 : 1007, isTooLarge ? 'chunk too large' : 'chunk not in 320s');
    }
  }

  #queueMark(name: string): void {
    if (this.#queue.pendingMarks >= MAX_PENDING_MARKS) {
      this.#options.violations.add('too-many-marks', `at most ${MAX_PENDING_MARKS} waiting`, name);
      return;
    }
    this.#options.note('mark', name);
    this.#queue.mark(name, this.#time.nowSample);
    this.#marks.returnPlayed();
  }

  #clear(): void {
    this.#options.note('clear');
    const { fromSample, droppedSamples, marks } = this.#queue.clear(this.#time.nowSample);
    this.#isGapMeant = true;
    if (droppedSamples > 0) this.#noteDropped(fromSample);
    this.#marks.returnCleared(marks);
    this.#marks.returnPlayed();
  }

  #noteDropped(fromSample: number): void {
    for (let at = this.received.length - 1; at >= 0; at -= 1) {
      const media = this.received[at];
      if (!media) break;
      const toSample = this.#time.toSamples(media.playedFromMs) + media.samples;
      const droppedSamples = Math.min(media.samples, toSample - fromSample);
      if (droppedSamples <= 0 || media.droppedSamples > 0) break;
      this.received[at] = { ...media, droppedSamples };
    }
  }
}

/** Reads PCM16 little-endian bytes; an odd last byte is left out. */
function toSamples(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = bytes.readInt16LE(at * 2);
  return samples;
}
