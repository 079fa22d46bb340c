import { type InspectionEvent, StateMachine } from 'xstate';
import { isChart } from '../../call/index.ts';
import { definitionOf } from '../../observe/index.ts';
import type { WatchableCall } from '../call-source.ts';
import {
  publicFields,
  type StatelyActorMessage,
  type StatelyEvent,
  type StatelyMessage,
  type StatelySnapshot,
  statelyVersion,
} from './stately-message.ts';

type Actor = InspectionEvent['actorRef'];

/** What is told of one call. */
export interface StatelyCallOptions {
  readonly callId: string;
  readonly agent: string;
  readonly call: WatchableCall;
  readonly wallMs: () => number;
  readonly tell: (message: StatelyMessage) => void;
}

/** The actors of one call in the words of Stately's inspector; keeps what a viewer who comes later has to be told. */
export class StatelyCall {
  readonly #o: StatelyCallOptions;
  readonly #rootId: string;
  readonly #actors = new Map<string, StatelyActorMessage>();
  readonly #detach: () => void;

  constructor(options: StatelyCallOptions) {
    this.#o = options;
    const charts = [...options.call.charts];
    this.#rootId = this.#idOf(charts[0]?.sessionId ?? '');
    for (const actor of charts) this.#register(actor, publicSnapshot(actor.getSnapshot()));
    this.#detach = options.call.inspect((inspection) => this.#take(inspection));
  }

  /** Every actor that runs, with its state: all that a late viewer lacks. */
  get whole(): StatelyMessage[] {
    return [...this.#actors.values()];
  }

  /** Lets go of the call. */
  end(): void {
    this.#detach();
  }

  #take(inspection: InspectionEvent): void {
    const { actorRef } = inspection;
    if (inspection.type === '@xstate.actor') return this.#meet(actorRef);
    if (inspection.type === '@xstate.event') {
      const { sourceRef } = inspection;
      this.#meet(actorRef);
      if (sourceRef) this.#meet(sourceRef);
      return this.#o.tell({
        type: '@xstate.event',
        ...this.#base(actorRef),
        event: publicEvent(inspection.event),
        sourceId: sourceRef && this.#idOf(sourceRef.sessionId),
      });
    }
    if (inspection.type !== '@xstate.snapshot') return;
    this.#meet(actorRef);
    const snapshot = publicSnapshot(inspection.snapshot);
    this.#o.tell({
      type: '@xstate.snapshot',
      ...this.#base(actorRef),
      event: publicEvent(inspection.event),
      snapshot,
    });
    const known = this.#actors.get(actorRef.sessionId);
    if (!known) return;
    if (snapshot.status === 'active') this.#actors.set(actorRef.sessionId, { ...known, snapshot });
    else this.#actors.delete(actorRef.sessionId);
  }

  /** An actor that is not known yet is told of before anything of it is. */
  #meet(actor: Actor): void {
    if (this.#actors.has(actor.sessionId)) return;
    // its first state follows: while it is being made there is none that could be read
    this.#o.tell(this.#register(actor, { status: 'active' }));
  }

  #register(actor: Actor, snapshot: StatelySnapshot): StatelyActorMessage {
    const logic: unknown = 'logic' in actor ? actor.logic : undefined;
    const name = 'id' in actor && typeof actor.id === 'string' ? actor.id : actor.sessionId;
    const isRoot = this.#idOf(actor.sessionId) === this.#rootId;
    const message: StatelyActorMessage = {
      type: '@xstate.actor',
      ...this.#base(actor),
      // calls stand beside each other in the inspector
      name: isRoot ? `${this.#o.agent} ${this.#o.callId.slice(0, 8)}` : name,
      parentId: isRoot ? undefined : this.#parentOf(actor),
      definition: logic instanceof StateMachine ? definitionOf(logic, 0) : JSON.stringify({ id: name }),
      snapshot,
    };
    this.#actors.set(actor.sessionId, message);
    return message;
  }

  #parentOf(actor: Actor): string {
    const parent: unknown = '_parent' in actor ? actor._parent : undefined;
    if (typeof parent !== 'object' || parent === null || !('sessionId' in parent)) return this.#rootId;
    return this.#idOf(String(parent.sessionId));
  }

  #base({ sessionId }: Actor) {
    return {
      sessionId: this.#idOf(sessionId),
      rootId: this.#rootId,
      createdAt: String(this.#o.wallMs()),
      id: null,
      _version: statelyVersion,
    } as const;
  }

  /** XState counts actors by process; several processes may be looked at together. */
  #idOf(sessionId: string): string {
    return `${this.#o.callId}:${sessionId}`;
  }
}

function publicEvent(event: { readonly type: string }): StatelyEvent {
  return { ...publicFields(event), type: event.type };
}

function publicSnapshot(snapshot: unknown): StatelySnapshot {
  if (!isChart(snapshot)) {
    const status = typeof snapshot === 'object' && snapshot !== null && 'status' in snapshot;
    // what an actor that is no chart was started with may be anything
    return { status: status ? String(snapshot.status) : 'active' };
  }
  const { status, value, context, tags, children } = snapshot;
  const names = Object.keys(children).map((id) => [id, { xstate$$type: 1, id }]);
  return {
    status,
    value,
    context: publicFields(context),
    tags: [...tags],
    historyValue: {},
    children: Object.fromEntries(names),
  };
}
