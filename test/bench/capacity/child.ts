import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pinned } from './pinned.ts';

/** How long a part of the load may take to begin, or to answer, ms. */
const longestMs = 120_000;

/** A part of the load in a process of its own, on the core that the bridge does not have. */
export class Child<Order> implements Disposable {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** @param file beside this one */
  static async begin<Order>(file: string): Promise<Child<Order>> {
    const [command = '', ...args] = pinned('load', [process.execPath, path.join(import.meta.dirname, file)]);
    const child = new Child<Order>(
      spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: process.env }),
    );
    await child.#answer();
    return child;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** What it answers to an order. @throws when it does not */
  async ask<Report>(order: Order): Promise<Report> {
    const answer = this.#answer();
    this.#process.send(order as object);
    return (await answer) as Report;
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }

  async #answer(): Promise<unknown> {
    const [message] = await once(this.#process, 'message', { signal: AbortSignal.timeout(longestMs) });
    return message.answered;
  }
}
