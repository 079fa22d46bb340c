import {
  applyCallChanges,
  applyListChanges,
  type CallPicture,
  type Hello,
  type ListPicture,
  type Problem,
  type WatchMessage,
  type WatchQuestion,
} from '../../inspection/format.ts';

/** What a page knows of one call that it watches. */
export interface WatchedCall {
  /** Undefined until the service has told it. */
  readonly picture?: CallPicture | undefined;
  /** It is over; `outcome` is undefined when the process that carried it is gone. */
  readonly over?: { readonly outcome: string | undefined } | undefined;
  /** Why it cannot be watched. */
  readonly problem?: Problem | undefined;
  /** Something was missed: what comes is left aside until the whole picture comes again. */
  readonly isStale?: boolean;
}

/** All that a page knows of live calls. */
export interface WatchKnowledge {
  readonly hello?: Hello | undefined;
  readonly list?: ListPicture | undefined;
  /** Something was missed in the list. */
  readonly isListStale: boolean;
  readonly calls: ReadonlyMap<string, WatchedCall>;
}

/** Nothing. */
export const nothingKnown: WatchKnowledge = { isListStale: false, calls: new Map() };

/** What is known after a message, and what is to be asked because something before it is missing. */
export interface Learnt {
  readonly knowledge: WatchKnowledge;
  readonly ask?: WatchQuestion | undefined;
}

/** Takes a message of the service in; one of a call that is not watched (any more) changes nothing. */
export function learn(knowledge: WatchKnowledge, message: WatchMessage): Learnt {
  switch (message.type) {
    case 'hello':
      return { knowledge: { ...knowledge, hello: message } };
    case 'calls':
      return { knowledge: { ...knowledge, list: message, isListStale: false } };
    case 'calls.changes': {
      if (!knowledge.list || knowledge.isListStale) return { knowledge };
      const list = applyListChanges(knowledge.list, message);
      if (list) return { knowledge: { ...knowledge, list } };
      return { knowledge: { ...knowledge, isListStale: true }, ask: { watch: 'calls' } };
    }
    case 'call': {
      const { type: _, ...picture } = message;
      return { knowledge: withCall(knowledge, picture.callId, () => ({ picture })) };
    }
    case 'call.changes': {
      const { callId } = message;
      const watched = knowledge.calls.get(callId);
      if (!watched?.picture || watched.isStale || watched.over) return { knowledge };
      const picture = applyCallChanges(watched.picture, message);
      if (picture) return { knowledge: withCall(knowledge, callId, () => ({ picture })) };
      return {
        knowledge: withCall(knowledge, callId, (last) => ({ ...last, isStale: true })),
        ask: { watch: 'call', callId },
      };
    }
    case 'call.over': {
      const { callId, outcome } = message;
      return { knowledge: withCall(knowledge, callId, (last) => ({ ...last, over: { outcome } })) };
    }
    case 'problem': {
      const { callId } = message;
      if (callId === undefined) return { knowledge };
      return { knowledge: withCall(knowledge, callId, (last) => ({ ...last, problem: message })) };
    }
  }
}

/** Begins to know of a call. */
export function withWatched(knowledge: WatchKnowledge, callId: string): WatchKnowledge {
  return { ...knowledge, calls: new Map(knowledge.calls).set(callId, {}) };
}

/** Forgets a call. */
export function withoutWatched(knowledge: WatchKnowledge, callId: string): WatchKnowledge {
  const calls = new Map(knowledge.calls);
  calls.delete(callId);
  return { ...knowledge, calls };
}

function withCall(
  knowledge: WatchKnowledge,
  callId: string,
  next: (last: WatchedCall) => WatchedCall,
): WatchKnowledge {
  const last = knowledge.calls.get(callId);
  return last ? { ...knowledge, calls: new Map(knowledge.calls).set(callId, next(last)) } : knowledge;
}
