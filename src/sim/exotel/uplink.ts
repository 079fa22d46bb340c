import type { Chance, Timer } from '../../time/index.ts';
import type { CallTime } from './call-time.ts';
import type { ExotelProfile } from './profile.ts';
import type { SampleTrack } from './sample-track.ts';
import type { Voice } from './voice.ts';

/** Deadlines are compared with this slack, so that rounding never costs a turn. */
const SLACK_MS = 1e-6;
/** Missed frames sent in one turn of the event loop; the rest follows in the next ones. */
const MAX_FRAMES_PER_TURN = 50;

export interface UplinkOptions {
  readonly time: CallTime;
  readonly chance: Chance;
  readonly profile: ExotelProfile;
  readonly voice: Voice;
  readonly heard: SampleTrack;
  readonly spoken: SampleTrack;
  /** Called for each frame at its end, with the call time there. */
  readonly send: (frame: Int16Array, endMs: number) => void;
}

/**
 * The microphone: one frame per frame length, silence included, on absolute deadlines.
 *
 * Invariant: no frame is ever skipped. After a stall the missed frames follow at once, as a caller's speech does not
 * stop while the sender does.
 */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #frameSamples: number;
  readonly #sentMs: number[] = [];
  #timer: Timer | undefined;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#frameSamples = options.time.toSamples(options.profile.frameMs);
  }

  /** The first sample that has not been sent. */
  get nextSample(): number {
    return this.#sentMs.length * this.#frameSamples;
  }

  /** Call time at which each frame was sent. */
  get sentMs(): readonly number[] {
    return this.#sentMs;
  }

  /** Begins at call time 0; call it once. */
  start(): void {
    this.#timer = this.#options.time.at(this.#nextDueMs, () => this.#sendDue());
  }

  stop(): void {
    this.#options.time.clock.clearTimeout(this.#timer);
  }

  get #nextDueMs(): number {
    return (this.#sentMs.length + 1) * this.#options.profile.frameMs;
  }

  #sendDue(): void {
    const { time } = this.#options;
    const dueMs = time.nowMs + SLACK_MS;
    for (let sent = 0; sent < MAX_FRAMES_PER_TURN && this.#nextDueMs <= dueMs; sent += 1) {
      this.#sendFrame();
      if (time.isOver) return;
    }
    this.start();
  }

  #sendFrame(): void {
    const { time, voice, spoken, send } = this.#options;
    const endMs = this.#nextDueMs;
    const fromSample = this.nextSample;
    const mix = new Float64Array(this.#frameSamples);
    const said = voice.render(fromSample, mix);
    this.#addEcho(fromSample, mix);
    this.#addNoise(mix);
    const frame = toPcm16(mix);
    if (frame.some((sample) => sample !== 0)) spoken.write(fromSample, frame);
    this.#sentMs.push(time.nowMs);
    send(frame, endMs);
    for (const report of said) report();
  }

  #addEcho(fromSample: number, mix: Float64Array): void {
    const { time, profile, heard } = this.#options;
    if (!profile.echo) return;
    const gain = 10 ** (-profile.echo.returnLossDb / 20);
    const sourceSample = fromSample - time.toSamples(profile.echo.delayMs);
    const source = heard.read(sourceSample, sourceSample + mix.length);
    for (const [at, sample] of source.entries()) mix[at] = (mix[at] ?? 0) + gain * sample;
  }

  #addNoise(mix: Float64Array): void {
    const { profile, chance } = this.#options;
    if (profile.noiseDbov === undefined) return;
    // uniform noise of peak p has an RMS of p / √3
    const peak = 32_768 * 10 ** (profile.noiseDbov / 20) * Math.sqrt(3);
    for (let at = 0; at < mix.length; at += 1) mix[at] = (mix[at] ?? 0) + (chance.next() * 2 - 1) * peak;
  }
}

function toPcm16(mix: Float64Array): Int16Array {
  const frame = new Int16Array(mix.length);
  // a plain loop: Int16Array.from with a function costs as much as the rest of a call together
  for (let at = 0; at < mix.length; at += 1) {
    frame[at] = Math.max(-32_768, Math.min(32_767, Math.round(mix[at] ?? 0)));
  }
  return frame;
}
