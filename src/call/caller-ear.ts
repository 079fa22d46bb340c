import type { DetectorReport, SpeechCommand } from '../../machines/index.ts';
import { createResampler, levelDbov, type Resampler, type SampleRateHz } from '../audio/index.ts';
import {
  defaultSpeechPolicy,
  EchoGate,
  echoStepMs,
  SpeechDetector,
  type SpeechPolicy,
  type SpeechReport,
  type SpeechScorer,
  speechRateHz,
} from '../speech/index.ts';
import { Endpointing } from './endpointing.ts';

const samplesPerMs = speechRateHz / 1000;
/** A caller who speaks again this soon after the end of a turn had not finished, ms. */
const afterthoughtMs = 900;

/** Listens to one caller: audio comes in by direct call, a few changes an utterance go out as reports. */
export class CallerEar {
  readonly #gate = new EchoGate();
  readonly #detector: SpeechDetector;
  readonly #scorer: SpeechScorer;
  #resampler: Resampler | undefined;
  #rateHz: SampleRateHz = speechRateHz;
  #report: ((report: DetectorReport) => void) | undefined;
  readonly #endpointing: Endpointing;
  #isAgentAudible = false;
  #hasPaused = false;
  #onsetMs = 0;
  #speechEndedMs = 0;

  /** @param scorer tells speech from noise; it is closed with the ear */
  constructor(policy: Partial<SpeechPolicy>, scorer: SpeechScorer) {
    this.#scorer = scorer;
    this.#endpointing = new Endpointing(policy.endSilenceMs ?? defaultSpeechPolicy.endSilenceMs);
    this.#detector = new SpeechDetector({
      scorer,
      policy,
      gate: this.#gate,
      report: (report) => this.#tell(report),
    });
  }

  /** When the caller's last speech began and ended, ms of the caller's stream. */
  get lastSpeech(): { readonly onsetMs: number; readonly endedMs: number } {
    return { onsetMs: this.#onsetMs, endedMs: this.#speechEndedMs };
  }

  listen(report: (report: DetectorReport) => void): void {
    this.#report = report;
  }

  /** Tells the rate of the caller's audio; once, before the first {@link hear}. */
  setCallRate(rateHz: SampleRateHz): void {
    this.#rateHz = rateHz;
    if (rateHz !== speechRateHz) this.#resampler = createResampler(rateHz, speechRateHz);
  }

  /** Takes the caller's next samples at the call's rate. */
  hear(pcm: Int16Array): void {
    this.#detector.push(this.#resampler ? this.#resampler.push(pcm) : pcm);
  }

  /** The agent's `pcm`, at the call's rate, will be heard in `aheadMs`: its echo is not the caller. */
  expectEchoOf(pcm: Int16Array, aheadMs: number): void {
    const step = (echoStepMs * this.#rateHz) / 1000;
    for (let at = 0; at < pcm.length; at += step) {
      const stepAheadMs = aheadMs + (at * 1000) / this.#rateHz;
      this.#gate.playedOut(levelDbov(pcm.subarray(at, at + step)), stepAheadMs);
    }
  }

  /** What was to be heard later than in `aheadMs` will not be. */
  expectNoEcho(aheadMs: number): void {
    this.#gate.cleared(aheadMs);
  }

  handle(command: SpeechCommand): void {
    if (command.type === 'speech.repeat' || command.type === 'speech.repeatSustained') return;
    this.#isAgentAudible = command.type === 'speech.agentAudible';
    this.#detector.setAgentAudible(this.#isAgentAudible);
  }

  /** The agent has, or has not, asked something that a short answer fits: a short utterance then ends the turn sooner. */
  expectShortAnswer(isExpected: boolean): void {
    this.#detector.expectShortAnswer(isExpected);
  }

  dispose(): void {
    this.#report = undefined;
    this.#scorer.close();
    this.#resampler?.dispose();
    this.#resampler = undefined;
  }

  #tell(report: SpeechReport): void {
    if (!this.#isAgentAudible) this.#learn(report);
    // a sound that may become speech says nothing yet of when the caller spoke
    if (report.type !== 'scoreRose' && report.type !== 'scoreFell') {
      this.#onsetMs = report.onsetSample / samplesPerMs;
      this.#speechEndedMs = report.atSample / samplesPerMs - report.silenceMs;
    }
    this.#report?.(chartReport(report));
  }

  #learn({ type, atSample, onsetSample }: SpeechReport): void {
    const silentMs = (type === 'onset' ? onsetSample : atSample) / samplesPerMs - this.#speechEndedMs;
    if (type === 'resumed' || (type === 'onset' && this.#speechEndedMs > 0 && silentMs < afterthoughtMs)) {
      this.#hasPaused = true;
      this.#endpointing.wentOnAfter(silentMs);
    } else if (type === 'ended') {
      if (!this.#hasPaused) this.#endpointing.turnWithoutPause();
      this.#hasPaused = false;
    } else return;
    this.#detector.setPolicy({ endSilenceMs: this.#endpointing.endSilenceMs });
  }
}

function chartReport({ type, onsetSample }: SpeechReport): DetectorReport {
  switch (type) {
    case 'scoreRose':
      return { type: 'score.rose' };
    case 'scoreFell':
      return { type: 'score.fell' };
    case 'onset':
      return { type: 'score.onset', onsetSample };
    case 'sustained':
      return { type: 'score.sustained', onsetSample };
    case 'paused':
      return { type: 'score.paused' };
    case 'resumed':
      return { type: 'score.resumed', onsetSample };
    case 'ended':
      return { type: 'score.ended' };
  }
}
