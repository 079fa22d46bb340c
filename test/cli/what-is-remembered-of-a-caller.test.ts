import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { callerMemory } from '../../src/cli/caller-memory.ts';
import { FolderStore, type RecordStore } from '../../src/records/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { folderWith } from '../agents/temporary-folder.ts';
import { agentOf } from '../helpers/simulated-call.ts';
import { storedCall } from '../records/stored-calls.ts';

const asha = '+919000000001';
const dayMs = 86_400_000;

/** A store whose records say what is given for them. */
function storeOf(records: Readonly<Record<string, object>>, isSlow = false): RecordStore {
  const store = new FolderStore({ folder: folderWith({}), numberKey: undefined });
  store.files.open = async (callId) => {
    if (isSlow) await new Promise(() => undefined);
    const bytes = Buffer.from(JSON.stringify(records[callId] ?? {}));
    return { sizeBytes: bytes.length, stream: Readable.from([bytes]) };
  };
  return store;
}

describe('what an agent knows of a caller', () => {
  const agent = agentOf('records: { memory_days: 2 }');
  const other = { ...agent, name: 'clinic' };
  const calls = [
    storedCall('a', '2026-05-03T10:00:00Z', { agent: agent.name, from: asha, outcome: 'transferred' }),
    storedCall('b', '2026-05-04T10:00:00Z', { agent: agent.name, from: asha, outcome: 'agentEnded' }),
    storedCall('c', '2026-05-05T10:00:00Z', { agent: agent.name, from: asha, outcome: 'unheardOf' }),
    storedCall('d', '2026-05-06T10:00:00Z', { agent: 'clinic', from: asha }),
  ];
  const records = {
    a: { summary: 'Asha wants her cake back' },
    b: { extraction: { data: { summary: 'Two loaves are ordered.' } } },
  };

  it('has her earlier calls, how they ended and what they were about', async () => {
    const store = storeOf(records);
    await store.put(calls);
    expect(await callerMemory(store, new SimulatedClock(), agent).of(asha)).toBe(
      'Called on 5 May 2026. ' +
        'Called on 4 May 2026: it came to its end. Two loaves are ordered. ' +
        'Called on 3 May 2026: they were passed on to a person. Asha wants her cake back.',
    );
    await store.close();
  });

  it('is told without what does not come in time', async () => {
    const clock = new SimulatedClock();
    const store = storeOf(records, true);
    await store.put(calls.slice(0, 1));
    const told = callerMemory(store, clock, agent).of(asha);
    let known: string | undefined;
    told.then((words) => {
      known = words;
    });
    await expect
      .poll(async () => {
        await clock.run(200);
        return known;
      })
      .toBe('Called on 3 May 2026: they were passed on to a person.');
    await store.close();
  });

  it('has facts of its own only, the latest first, until their days are over', async () => {
    const clock = new SimulatedClock();
    const store = storeOf({});
    const own = callerMemory(store, clock, agent);
    await own.keep(asha, 'Her name is Asha');
    await callerMemory(store, clock, other).keep(asha, 'She is ill.');
    await clock.run(dayMs);
    await own.keep('09000000001', 'She likes rye.');
    expect(await own.of(asha)).toBe('She likes rye. Her name is Asha.');
    expect(await own.of('+919000000002')).toBe('');
    await clock.run(dayMs);
    expect(await own.of(asha)).toBe('She likes rye.');
    await clock.run(dayMs);
    expect(await own.of(asha)).toBe('');
    await store.close();
  });
});
