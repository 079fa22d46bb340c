import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { SimulatedGemini } from '../../src/sim/index.ts';
import { delay, systemChance, systemClock } from '../../src/time/index.ts';
import { script } from '../helpers/service.ts';

/** `settle`: collect the garbage, then tell; `look`: tell at once. */
export type Question = 'settle' | 'look';

/** How a server stands: its address, bytes of heap and buffers, bytes of the process, live calls and calls that ended. */
export interface Answer {
  readonly base: string;
  readonly heap: number;
  readonly rss: number;
  readonly calls: number;
  readonly ended: number;
}

/** From the end of a call to the end of what it held, ms. */
const lettingGoMs = 4000;

/** A real server in its own process, with a simulated Gemini in this one. */
export class ServerProcess implements AsyncDisposable {
  readonly base: string;
  readonly #child: ChildProcess;
  readonly #close: () => Promise<void>;

  private constructor(child: ChildProcess, base: string, close: () => Promise<void>) {
    this.#child = child;
    this.base = base;
    this.#close = close;
  }

  static async start(): Promise<ServerProcess> {
    const gemini = await SimulatedGemini.listen({
      clock: systemClock,
      chance: systemChance,
      script,
      setupMs: 0,
    });
    const child = fork(new URL('./served.ts', import.meta.url), [gemini.url], { execArgv: ['--expose-gc'] });
    const { base } = await ask(child, 'look');
    return new ServerProcess(child, base, () => gemini.close());
  }

  ask(question: Question): Promise<Answer> {
    return ask(this.#child, question);
  }

  /** How it stands some seconds after the last call, with the garbage collected. @throws Error when calls stay for a minute */
  async settled(): Promise<Answer> {
    for (let looks = 0; looks < 600; looks += 1) {
      const { calls } = await this.ask('look');
      if (calls === 0) break;
      if (looks === 599) throw new Error(`${calls} calls are stuck`);
      await delay(systemClock, 100);
    }
    // a call's sessions and sockets are let go within seconds
    await delay(systemClock, lettingGoMs);
    await this.ask('settle');
    return this.ask('settle');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await this.#close();
  }
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(question);
  const [answer]: Answer[] = await answered;
  if (!answer) throw new Error('the server told nothing');
  return answer;
}

/** Bytes in MB, for a table. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
