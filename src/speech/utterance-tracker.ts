import { type SpeechPolicy, toSamples } from './policy.ts';
import { RecentFrames } from './recent-frames.ts';
import type { EndReason, SpeechReport, SpeechReportType } from './report.ts';
import { type SpeechScorer, samplesPerMs } from './scorer.ts';

/** Where the tracker stands; the same words as the detector's chart. */
export type SpeechState = 'silence' | 'maybeSpeech' | 'speech' | 'maybeSilence';

const carryMs = 30;
const windowShare = 1.5;

/**
 * Makes utterances of judged frames, counting only samples.
 *
 * Onset: enough speech within a window half as long again. After it, speech counts once 30 of the last 45 ms hold it, so
 * that a click in a silence does not prolong the turn. Speech time is the time between the first and the last speech,
 * less the pauses.
 */
export class UtteranceTracker {
  readonly #frameSamples: number;
  readonly #evidenceSamples: number;
  readonly #report: (report: SpeechReport) => void;
  readonly #recent = new RecentFrames();
  readonly #carryFrames: number;
  readonly #carryWindowFrames: number;
  #policy: SpeechPolicy;
  #state: SpeechState = 'silence';
  #isAgentAudible = false;
  #expectsShortAnswer = false;
  #isSustained = false;
  #firstSpeechSample = 0;
  #runStartSample = 0;
  #speechEndSample = 0;
  #earlierSpeechSamples = 0;

  constructor(
    { frameSamples, onsetEvidenceMs = 0 }: Pick<SpeechScorer, 'frameSamples' | 'onsetEvidenceMs'>,
    policy: SpeechPolicy,
    report: (report: SpeechReport) => void,
  ) {
    this.#frameSamples = frameSamples;
    this.#evidenceSamples = Math.max(frameSamples, toSamples(onsetEvidenceMs));
    this.#policy = policy;
    this.#report = report;
    this.#carryFrames = this.#framesOf(carryMs);
    this.#carryWindowFrames = this.#windowOf(carryMs);
  }

  get state(): SpeechState {
    return this.#state;
  }

  get policy(): SpeechPolicy {
    return this.#policy;
  }

  setPolicy(policy: SpeechPolicy): void {
    this.#policy = policy;
  }

  setAgentAudible(isAudible: boolean): void {
    this.#isAgentAudible = isAudible;
  }

  expectShortAnswer(isExpected: boolean): void {
    this.#expectsShortAnswer = isExpected;
  }

  /** Takes the verdict on the next frame, which begins at `frameStartSample`. */
  observe(isSpeech: boolean, frameStartSample: number): void {
    this.#recent.push(isSpeech, frameStartSample);
    const frameEndSample = frameStartSample + this.#frameSamples;
    if (this.#state === 'silence' || this.#state === 'maybeSpeech')
      this.#awaitOnset(isSpeech, frameEndSample);
    else if (isSpeech) this.#carryOn(frameEndSample);
    else this.#awaitEnd(frameEndSample);
  }

  /** Ends what is open, because the stream ends at `atSample`. */
  finish(atSample: number): void {
    if (this.#state === 'maybeSpeech') this.#fall(atSample);
    else if (this.#state !== 'silence') this.#end('stream', atSample);
  }

  #awaitOnset(isSpeech: boolean, atSample: number): void {
    const onsetMs = this.#isAgentAudible ? this.#policy.onsetWhileSpeakingMs : this.#policy.onsetMs;
    const windowFrames = this.#windowOf(onsetMs, this.#evidenceSamples);
    const firstSample = this.#recent.firstStartSample(windowFrames);
    if (firstSample === undefined) {
      if (this.#state === 'maybeSpeech') this.#fall(atSample);
      return;
    }
    if (!isSpeech) return;
    this.#firstSpeechSample = firstSample;
    this.#runStartSample = firstSample;
    this.#speechEndSample = atSample;
    this.#earlierSpeechSamples = 0;
    if (this.#state === 'silence') {
      this.#state = 'maybeSpeech';
      this.#tell('scoreRose', atSample);
    }
    if (this.#recent.count(windowFrames) < this.#framesOf(onsetMs, this.#evidenceSamples)) return;
    this.#state = 'speech';
    this.#isSustained = false;
    this.#tell('onset', atSample);
    this.#checkLength(atSample);
  }

  #carryOn(atSample: number): void {
    if (this.#recent.count(this.#carryWindowFrames) >= this.#carryFrames) {
      if (this.#state === 'maybeSilence') this.#resume(atSample);
      this.#speechEndSample = atSample;
    }
    this.#checkLength(atSample);
  }

  #resume(atSample: number): void {
    this.#earlierSpeechSamples = this.#speechSamples;
    // a window that reaches back over the pause must not count the speech before it twice
    const firstSample = this.#recent.firstStartSample(this.#carryWindowFrames) ?? atSample;
    this.#runStartSample = Math.max(firstSample, this.#speechEndSample);
    this.#speechEndSample = atSample;
    this.#state = 'speech';
    this.#tell('resumed', atSample);
  }

  #awaitEnd(atSample: number): void {
    const silenceSamples = atSample - this.#speechEndSample;
    if (silenceSamples >= toSamples(this.#endSilenceMs)) this.#end('silence', atSample);
    else if (atSample - this.#firstSpeechSample >= toSamples(this.#policy.longestMs))
      this.#end('longest', atSample);
    else if (this.#state === 'speech' && silenceSamples >= toSamples(this.#policy.rejectMs)) {
      this.#state = 'maybeSilence';
      this.#tell('paused', atSample);
    }
  }

  #checkLength(atSample: number): void {
    if (!this.#isSustained && this.#speechSamples >= toSamples(this.#policy.confirmMs)) {
      this.#isSustained = true;
      this.#tell('sustained', atSample);
    }
    if (atSample - this.#firstSpeechSample >= toSamples(this.#policy.longestMs))
      this.#end('longest', atSample);
  }

  #fall(atSample: number): void {
    this.#tell('scoreFell', atSample);
    this.#state = 'silence';
  }

  #end(reason: EndReason, atSample: number): void {
    this.#state = 'silence';
    this.#recent.clear();
    this.#report({ type: 'ended', reason, ...this.#moment(atSample) });
  }

  #tell(type: Exclude<SpeechReportType, 'ended'>, atSample: number): void {
    this.#report({ type, ...this.#moment(atSample) });
  }

  #moment(atSample: number): Omit<SpeechReport, 'type' | 'reason'> {
    return {
      atSample,
      onsetSample: Math.max(0, this.#firstSpeechSample - toSamples(this.#policy.onsetSafetyMs)),
      speechMs: this.#speechSamples / samplesPerMs,
      silenceMs: (atSample - this.#speechEndSample) / samplesPerMs,
    };
  }

  get #speechSamples(): number {
    return this.#earlierSpeechSamples + this.#speechEndSample - this.#runStartSample;
  }

  get #endSilenceMs(): number {
    const { endSilenceMs, shortEndSilenceMs, shortUtteranceMs } = this.#policy;
    const isShort = this.#expectsShortAnswer && this.#speechSamples <= toSamples(shortUtteranceMs);
    return isShort ? Math.min(shortEndSilenceMs, endSilenceMs) : endSilenceMs;
  }

  #framesOf(ms: number, samplesPerFrame = this.#frameSamples): number {
    return Math.ceil(toSamples(ms) / samplesPerFrame);
  }

  #windowOf(ms: number, samplesPerFrame = this.#frameSamples): number {
    const frames = Math.floor((toSamples(ms) * windowShare) / samplesPerFrame);
    return Math.max(this.#framesOf(ms, samplesPerFrame), frames);
  }
}
