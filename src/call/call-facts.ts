import { type Agent, type CallFacts, type Instruction, instructionOf } from '../agents/index.ts';
import { type Clock, within } from '../time/index.ts';
import { type CallerMemory, recalls } from './caller-memory.ts';

/** Longest wait for what is remembered of a caller, ms: nobody hears anything meanwhile. */
const recallMs = 200;

/** What facts are learned with. */
export interface KnownFactsOptions {
  readonly agent: Agent;
  readonly memory: CallerMemory | undefined;
  /** The clock of the call's scope. */
  readonly clock: Clock;
  readonly run: (act: () => void) => void;
  /** Keeps the model from being set up until it is told. */
  readonly awaitPersonal: () => void;
  readonly personalise: (instruction: Instruction) => void;
  readonly missed: () => void;
}

/** What is known of a call, and what the model is told of it. */
export class KnownFacts {
  readonly #o: KnownFactsOptions;
  #facts: CallFacts | undefined;

  constructor(options: KnownFactsOptions) {
    this.#o = options;
  }

  /** Undefined until the stream has started. */
  get facts(): CallFacts | undefined {
    return this.#facts;
  }

  /** Tells the model what it is told in this call, once what is remembered of the caller is known, or does not come. */
  learn(facts: CallFacts): void {
    const { agent, memory, clock, run, awaitPersonal, personalise, missed } = this.#o;
    this.#facts = facts;
    if (!memory || !facts.from || !recalls(agent)) return personalise(instructionOf(agent, facts));
    awaitPersonal();
    const found = memory.of(facts.from).catch(() => undefined);
    within(clock, recallMs, found).then((known) =>
      run(() => {
        if (known === undefined) missed();
        this.#facts = { ...facts, memory: known ?? '' };
        personalise(instructionOf(agent, this.#facts));
      }),
    );
  }
}
