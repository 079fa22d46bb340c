import { describe, expect, it } from 'vitest';
import type { CallObserver } from '../../src/call/index.ts';
import { type GeminiScript, spoken } from '../../src/sim/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

const script: GeminiScript = { greeting: spoken('cakes'), turns: [{ reply: spoken('hours') }] };

/** Throws at the `nth` call. */
function brokenAt(nth: number): () => void {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls === nth) throw new Error('broken by the test');
  };
}

/** Where a defect can be met: each in another part of the call. */
const defects: { where: string; observer: CallObserver }[] = [
  { where: 'an action of the chart', observer: { event: brokenAt(4) } },
  { where: 'the first chunk of a reply', observer: { agentAudio: brokenAt(2) } },
  { where: 'a chunk on the shared clock', observer: { agentAudio: brokenAt(25) } },
  { where: 'the caller’s audio', observer: { callerAudio: brokenAt(30) } },
  { where: 'the start of the stream', observer: { started: brokenAt(1) } },
];

async function run(observer: CallObserver) {
  const memory = new MemoryLog();
  const service = new SimulatedService({ script, log: memory.log });
  const broken = service.dial({ observers: [observer] });
  const others: SimulatedCall[] = [service.dial(), service.dial(), service.dial()];
  await service.clock.run(8000);
  return { service, broken, others, memory };
}

describe.each(defects)('a defect in $where', ({ observer }) => {
  it('ends that call, and touches no other', async () => {
    const { service, broken, others, memory } = await run(observer);
    for (const { caller, seen, call } of others) {
      expect(call.scope.aborted).toBe(false);
      expect(caller.state).toBe('streaming');
      expect(caller.underruns).toEqual([]);
      expect(seen.types).toContain('playout.started');
    }
    expect(memory.all('call.failed', { code: 'call.defect', message: 'broken by the test' })).toHaveLength(1);
    expect(broken.call.scope.aborted).toBe(true);
    expect(broken.seen.summary?.failure?.code).toBe('call.defect');
    expect(broken.caller.state).toBe('ended');
    for (const { caller } of others) caller.hangUp();
    await service.clock.run(4000);
    expect(service.clock.pendingTimers).toBe(0);
    expect(service.registry.size).toBe(0);
    expect(broken.call.scope.aborted).toBe(true);
    for (const { observation } of service.sessions) expect(observation.closed).toBeDefined();
  });
});

it('a defect in the very last step still lets the call go', async () => {
  const { service, broken, memory } = await run({ ended: brokenAt(1) });
  broken.caller.hangUp();
  await service.clock.run(2000);
  expect(memory.all('call.failed')).toHaveLength(1);
  expect(service.over).toEqual(['call-1']);
});
