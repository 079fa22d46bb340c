import type { Clock } from '../time/index.ts';
import { EnergyScorer } from './energy-scorer.ts';
import { LineScorer } from './line-scorer.ts';
import type { SpeechScorer } from './scorer.ts';
import { type BatcherCounts, FrameBatcher } from './silero/frame-batcher.ts';
import type { Inference } from './silero/inference.ts';
import { SileroScorer } from './silero/silero-scorer.ts';
import { WorkerInference } from './silero/worker-inference.ts';

/** How speech is told from noise; `auto` is Silero where it runs, else energy. */
export type ScorerKind = 'auto' | 'energy' | 'silero';

/** Where the scorers say what they do; a pino logger fits. */
export interface ScorersLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

/** What {@link createScorers} works with. */
export interface ScorersOptions {
  /** What the process's calls want: see {@link kindForAll}. */
  readonly kind: ScorerKind;
  readonly clock: Clock;
  readonly log: ScorersLog;
  /** Score within `push` or a tick of `clock`, without real time: for a simulated clock. */
  readonly isSynchronous?: boolean;
  /** Starts the model; by default Silero on a thread of its own. */
  readonly openModel?: () => Promise<Inference>;
}

/** How one call's speech is told from noise. */
export interface CallScorerSettings {
  readonly kind: ScorerKind;
  /** dB over the noise floor, for energy and where the model does not answer. */
  readonly thresholdDb: number;
  /** Probability of speech, for Silero. */
  readonly speechProbability: number;
}

/** What the scorers of a process have counted. */
export interface ScorerCounts extends BatcherCounts {
  /** Calls that wanted Silero and got energy. */
  readonly callsByEnergy: number;
}

/** Silero was asked for by name and cannot run; the message names what is missing. */
export class SileroUnavailable extends Error {
  override readonly name = 'SileroUnavailable';
}

/** The scorers of a process: one model for all its calls. */
export class Scorers {
  readonly #inference: Inference | undefined;
  readonly #batcher: FrameBatcher | undefined;
  #callsByEnergy = 0;

  constructor({ clock, log }: ScorersOptions, inference?: Inference) {
    this.#inference = inference;
    let hasBeenLate = false;
    this.#batcher =
      inference &&
      new FrameBatcher({
        clock,
        inference,
        onLate: () => {
          if (!hasBeenLate) log.warn({ until: 'it answers' }, 'speech.scorer.late');
          hasBeenLate = true;
        },
        onLost: (reason) => log.error({ reason, scorer: 'energy' }, 'speech.scorer.lost'),
      });
  }

  /** What new calls get that do not insist on energy. */
  get kind(): 'energy' | 'silero' {
    return this.#batcher && !this.#batcher.isLost ? 'silero' : 'energy';
  }

  get counts(): ScorerCounts {
    const none = { seats: 0, runs: 0, frames: 0, framesByLevel: 0, lateStretches: 0 };
    return { ...(this.#batcher?.counts ?? none), callsByEnergy: this.#callsByEnergy };
  }

  /**
   * A scorer for one call; its `close` gives its place back.
   *
   * Energy where the call wants it, where there is no model, and from the 1025th call at a time on.
   *
   * @throws RangeError when a setting is out of range
   * @throws SileroUnavailable when the call insists on Silero and the scorers were created without it
   */
  scorerFor({ kind, thresholdDb, speechProbability }: CallScorerSettings): SpeechScorer {
    const energy = (): SpeechScorer => new EnergyScorer({ marginDb: thresholdDb });
    if (kind === 'energy') return energy();
    if (kind === 'silero' && !this.#batcher) {
      throw new SileroUnavailable('expected scorers that were created with Silero, found energy alone');
    }
    if (this.#batcher && !this.#batcher.isLost) {
      const scorer = new SileroScorer(this.#batcher, { speechProbability, marginDb: thresholdDb });
      if (this.#batcher.open(scorer)) {
        return kind === 'auto' ? new LineScorer(new EnergyScorer({ marginDb: thresholdDb }), scorer) : scorer;
      }
    }
    this.#callsByEnergy += 1;
    return energy();
  }

  /** Ends the model; calls that go on get scores by level. */
  async close(): Promise<void> {
    this.#batcher?.stop();
    await this.#inference?.close();
  }
}

/**
 * The scorers of a process, started once, before its first call.
 *
 * `auto` falls back to energy where the model cannot run, and the log says so once, with the reason.
 *
 * @throws SileroUnavailable when `kind` is `silero` and the model cannot run
 */
export async function createScorers(options: ScorersOptions): Promise<Scorers> {
  const { kind, log, isSynchronous = false } = options;
  const openModel = options.openModel ?? (() => WorkerInference.open({ isSynchronous }));
  if (kind === 'energy') return new Scorers(options);
  try {
    const scorers = new Scorers(options, await openModel());
    log.info({ scorer: 'silero' }, 'speech.scorer.chosen');
    return scorers;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (kind === 'silero') {
      throw new SileroUnavailable(`Silero cannot run: ${reason}`, { cause: error });
    }
    log.info({ scorer: 'energy', reason }, 'speech.scorer.chosen');
    return new Scorers(options);
  }
}

/** What a process must have for calls of these kinds: Silero when one insists on it, and is tried when one may use it. */
export function kindForAll(kinds: Iterable<ScorerKind>): ScorerKind {
  const wanted = new Set(kinds);
  if (wanted.has('silero')) return 'silero';
  return wanted.has('auto') ? 'auto' : 'energy';
}
