import type { CallEvent } from '../../machines/index.ts';
import type { CallFacts } from '../agents/index.ts';
import type { CallPowers } from '../tools/index.ts';
import type { CallerMemory } from './caller-memory.ts';
import type { KeypadAsks } from './dtmf.ts';

/** What the powers of a call are made of. */
export interface CallPowersOptions {
  /** Hands an event to the call's chart. */
  readonly send: (event: Extract<CallEvent, { type: 'call.leave' }>) => void;
  /** Keeps the summary that goes with a call that is passed on. */
  readonly summarise: (summary: string) => void;
  readonly asks: KeypadAsks;
  readonly memory: CallerMemory | undefined;
  readonly facts: () => CallFacts | undefined;
}

/** What tools may do to their call. */
export function callPowers({ send, summarise, asks, memory, facts }: CallPowersOptions): CallPowers {
  return {
    leave: (branch = '') => send({ type: 'call.leave', to: '', branch }),
    transfer(to, summary) {
      summarise(summary);
      send({ type: 'call.leave', to, branch: '' });
    },
    askForDigits: (ask, signal) => asks.ask(ask, signal),
    async remember(fact) {
      const from = facts()?.from;
      if (!memory) throw new Error('nothing can be remembered here: no records are kept');
      if (!from) throw new Error('nothing can be remembered of a caller without a number');
      try {
        await memory.keep(from, fact);
      } catch {
        // what the store says may name it
        throw new Error('it could not be kept');
      }
    },
  };
}
