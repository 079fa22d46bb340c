/** The version of `@statelyai/inspect` whose messages these are, one JSON text each. */
export const statelyVersion = '0.7.2';

interface StatelyBase {
  /** Of the actor; unique among all calls of the service. */
  readonly sessionId: string;
  /** Of the call's own actor. */
  readonly rootId: string;
  /** Ms since 1970, as a text. */
  readonly createdAt: string;
  readonly id: null;
  readonly _version: typeof statelyVersion;
}

/** An actor's state, without personal data. */
export interface StatelySnapshot {
  readonly status: string;
  readonly value?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly historyValue?: Readonly<Record<string, unknown>>;
  readonly children?: Readonly<Record<string, unknown>>;
}

/** An event by its type and what of it anybody may read. */
export interface StatelyEvent {
  readonly type: string;
}

/** There is an actor. */
export interface StatelyActorMessage extends StatelyBase {
  readonly type: '@xstate.actor';
  readonly name: string;
  readonly parentId: string | undefined;
  /** The machine's configuration, as JSON. */
  readonly definition: string;
  readonly snapshot: StatelySnapshot;
}

/** What is relayed. */
export type StatelyMessage =
  | StatelyActorMessage
  | (StatelyBase & {
      readonly type: '@xstate.event';
      readonly event: StatelyEvent;
      readonly sourceId: string | undefined;
    })
  | (StatelyBase & {
      readonly type: '@xstate.snapshot';
      readonly event: StatelyEvent;
      readonly snapshot: StatelySnapshot;
    });

/** Texts that are words of Baari's own; all others may be anybody's, and stay here. */
const ownWords = ['floor', 'because', 'verdict', 'outcome', 'about', 'meaning', 'farewell'];

/** The fields of an event or a context that anybody may read: numbers, yes and no, and Baari's own words. */
export function publicFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
      if (typeof value === 'string' && ownWords.includes(name)) return [[name, value]];
      return [];
    }),
  );
}
