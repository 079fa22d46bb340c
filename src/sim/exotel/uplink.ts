import type { Chance, Clock, Timer } from '../../time/index.ts';
import type { ExotelProfile } from './profile.ts';
import type { SampleTrack } from './sample-track.ts';
import type { Voice } from './voice.ts';

/** Deadlines are compared with this slack, so that rounding never costs a turn. */
const SLACK_MS = 1e-6;

export interface UplinkOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly profile: ExotelProfile;
  readonly sampleRateHz: number;
  /** The clock's time at sample 0. */
  readonly startClockMs: number;
  readonly voice: Voice;
  readonly heard: SampleTrack;
  readonly spoken: SampleTrack;
  /** Called for each frame at its end, with the call time there. */
  readonly send: (frame: Int16Array, index: number, endMs: number) => void;
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
  #isStopped = false;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#frameSamples = (options.profile.frameMs * options.sampleRateHz) / 1000;
  }

  /** The first sample that has not been sent. */
  get nextSample(): number {
    return this.#sentMs.length * this.#frameSamples;
  }

  /** Call time at which each frame was sent. */
  get sentMs(): readonly number[] {
    return this.#sentMs;
  }

  start(): void {
    const { clock, startClockMs, profile } = this.#options;
    if (this.#isStopped) return;
    const dueClockMs = startClockMs + (this.#sentMs.length + 1) * profile.frameMs;
    this.#timer = clock.setTimeout(() => this.#sendDue(), dueClockMs - clock.nowMs());
  }

  stop(): void {
    this.#isStopped = true;
    this.#options.clock.clearTimeout(this.#timer);
  }

  #sendDue(): void {
    const { clock, startClockMs, profile } = this.#options;
    const elapsedMs = clock.nowMs() - startClockMs + SLACK_MS;
    while (!this.#isStopped && (this.#sentMs.length + 1) * profile.frameMs <= elapsedMs) this.#sendFrame();
    this.start();
  }

  #sendFrame(): void {
    const { clock, startClockMs, profile, voice, spoken, send } = this.#options;
    const index = this.#sentMs.length;
    const fromSample = this.nextSample;
    const mix = new Float64Array(this.#frameSamples);
    const said = voice.render(fromSample, mix);
    this.#addEcho(fromSample, mix);
    this.#addNoise(mix);
    const frame = Int16Array.from(mix, toPcm16);
    if (frame.some((sample) => sample !== 0)) spoken.write(fromSample, frame);
    this.#sentMs.push(clock.nowMs() - startClockMs);
    send(frame, index, (index + 1) * profile.frameMs);
    for (const report of said) report();
  }

  #addEcho(fromSample: number, mix: Float64Array): void {
    const { profile, heard, sampleRateHz } = this.#options;
    if (!profile.echo) return;
    const gain = 10 ** (-profile.echo.returnLossDb / 20);
    const delaySamples = Math.round((profile.echo.delayMs * sampleRateHz) / 1000);
    for (let at = 0; at < mix.length; at += 1) {
      const source = fromSample + at - delaySamples;
      if (source >= 0) mix[at] = (mix[at] ?? 0) + gain * heard.sampleAt(source);
    }
  }

  #addNoise(mix: Float64Array): void {
    const { profile, chance } = this.#options;
    if (profile.noiseDbov === undefined) return;
    // uniform noise of peak p has an RMS of p / √3
    const peak = 32_768 * 10 ** (profile.noiseDbov / 20) * Math.sqrt(3);
    for (let at = 0; at < mix.length; at += 1) mix[at] = (mix[at] ?? 0) + (chance.next() * 2 - 1) * peak;
  }
}

function toPcm16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
