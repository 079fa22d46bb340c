import { describe, expect, it } from 'vitest';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

/** Callers who say nothing, and an agent who does not ask them. */
const patient = 'patience:\n  reprompt_after_ms: 60000\n';
const script = { greeting: spoken('greeting'), turns: [{ reply: spoken('goodbye') }] };
const finishMs = 30_000;
/** The wait for the goodbye, last words and the closing handshake. */
const partingMs = 10_000 + 5000 + 100;

const never = new AbortController().signal;

async function busy(calls: number, hangUpAfterMs: (call: number) => number | undefined, said = script) {
  const stage = await SimulatedServer.open({ agent: patient, script: said });
  const callers = Array.from({ length: calls }, (_, call) => {
    const caller = stage.dial();
    const afterMs = hangUpAfterMs(call);
    if (afterMs !== undefined) stage.clock.setTimeout(() => caller.hangUp(), afterMs);
    return caller;
  });
  await stage.clock.run(10_000);
  expect(stage.server.calls.size).toBe(calls);
  return { stage, callers, startedMs: stage.clock.nowMs() };
}

withoutDoneWarnings();

describe('a server that is drained under live calls', () => {
  it('cuts none before the limit, takes none meanwhile, and lets the agent say goodbye to the rest', async () => {
    // every other one hangs up of their own accord in the course of the drain
    const calls = 50;
    const { stage, callers, startedMs } = await busy(calls, (call) =>
      call % 2 ? 10_500 + call * 500 : undefined,
    );
    const drained = stage.server.drain(finishMs, never);
    const late = stage.dial();
    await stage.clock.run(finishMs - 1);
    expect(late.state).toBe('ended');
    expect(stage.ended).toHaveLength(calls / 2);
    expect(stage.ended.every(({ summary }) => summary.outcome === 'callerHungUp')).toBe(true);
    expect(stage.server.calls.size).toBe(calls / 2);

    await stage.play(drained);
    const parted = stage.ended.slice(calls / 2);
    expect(parted).toHaveLength(calls / 2);
    for (const { atMs, summary } of parted) {
      expect(summary).toMatchObject({ outcome: 'agentEnded', failure: undefined });
      expect(atMs - startedMs).toBeGreaterThan(finishMs + 1000);
      expect(atMs - startedMs).toBeLessThan(finishMs + partingMs);
    }
    // the goodbye was heard, and to its end: the carrier was not told to clear anything
    for (const caller of callers.filter((_, call) => call % 2 === 0)) {
      const heard = caller.received.filter(({ playedFromMs }) => playedFromMs > startedMs + finishMs);
      expect(heard.length).toBeGreaterThan(10);
      expect(heard.every(({ droppedSamples }) => droppedSamples === 0)).toBe(true);
    }
  });

  it('is done as soon as the last call is over', async () => {
    const { stage, startedMs } = await busy(10, (call) => 10_500 + call * 50);
    await stage.play(stage.server.drain(finishMs, never));
    expect(stage.clock.nowMs() - startedMs).toBeLessThan(2000);
  });

  it('is done at once when there is no call', async () => {
    const stage = await SimulatedServer.open({ script });
    await stage.play(stage.server.drain(finishMs, never), 1);
  });

  it.each([
    { when: 'while calls may finish', afterMs: 1000 },
    { when: 'while goodbyes are said', afterMs: finishMs + 100 },
  ])('waits for last words only once it is hurried, $when', async ({ afterMs }) => {
    const calls = 10;
    const { stage } = await busy(calls, () => undefined);
    const hurry = new AbortController();
    const drained = stage.server.drain(finishMs, hurry.signal);
    await stage.clock.run(afterMs);
    expect(stage.server.calls.size).toBe(calls);
    hurry.abort();
    const hurriedMs = stage.clock.nowMs();
    await stage.play(drained);
    expect(stage.ended).toHaveLength(calls);
    expect(stage.clock.nowMs() - hurriedMs).toBeLessThan(5100);
  });

  it('closes the line of an agent whose goodbye does not end', async () => {
    const endless = { ...script, turns: [{ reply: spoken('cakes') }] };
    const { stage, callers, startedMs } = await busy(2, () => undefined, endless);
    const ends = Promise.all(
      callers.map((caller) => caller.wait.ended({ withinMs: finishMs + 2 * partingMs })),
    );
    await stage.play(stage.server.drain(1000, never));
    expect(stage.clock.nowMs() - startedMs).toBeLessThan(1000 + partingMs + 1000);
    for (const end of await stage.play(ends)) expect(end).toMatchObject({ code: 1000, by: 'bridge' });
    for (const { summary } of stage.ended) expect(summary.outcome).toBe('agentEnded');
  });
});
