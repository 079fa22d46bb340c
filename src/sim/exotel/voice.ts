import type { CallTime } from './call-time.ts';
import type { Note } from './caller-events.ts';
import { clipAtRate, type SpeechClip, speechIn } from './speech-clip.ts';

/** Something the caller says: when it begins and ends, in call ms. */
export interface Utterance {
  /** First and last sample of the clip. */
  readonly onsetMs: number;
  readonly endMs: number;
  /** Where the speech in it begins and ends: as the clip's label says, else by level. */
  readonly speechOnsetMs: number;
  readonly speechEndMs: number;
  /** True once its last sample has been sent. */
  readonly isSaid: boolean;
}

export interface SayOptions {
  /** Call time of the first sample; by default, and at the earliest, now. */
  readonly atMs?: number;
  readonly gainDb?: number;
  /** Called once the last sample has been sent. */
  readonly onDone?: () => void;
}

interface Scheduled {
  readonly fromSample: number;
  readonly samples: Int16Array;
  readonly onSaid: () => void;
}

/** Longest speech waiting to be said. */
const MAX_WAITING_MS = 600_000;

/** The caller's mouth: speech at given positions, mixed where it overlaps. */
export class Voice {
  readonly #time: CallTime;
  readonly #note: Note;
  #scheduled: Scheduled[] = [];

  constructor(time: CallTime, note: Note) {
    this.#time = time;
    this.#note = note;
  }

  /** Schedules speech from `earliestSample` on; throws a RangeError when more than 10 minutes wait to be said. */
  say(speech: SpeechClip | Int16Array, earliestSample: number, options: SayOptions): Utterance {
    const time = this.#time;
    const { sampleRateHz } = time;
    const clip = speech instanceof Int16Array ? { samples: speech, sampleRateHz } : speech;
    const samples = clipAtRate(clip, sampleRateHz, options.gainDb ?? 0);
    const fromSample = Math.max(earliestSample, time.toSamples(options.atMs ?? 0));
    this.#checkRoom(samples.length);
    let isSaid = false;
    this.#scheduled.push({
      fromSample,
      samples,
      onSaid: () => {
        isSaid = true;
        this.#note('said', `${time.toMs(samples.length)} ms`);
        options.onDone?.();
      },
    });
    this.#note('saying', `${time.toMs(samples.length)} ms from ${time.toMs(fromSample)} ms`);
    const onsetMs = time.toMs(fromSample);
    const spoken = speechIn(clip);
    return {
      onsetMs,
      endMs: time.toMs(fromSample + samples.length),
      speechOnsetMs: onsetMs + spoken.fromMs,
      speechEndMs: onsetMs + spoken.toMs,
      get isSaid() {
        return isSaid;
      },
    };
  }

  /** Adds what is said from `fromSample` on to `mix`, and returns what to report once the mix is sent. */
  render(fromSample: number, mix: Float64Array): (() => void)[] {
    const toSample = fromSample + mix.length;
    const said: (() => void)[] = [];
    for (const speech of this.#scheduled) {
      const start = Math.max(fromSample, speech.fromSample);
      const end = Math.min(toSample, speech.fromSample + speech.samples.length);
      for (let at = start; at < end; at += 1) {
        mix[at - fromSample] = (mix[at - fromSample] ?? 0) + (speech.samples[at - speech.fromSample] ?? 0);
      }
      if (endOf(speech) <= toSample) said.push(speech.onSaid);
    }
    if (said.length > 0) this.#scheduled = this.#scheduled.filter((speech) => endOf(speech) > toSample);
    return said;
  }

  #checkRoom(samples: number): void {
    const waiting = this.#scheduled.reduce((sum, speech) => sum + speech.samples.length, samples);
    const waitingMs = this.#time.toMs(waiting);
    if (waitingMs > MAX_WAITING_MS) {
      throw new RangeError(`speech waiting: expected at most ${MAX_WAITING_MS} ms, found ${waitingMs} ms`);
    }
  }
}

function endOf(speech: Scheduled): number {
  return speech.fromSample + speech.samples.length;
}
