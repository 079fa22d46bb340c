import { WebSocket } from 'ws';
import type { CallPicture, WatchMessage } from '../../src/inspection/format.ts';
import { watchPath, watchProtocol } from '../../src/inspection/format.ts';

/** A state of the turn chart that lasted, and when it was entered, ms since 1970. */
export interface LastingState {
  readonly id: string;
  readonly enteredWallMs: number;
}

/** Follows a call beside the browser: what the service says of its turn chart. */
export class WatchedSteps implements Disposable {
  readonly #socket: WebSocket;
  readonly #steps: CallPicture['steps'][number][] = [];
  #acceptedWallMs = 0;

  constructor(base: string, callId: string) {
    this.#socket = new WebSocket(base.replace('http', 'ws') + watchPath, [watchProtocol]);
    this.#socket.on('open', () => this.#socket.send(JSON.stringify({ watch: 'call', callId })));
    this.#socket.on('message', (data) => this.#take(JSON.parse(String(data))));
  }

  /** States of the turn chart that were in force for so long, in order; the one in force now is not among them. */
  lasting(leastMs: number): LastingState[] {
    const steps = this.#steps.filter(({ actor }) => actor === 'turn');
    return steps.flatMap(({ atMs, to }, at) => {
      const left = steps[at + 1]?.atMs;
      if (left === undefined || left - atMs < leastMs) return [];
      return to.map((path) => ({ id: `turn.${path}`, enteredWallMs: this.#acceptedWallMs + atMs }));
    });
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }

  #take(message: WatchMessage): void {
    if (message.type === 'call') this.#acceptedWallMs = message.row.acceptedWallMs;
    else if (message.type === 'call.changes') this.#steps.push(...(message.steps ?? []));
  }
}
