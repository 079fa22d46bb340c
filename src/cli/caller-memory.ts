import { json } from 'node:stream/consumers';
import * as z from 'zod';
import type { Agent } from '../agents/index.ts';
import type { CallerMemory } from '../call/index.ts';
import type { FoundCall, RecordStore } from '../records/index.ts';
import { type Clock, within } from '../time/index.ts';

const dayMs = 86_400_000;
/** Earlier calls that are told of. */
const earlierCalls = 3;
/** Longest wait for what their records say, ms; without it they are told of by date and outcome. */
const summaryMs = 120;
/** Largest record that is read for its summary, bytes, and longest summary that is told, characters. */
const largestRecordBytes = 1_000_000;
const longestSummary = 400;

const outcomes: Readonly<Record<string, string>> = {
  callerHungUp: 'they hung up',
  agentEnded: 'it came to its end',
  transferred: 'they were passed on to a person',
  callerSilent: 'they said nothing any more',
  timeLimit: 'it took too long and was ended',
  modelUnavailable: 'it failed',
  lineFailed: 'it failed',
  stopped: 'it was cut off',
  cutOff: 'it was cut off',
};

/** Where a record may have a summary: of a call that was passed on, or read out of the call by a field of that name. */
const ofTransfer = z.object({ summary: z.string() });
const ofExtraction = z.object({ extraction: z.object({ data: ofTransfer }) });

/** What an agent remembers of callers, kept with the records; of another agent's callers it knows nothing. */
export function callerMemory(store: RecordStore, clock: Clock, agent: Agent): CallerMemory {
  const { name, records, timeZone } = agent;
  const dateOf = (ms: number): string =>
    new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
  const callWords = async ({ callId, startedAtMs, outcome }: FoundCall): Promise<string> => {
    const how = outcomes[outcome];
    const summary = await within(
      clock,
      summaryMs,
      summaryOf(store, callId).catch(() => undefined),
    );
    return (
      sentence(`Called on ${dateOf(startedAtMs)}${how ? `: ${how}` : ''}`) + (summary ? ` ${summary}` : '')
    );
  };
  return {
    async of(number) {
      const [facts, { calls }] = await Promise.all([
        store.memoryOf(name, number, clock.wallMs()),
        store.search({ agent: name, number, limit: earlierCalls }),
      ]);
      // the latest first: where it is too much for a prompt, the oldest is left out
      const told = facts.toReversed().map(({ fact }) => sentence(fact));
      return [...(await Promise.all(calls.map(callWords))), ...told].join(' ');
    },
    async keep(number, fact) {
      const atMs = clock.wallMs();
      await store.remember(name, number, { fact, atMs, keepUntilMs: atMs + records.memoryDays * dayMs });
    },
  };
}

function sentence(words: string): string {
  return words.replace(/[.\s]*$/, '.');
}

async function summaryOf({ files }: RecordStore, callId: string): Promise<string | undefined> {
  const file = await files.open(callId, 'call.json');
  if (!file || file.sizeBytes > largestRecordBytes) {
    file?.stream.destroy();
    return undefined;
  }
  const record = await json(file.stream);
  const summary =
    ofTransfer.safeParse(record).data?.summary ??
    ofExtraction.safeParse(record).data?.extraction.data.summary;
  return summary && sentence(summary.slice(0, longestSummary));
}
