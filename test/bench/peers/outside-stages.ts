import { callerOf, type Stage, type StageOptions } from '../../../src/cli/rehearse/stage.ts';
import {
  type GeminiScript,
  type GeminiSetup,
  type ListeningGemini,
  SimulatedGemini,
  scriptOf,
} from '../../../src/sim/index.ts';
import { seededChance, systemClock } from '../../../src/time/index.ts';

/**
 * Sets calls of a rehearsal up on a bridge that runs in a process of its own, in real time. All of them share one simulated
 * Gemini, as the bridge does: it tells whose session it is by `caller=<number>` in the instruction.
 */
export class OutsideStages implements AsyncDisposable {
  readonly #listening: ListeningGemini;
  readonly #scripts: Map<string, GeminiScript>;
  #calls = 0;

  private constructor(listening: ListeningGemini, scripts: Map<string, GeminiScript>) {
    this.#listening = listening;
    this.#scripts = scripts;
  }

  static async listen(seed: number): Promise<OutsideStages> {
    const scripts = new Map<string, GeminiScript>();
    const listening = await SimulatedGemini.listen({
      clock: systemClock,
      chance: seededChance(seed),
      script: (_, setup) => scripts.get(numberIn(setup)) ?? { turns: [], afterwards: 'silent' },
    });
    return new OutsideStages(listening, scripts);
  }

  /** The base URL that the bridge is to have. */
  get url(): string {
    return this.#listening.url;
  }

  /** A call of a scenario; its caller dials the bridge at `address`. */
  stage(address: string, options: StageOptions): Stage {
    this.#calls += 1;
    const number = `9${String(this.#calls).padStart(9, '0')}`;
    this.#scripts.set(number, scriptOf(options.scenario));
    return {
      clock: systemClock,
      caller: callerOf(options, systemClock, address, { from: `0${number}` }),
      sessions: () =>
        this.#listening.gemini.sessions.filter(({ observation: { setup } }) => numberIn(setup) === number),
      async play(work) {
        await work;
      },
      close: async () => {
        this.#scripts.delete(number);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening.close();
  }
}

/** The last ten digits of the caller's number, whichever way it is written. */
function numberIn(setup: GeminiSetup | undefined): string {
  const told = JSON.stringify(setup?.systemInstruction ?? '');
  return /caller=\+?\d*(\d{10})\b/.exec(told)?.[1] ?? '';
}
