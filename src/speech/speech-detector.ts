import { type EchoGate, echoStepMs } from './echo-gate.ts';
import { Framer } from './framer.ts';
import { GatedFrames } from './gated-frames.ts';
import { defaultSpeechPolicy, type SpeechPolicy, withPolicy } from './policy.ts';
import type { SpeechReport } from './report.ts';
import { type SpeechScorer, samplesPerMs } from './scorer.ts';
import { type SpeechState, UtteranceTracker } from './utterance-tracker.ts';

/** What a {@link SpeechDetector} works with. */
export interface SpeechDetectorOptions {
  readonly scorer: SpeechScorer;
  /** Fields that differ from {@link defaultSpeechPolicy}. */
  readonly policy?: Partial<SpeechPolicy>;
  /** Must let a frame pass, besides the scorer: keeps the agent's own echo out. */
  readonly gate?: EchoGate;
  /** Told every change, in order, from within `push` or from within the scorer's callback; must not throw. */
  readonly report: (report: SpeechReport) => void;
}

/**
 * Finds the caller's utterances in mono 8 kHz audio and reports a few changes an utterance.
 *
 * Time is counted in samples since the stream began, so the reports depend on the audio alone: not on how it is cut into
 * chunks, and not on when it arrives.
 */
export class SpeechDetector {
  readonly #scorer: SpeechScorer;
  readonly #framer: Framer;
  readonly #tracker: UtteranceTracker;
  #isFinished = false;

  /** @throws RangeError when a field of the policy is out of its range */
  constructor({ scorer, policy = {}, gate, report }: SpeechDetectorOptions) {
    const { frameSamples, threshold, holdThreshold = threshold } = scorer;
    this.#scorer = scorer;
    const tell = (change: SpeechReport): void => {
      if (gate) followVerdict(gate, change);
      report(change);
    };
    this.#tracker = new UtteranceTracker(scorer, withPolicy(defaultSpeechPolicy, policy), tell);
    const isStep = frameSamples === echoStepMs * samplesPerMs;
    const gated = gate && new GatedFrames(gate, frameSamples);
    this.#framer = new Framer(frameSamples, (frame, startSample) => {
      const levelDbov = isStep ? scorer.levelOf?.(frame) : undefined;
      gated?.push(frame, startSample, levelDbov);
      scorer.push(frame, startSample);
    });
    scorer.listen((score, startSample) => {
      const isUnderWay = this.#tracker.state === 'speech' || this.#tracker.state === 'maybeSilence';
      const needed = isUnderWay ? holdThreshold : threshold;
      const isSpeech = score >= needed && (gated?.hasPassed(startSample) ?? true);
      this.#tracker.observe(isSpeech, startSample);
    });
  }

  /** Samples taken so far. */
  get positionSamples(): number {
    return this.#framer.positionSamples;
  }

  get state(): SpeechState {
    return this.#tracker.state;
  }

  /** Takes the next samples of the stream, any number of them. */
  push(pcm: Int16Array): void {
    if (!this.#isFinished) this.#framer.push(pcm);
  }

  /** Tells whether the caller hears the agent now: an onset then takes longer. */
  setAgentAudible(isAudible: boolean): void {
    this.#tracker.setAgentAudible(isAudible);
  }

  /** Tells whether the agent has asked something that a short answer fits: a short utterance then ends sooner. */
  expectShortAnswer(isExpected: boolean): void {
    this.#tracker.expectShortAnswer(isExpected);
  }

  /** Changes fields of the policy from the next frame on. @throws RangeError when one is out of its range */
  setPolicy(changes: Partial<SpeechPolicy>): void {
    this.#tracker.setPolicy(withPolicy(this.#tracker.policy, changes));
  }

  /** Ends the stream: what is open is reported as over, and nothing is reported after it. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#scorer.close();
    this.#tracker.finish(this.#framer.positionSamples);
  }
}

/** The gate learns from sound that turns out not to be the caller, and only from that. */
function followVerdict(gate: EchoGate, { type }: SpeechReport): void {
  if (type === 'onset') gate.suspectSpeech();
  else if (type === 'sustained') gate.confirmSpeech();
  else if (type === 'ended') gate.endSuspicion();
}
