import type { CallObserver } from '../../src/call/index.ts';
import type { ServerOptions } from '../../src/server/index.ts';
import { loadCaller, runDialogue, type SimulatedCaller, spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { Watcher } from '../helpers/watcher.ts';

/** A call with a barge-in, a cough of a word, keys, and an end; always the same. */
export class WatchedCall {
  readonly stage: SimulatedServer;
  readonly caller: SimulatedCaller;
  #isOver = false;
  #failure: Error | undefined;

  private constructor(stage: SimulatedServer, caller: SimulatedCaller) {
    this.stage = stage;
    this.caller = caller;
  }

  static async open(
    agent = '',
    observers: readonly CallObserver[] = [],
    server: Partial<ServerOptions> = {},
  ): Promise<WatchedCall> {
    const stage = await SimulatedServer.open({
      script: {
        greeting: spoken('greeting'),
        turns: [
          { heard: 'hello-hours', reply: spoken('hours') },
          { heard: 'for-tomorrow-at-five', reply: spoken('offer') },
          { heard: 'yes', reply: spoken('booked') },
        ],
      },
      agent,
      server: () => ({ observersFor: () => observers, ...server }),
    });
    const caller = stage.dial();
    const watched = new WatchedCall(stage, caller);
    const [hours, tomorrow, yes] = await Promise.all([
      loadCaller('hello-hours'),
      loadCaller('for-tomorrow-at-five'),
      loadCaller('yes'),
    ]);
    runDialogue(caller, [
      { wait: 'agentFinished', withinMs: 20_000 },
      { say: hours, afterMs: 400 },
      { say: tomorrow, afterAgentAudibleMs: 900 },
      { wait: 'agentFinished', withinMs: 30_000, afterSilenceMs: 300 },
      { press: '7' },
      { say: yes, afterMs: 2500 },
      { wait: 'agentFinished', withinMs: 30_000 },
      { hangUp: true },
      { wait: 'ended', withinMs: 5000 },
    ]).then((outcome) => {
      watched.#failure = outcome.failure?.error;
      watched.#isOver = true;
    });
    // the call is accepted
    await stage.clock.run(20);
    return watched;
  }

  get callId(): string {
    const [callId] = [...this.stage.server.viewing.hub.live];
    if (!callId) throw new Error('expected a live call');
    return callId;
  }

  watch(personal = true): Watcher {
    const watcher = new Watcher({ personal });
    this.stage.server.viewing.hub.watchCall(watcher, this.callId);
    return watcher;
  }

  /** Lets so many ms pass; false when the call is over. */
  async pass(ms: number): Promise<boolean> {
    await this.stage.clock.run(ms, () => this.#isOver);
    return !this.#isOver;
  }

  async finish(): Promise<void> {
    await this.stage.clock.run(120_000, () => this.#isOver);
    await this.stage.clock.run(2000);
    if (this.#failure) throw this.#failure;
  }
}
