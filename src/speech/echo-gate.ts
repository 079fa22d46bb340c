import { RecentMaximum } from './recent-maximum.ts';
import { ReturnLoss } from './return-loss.ts';

/** Milliseconds of one step of an {@link EchoGate}, on both sides. */
export const echoStepMs = 10;

const audibleDbov = -50;
/** How much weaker than at its onset speech may become and still pass: words are uneven. */
const slackDb = 5;
/** Steps of a possible interruption that wait for its verdict before the gate learns from them. */
const longestSuspicion = 200;
/** Steps for which a doubtful step waits for an onset, which makes it a possible interruption: 300 ms. */
const onsetSteps = 30;

/** A step that the gate has not learned from yet. */
interface Doubtful {
  readonly aboveDb: number;
  readonly atStep: number;
}

/**
 * Tells the caller's voice from the echo of the agent's.
 *
 * It keeps the level of what was played out over the last 500 ms, learns how much louder than the inbound audio its
 * loudest step usually is, and lets an inbound step pass only when it is louder than that echo could be. It needs no exact
 * delay. While nothing was played for 500 ms everything passes.
 */
export class EchoGate {
  readonly #played = new RecentMaximum();
  readonly #loss = new ReturnLoss();
  #suspected: number[] | undefined;
  /** Loud steps of an agent's first second, the oldest first: an echo, or a caller who breaks in at once. */
  #doubtful: Doubtful[] = [];
  #step = 0;

  /** How loud the echo may be, in dB relative to the loudest recent playout. */
  get echoDb(): number {
    return this.#loss.ceilingDb;
  }

  /**
   * Notes 10 ms of played-out audio, in step with the inbound stream.
   *
   * @param levelDbov its level
   * @param aheadMs how long after the latest inbound step it will be heard, up to 2 s (more counts as 2 s)
   */
  playedOut(levelDbov: number, aheadMs = 0): void {
    this.#played.note(levelDbov, Math.round(aheadMs / echoStepMs));
  }

  /** Forgets what was to be heard later than `aheadMs` after the latest inbound step: the carrier's queue was cleared. */
  cleared(aheadMs = 0): void {
    this.#played.forgetAhead(Math.round(aheadMs / echoStepMs));
  }

  /** Takes the level of the next 10 ms of inbound audio; false when it may be no more than echo. */
  passes(levelDbov: number): boolean {
    const loudestDbov = this.#played.advance();
    if (loudestDbov < audibleDbov) return true;
    const aboveDb = levelDbov - loudestDbov;
    if (!this.#suspected) {
      const passes = aboveDb > this.#loss.ceilingDb;
      this.#learn(aboveDb);
      return passes;
    }
    if (this.#suspected.length < longestSuspicion) this.#suspected.push(aboveDb);
    // an echo dies with the playout, which is held now; only a caller goes on
    return aboveDb > this.#loss.ceilingDb - slackDb;
  }

  /** Something passed that may be the caller: until the verdict nothing is learned, and weaker words pass too. */
  suspectSpeech(): void {
    this.#suspected ??= this.#doubtful.map(({ aboveDb }) => aboveDb);
    this.#doubtful = [];
  }

  /** It was the caller: a voice teaches nothing about echo. */
  confirmSpeech(): void {
    if (this.#suspected) this.#suspected = [];
  }

  /** It is over; what was never confirmed may have been echo and is learned. */
  endSuspicion(): void {
    for (const aboveDb of this.#suspected ?? []) this.#loss.learn(aboveDb);
    this.#suspected = undefined;
  }

  #learn(aboveDb: number): void {
    this.#step += 1;
    if (this.#loss.isDoubtful(aboveDb)) this.#doubtful.push({ aboveDb, atStep: this.#step });
    else this.#loss.learn(aboveDb);
    for (let oldest = this.#doubtful[0]; oldest; oldest = this.#doubtful[0]) {
      if (this.#step - oldest.atStep < onsetSteps) return;
      this.#doubtful.shift();
      this.#loss.learn(oldest.aboveDb);
    }
  }
}
