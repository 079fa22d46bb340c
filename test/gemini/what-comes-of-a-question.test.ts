import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/time/index.ts';
import type { ScriptedConnection } from './scripted-server.ts';
import { ScriptedServer } from './scripted-server.ts';
import { WireRig } from './wire-rig.ts';

async function asked() {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock);
  const rig = new WireRig({ clock, dial: server.dial });
  await rig.connect('first', 1000);
  rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
  await rig.hear(100);
  rig.tell({ type: 'gemini.endCallerTurn' });
  await clock.run(1);
  return { clock, rig, connection: server.last };
}

interface Course {
  readonly title: string;
  readonly comes: (connection: ScriptedConnection) => void;
  readonly isEmpty: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

const end = (connection: ScriptedConnection, extra: object = {}): void =>
  connection.send({ serverContent: { turnComplete: true, ...extra } });

const courses: readonly Course[] = [
  {
    title: 'an answer that can be heard',
    comes: (connection) => {
      connection.audio(3000);
      end(connection);
    },
    isEmpty: false,
    counts: {},
  },
  { title: 'nothing', comes: end, isEmpty: true, counts: { emptyTurn: 1 } },
  {
    title: 'a rejected response',
    comes: (connection) => end(connection, { turnCompleteReason: 'RESPONSE_REJECTED' }),
    isEmpty: true,
    counts: { emptyTurn: 1, 'ended.RESPONSE_REJECTED': 1 },
  },
  {
    title: 'an end for a reason that is no word',
    comes: (connection) => end(connection, { turnCompleteReason: 'see https://…' }),
    isEmpty: true,
    counts: { emptyTurn: 1, 'ended.OTHER': 1 },
  },
  {
    title: 'audio that nobody can hear',
    comes: (connection) => {
      connection.audio(3);
      connection.audio(5);
      connection.send({ serverContent: { generationComplete: true } });
      end(connection);
    },
    isEmpty: true,
    counts: { nearZeroReply: 1 },
  },
  {
    title: 'a tool call',
    comes: (connection) => {
      connection.send({ toolCall: { functionCalls: [{ id: 'call_1', name: 'book', args: {} }] } });
      end(connection);
    },
    isEmpty: false,
    counts: {},
  },
  {
    title: 'the end of an earlier reply that the question cut',
    comes: (connection) => {
      connection.send({ serverContent: { interrupted: true } });
      end(connection);
    },
    isEmpty: false,
    counts: {},
  },
];

describe('to a question comes', () => {
  it.each(courses)('$title', async ({ comes, isEmpty, counts }) => {
    const { clock, rig, connection } = await asked();
    comes(connection);
    await clock.run(1);
    expect(rig.reports.at(-1)).toEqual({ type: 'wire.turnComplete', isEmpty });
    expect(rig.counts).toEqual(counts);
  });

  it('an interruption that nobody made, which is counted', async () => {
    const { clock, rig, connection } = await asked();
    connection.audio(3000);
    connection.send({ serverContent: { interrupted: true } });
    end(connection);
    await clock.run(1);
    expect(rig.counts).toEqual({ phantomInterrupted: 1 });
  });

  it('a sign of life once a second at most, and none once it is answered', async () => {
    const { clock, rig, connection } = await asked();
    const signs = (): number => rig.reports.filter(({ type }) => type === 'wire.alive').length;
    for (let at = 0; at < 50; at += 1) {
      connection.send({});
      await clock.run(100);
    }
    expect(signs()).toBe(4);
    connection.audio(3000);
    end(connection);
    await clock.run(1);
    for (let at = 0; at < 50; at += 1) {
      connection.send({});
      await clock.run(100);
    }
    expect(signs()).toBeLessThanOrEqual(5);
  });
});
