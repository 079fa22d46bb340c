import type { Agent } from '../agents/index.ts';
import type { CallerMemory } from '../call/index.ts';
import type { RecordStore } from '../records/index.ts';
import type { Clock } from '../time/index.ts';

const dayMs = 86_400_000;
/** Earlier calls that are told of. */
const earlierCalls = 3;

/** What an agent remembers of callers, kept with the records; of another agent's callers it knows nothing. */
export function callerMemory(store: RecordStore, clock: Clock, agent: Agent): CallerMemory {
  const { name, records, timeZone } = agent;
  const dateOf = (ms: number): string =>
    new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
  return {
    async of(number) {
      const [facts, { calls }] = await Promise.all([
        store.memoryOf(name, number, clock.wallMs()),
        store.search({ agent: name, number, limit: earlierCalls }),
      ]);
      const told = [
        ...facts.map(({ fact }) => fact.replace(/[.\s]*$/, '.')),
        ...calls.map(({ startedAtMs }) => `Called on ${dateOf(startedAtMs)}.`),
      ];
      return told.join(' ');
    },
    async keep(number, fact) {
      const atMs = clock.wallMs();
      await store.remember(name, number, { fact, atMs, keepUntilMs: atMs + records.memoryDays * dayMs });
    },
  };
}
