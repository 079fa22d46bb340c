import type { CallObserver } from '../../call/index.ts';
import type { Log } from '../../observe/index.ts';
import type { Clock } from '../../time/index.ts';
import type { FrameSocket } from '../../wire/index.ts';
import { BoundedSocket } from '../bounded-socket.ts';
import type { WatchableCall } from '../call-source.ts';
import { maySee, type WatchGrant } from '../feed.ts';
import { StatelyCall } from './stately-call.ts';
import type { StatelyMessage } from './stately-message.ts';

/** What a relay is built from. */
export interface StatelyRelayOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A live call of this process. */
  readonly callOf: (callId: string) => WatchableCall | undefined;
}

/** Somebody who looks on through Stately's inspector. */
interface StatelyViewer {
  readonly grant: WatchGrant;
  /** The id of the only call to show, or how it begins; undefined for all. */
  readonly callId: string | undefined;
  readonly socket: BoundedSocket;
}

interface Known {
  readonly agent: string;
  told: StatelyCall | undefined;
}

/**
 * Relays what the charts of live calls do to viewers of Stately's inspector, in the messages of `@statelyai/inspect`. It never
 * tells what is personal, whoever asks: the inspector is a page of somebody else's.
 */
export class StatelyRelay {
  readonly #o: StatelyRelayOptions;
  readonly #calls = new Map<string, Known>();
  readonly #viewers = new Set<StatelyViewer>();

  constructor(options: StatelyRelayOptions) {
    this.#o = options;
  }

  /** What tells the relay of a call; to be among its observers from the beginning. */
  follow(callId: string, agent: string): CallObserver {
    this.#calls.set(callId, { agent, told: undefined });
    return { started: () => this.#attend(callId), ended: () => this.forget(callId) };
  }

  /** A call is over. */
  forget(callId: string): void {
    this.#calls.get(callId)?.told?.end();
    this.#calls.delete(callId);
  }

  /** Takes a viewer and tells it of every actor that runs; what is returned ends its connection. */
  join(
    socket: FrameSocket,
    grant: WatchGrant,
    callId: string | undefined,
    onGone: () => void,
  ): { close(code: number, reason: string): void } {
    const { clock, log } = this.#o;
    const bounded = new BoundedSocket(socket, {
      clock,
      log,
      // the inspector can send events to actors; calls take none from there
      onFrame: () => undefined,
      onGone: () => {
        this.#leave(viewer);
        onGone();
      },
    });
    const viewer: StatelyViewer = { grant, callId, socket: bounded };
    bounded.open();
    for (const [id, known] of this.#calls) {
      if (!wants(viewer, id, known)) continue;
      this.#attend(id, viewer);
      for (const message of known.told?.whole ?? []) bounded.send(JSON.stringify(message));
    }
    this.#viewers.add(viewer);
    return bounded;
  }

  /** Attaches to a call that somebody wants to see. */
  #attend(callId: string, newcomer?: StatelyViewer): void {
    const known = this.#calls.get(callId);
    const call = known && this.#o.callOf(callId);
    if (!known || !call || known.told) return;
    const viewers = [...this.#viewers, ...(newcomer ? [newcomer] : [])];
    if (!viewers.some((viewer) => wants(viewer, callId, known))) return;
    known.told = new StatelyCall({
      callId,
      agent: known.agent,
      call,
      wallMs: () => this.#o.clock.wallMs(),
      tell: (message) => this.#tell(callId, known, message),
    });
    for (const message of known.told.whole) this.#tell(callId, known, message);
  }

  #tell(callId: string, known: Known, message: StatelyMessage): void {
    let text: string | undefined;
    for (const viewer of [...this.#viewers]) {
      if (!wants(viewer, callId, known)) continue;
      text ??= JSON.stringify(message);
      viewer.socket.send(text);
    }
  }

  #leave(viewer: StatelyViewer): void {
    this.#viewers.delete(viewer);
    for (const [callId, known] of this.#calls) {
      if (!known.told || [...this.#viewers].some((other) => wants(other, callId, known))) continue;
      known.told.end();
      known.told = undefined;
    }
  }
}

function wants(viewer: StatelyViewer, callId: string, { agent }: Known): boolean {
  return maySee(viewer.grant, agent) && (viewer.callId === undefined || callId.startsWith(viewer.callId));
}
