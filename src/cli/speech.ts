import type { Agent } from '../agents/index.ts';
import type { Log } from '../observe/index.ts';
import {
  createScorers,
  type Inference,
  kindForAll,
  type Scorers,
  type ScorersLog,
  SileroUnavailable,
  WorkerInference,
} from '../speech/index.ts';
import type { Clock } from '../time/index.ts';
import type { AgentFault } from './door-settings.ts';
import { UserError } from './output.ts';

/** Keeps what is said too early, so that the first line on stdout is the one that tells the addresses. */
export class EarlyLog implements ScorersLog {
  readonly #log: Log;
  #kept: (() => void)[] | undefined = [];

  constructor(log: Log) {
    this.#log = log;
  }

  info(fields: object, event: string): void {
    this.#say(() => this.#log.info(fields, event));
  }

  warn(fields: object, event: string): void {
    this.#say(() => this.#log.warn(fields, event));
  }

  error(fields: object, event: string): void {
    this.#say(() => this.#log.error(fields, event));
  }

  /** Says what was kept; from now on all is said at once. */
  release(): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const say of kept) say();
  }

  #say(say: () => void): void {
    if (this.#kept) this.#kept.push(say);
    else say();
  }
}

/** What tells speech from noise for these agents. @throws UserError when one insists on what cannot run here */
export async function openScorers(agents: Iterable<Agent>, clock: Clock, log: ScorersLog): Promise<Scorers> {
  const kind = kindForAll([...agents].map(({ detector }) => detector.kind));
  try {
    return await createScorers({ kind, clock, log });
  } catch (error) {
    if (error instanceof SileroUnavailable) throw new UserError(`detector.kind: ${error.message}`);
    throw error;
  }
}

/** The scorers of a running service, whose agents may come to want another kind. */
export class ServiceScorers {
  readonly #clock: Clock;
  readonly #log: ScorersLog;
  #kind: ReturnType<typeof kindForAll>;
  #now: Scorers;
  /** Live calls still have seats at these. */
  readonly #before: Scorers[] = [];

  /** @throws UserError when an agent insists on what cannot run here */
  static async open(agents: Iterable<Agent>, clock: Clock, log: ScorersLog): Promise<ServiceScorers> {
    const all = [...agents];
    const kind = kindForAll(all.map(({ detector }) => detector.kind));
    return new ServiceScorers(kind, await openScorers(all, clock, log), clock, log);
  }

  private constructor(kind: ReturnType<typeof kindForAll>, scorers: Scorers, clock: Clock, log: ScorersLog) {
    this.#kind = kind;
    this.#now = scorers;
    this.#clock = clock;
    this.#log = log;
  }

  scorerFor(settings: Parameters<Scorers['scorerFor']>[0]): ReturnType<Scorers['scorerFor']> {
    return this.#now.scorerFor(settings);
  }

  /** Makes ready what an agent wants: why that cannot be. */
  async admit({ detector: { kind } }: Agent): Promise<AgentFault | undefined> {
    const isThere =
      kind === 'energy' || (kind === 'auto' && this.#kind !== 'energy') || this.#now.kind === 'silero';
    if (isThere) return undefined;
    try {
      const next = await createScorers({ kind, clock: this.#clock, log: this.#log });
      this.#before.push(this.#now);
      this.#now = next;
      this.#kind = kind;
      return undefined;
    } catch (error) {
      if (!(error instanceof SileroUnavailable)) throw error;
      return { path: 'detector.kind', expected: 'a detector that runs here', found: error.message };
    }
  }

  async close(): Promise<void> {
    for (const scorers of [...this.#before, this.#now]) await scorers.close();
  }
}

/** One model for many simulated clocks, one after the other: it answers before simulated time goes on. */
export class SimulatedSpeech {
  #model: Promise<WorkerInference> | undefined;

  /** Scorers on `clock`; closing them leaves the model open for the next. */
  scorersOn(agent: Agent, clock: Clock, log: Log): Promise<Scorers> {
    return createScorers({
      kind: agent.detector.kind,
      clock,
      log,
      isSynchronous: true,
      openModel: () => this.#borrow(),
    });
  }

  async close(): Promise<void> {
    const model = await this.#model?.catch(() => undefined);
    await model?.close();
  }

  async #borrow(): Promise<Inference> {
    this.#model ??= WorkerInference.open({ isSynchronous: true });
    const model = await this.#model;
    return {
      batch: model.batch,
      run: (frames, done) => model.run(frames, done),
      close: () => Promise.resolve(),
    };
  }
}
