import { type Agent } from '../agents/index.ts';
import type { Log } from '../observe/index.ts';
import {
  createScorers,
  type Inference,
  kindForAll,
  type Scorers,
  SileroUnavailable,
  WorkerInference,
} from '../speech/index.ts';
import type { Clock } from '../time/index.ts';
import { UserError } from './output.ts';

/** What tells speech from noise for these agents. @throws UserError when one insists on what cannot run here */
export async function openScorers(agents: Iterable<Agent>, clock: Clock, log: Log): Promise<Scorers> {
  const kind = kindForAll([...agents].map(({ detector }) => detector.kind));
  try {
    return await createScorers({ kind, clock, log });
  } catch (error) {
    if (error instanceof SileroUnavailable) throw new UserError(`detector.kind: ${error.message}`);
    throw error;
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
