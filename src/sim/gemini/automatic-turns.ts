import type { CallerTurns, TurnListener } from './caller-turns.ts';
import { type EnergySettings, SpeechEnergy } from './speech-energy.ts';

/** Settings of the server's own detection. */
export interface AutomaticSettings extends EnergySettings {
  /** Speech that is needed before a turn is believed in, ms. */
  readonly prefixPaddingMs: number;
  /** Silence that ends a turn, ms. */
  readonly silenceDurationMs: number;
  readonly audioStreamEndClosesTurn: boolean;
}

const frameMs = 10;
/** Audio from before the speech that still belongs to the turn, ms. */
const preRollMs = 300;

/**
 * The server's own detection of turns, by energy.
 *
 * Its time is counted in samples, so a turn ends only while audio, silent or not, keeps coming.
 */
export class AutomaticTurns implements CallerTurns {
  readonly #settings: AutomaticSettings;
  readonly #listener: TurnListener;
  #energy: SpeechEnergy;
  #rateHz = 0;
  #frame = new Int16Array(0);
  #filled = 0;
  /** Position after the last whole frame. */
  #position = 0;
  #loudMs = 0;
  #quietMs = 0;
  #onsetSample = 0;
  #lastLoudSample = 0;
  #startedAtMs: number | undefined;

  constructor(settings: AutomaticSettings, listener: TurnListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#energy = new SpeechEnergy(settings);
  }

  audio(samples: Int16Array, sampleRateHz: number, fromSample: number, nowMs: number): boolean {
    if (sampleRateHz !== this.#rateHz) this.#startAt(sampleRateHz, fromSample);
    let at = 0;
    while (at < samples.length) {
      const part = samples.subarray(at, at + this.#frame.length - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < this.#frame.length) break;
      this.#filled = 0;
      this.#position += this.#frame.length;
      this.#judge(nowMs);
    }
    return true;
  }

  activityStart(): boolean {
    return false;
  }

  activityEnd(): boolean {
    return false;
  }

  audioStreamEnd(): boolean {
    if (this.#settings.audioStreamEndClosesTurn && this.#startedAtMs !== undefined) this.#end();
    return true;
  }

  #startAt(rateHz: number, position: number): void {
    this.#rateHz = rateHz;
    this.#frame = new Int16Array(Math.max(1, Math.round((rateHz * frameMs) / 1000)));
    this.#filled = 0;
    this.#position = position;
    this.#energy = new SpeechEnergy(this.#settings);
  }

  #judge(nowMs: number): void {
    const inSpeech = this.#startedAtMs !== undefined;
    const isLoud = this.#energy.isLoud(this.#frame, inSpeech);
    const frameStart = this.#position - this.#frame.length;
    if (isLoud) {
      if (this.#loudMs === 0 && !inSpeech) this.#onsetSample = frameStart;
      this.#lastLoudSample = this.#position;
      this.#loudMs += frameMs;
      this.#quietMs = 0;
      if (!inSpeech && this.#loudMs >= this.#settings.prefixPaddingMs) this.#start(nowMs);
      return;
    }
    this.#quietMs += frameMs;
    if (!inSpeech) this.#loudMs = Math.max(0, this.#loudMs - frameMs);
    else if (this.#quietMs >= this.#settings.silenceDurationMs) this.#end();
  }

  #start(nowMs: number): void {
    this.#startedAtMs = nowMs;
    this.#listener.turnStarted(this.#onsetSample, this.#rateHz);
  }

  #end(): void {
    const preRoll = Math.round((preRollMs * this.#rateHz) / 1000);
    const startedAtMs = this.#startedAtMs ?? 0;
    this.#startedAtMs = undefined;
    this.#loudMs = 0;
    this.#quietMs = 0;
    this.#listener.turnEnded({
      startedAtMs,
      sampleRateHz: this.#rateHz,
      speech: { fromSample: this.#onsetSample, toSample: this.#lastLoudSample },
      range: { fromSample: Math.max(0, this.#onsetSample - preRoll), toSample: this.#position },
    });
  }
}
