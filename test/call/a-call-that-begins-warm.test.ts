import { afterAll, describe, expect, it } from 'vitest';
import { type GeminiScript, spoken } from '../../src/sim/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { SimulatedService, type SimulatedServiceOptions } from '../helpers/simulated-call.ts';

const script: GeminiScript = { greeting: spoken('greeting'), turns: [{ reply: spoken('hours') }] };

function serviceOf(warmSessions: number, options: Partial<SimulatedServiceOptions> = {}, more = '') {
  const memory = new MemoryLog();
  const agent = `limits: { warm_sessions: ${warmSessions} }\n${more}`;
  const service = new SimulatedService({ script, agent, latencyMs: 15, log: memory.log, ...options });
  service.warm.start();
  return { service, memory };
}

/** From the caller's connection to the first sample of the greeting that the caller hears, ms of simulated time. */
async function toGreetingMs(service: SimulatedService) {
  const dialled = service.dial();
  let at = -1;
  await service.clock.run(20_000, () => {
    at = dialled.caller.heard.samples().findIndex((sample) => Math.abs(sample) > 300);
    return at >= 0;
  });
  return { ...dialled, ms: Math.round((at / 8000) * 1000) };
}

describe('the greeting is heard sooner', () => {
  const figures: string[] = [];
  afterAll(() => console.log(`call start to first greeting sample, ms\n${figures.join('\n')}`));

  it.each([150, 600])('by a set-up of %i ms', async (setupMs) => {
    const gemini = { setupMs };
    const cold = await toGreetingMs(serviceOf(0, { gemini }).service);
    const { service } = serviceOf(1, { gemini });
    await service.clock.run(3000);
    const warm = await toGreetingMs(service);
    figures.push(`  set-up ${setupMs} ms: cold ${cold.ms}, warm ${warm.ms}`);
    expect(warm.call).toBeDefined();
    // beside the set-up, the connection: two ways of 15 ms
    expect(cold.ms - warm.ms).toBeGreaterThanOrEqual(setupMs);
    expect(cold.ms - warm.ms).toBeLessThan(setupMs + 150);
    service.warm.close();
  });
});

it('counts and logs whether a session was ready, and only where sessions are kept', async () => {
  const { service, memory } = serviceOf(1);
  await service.clock.run(3000);
  const [first, second] = [await toGreetingMs(service), await toGreetingMs(service)];
  await service.clock.run(1000);
  const third = service.dial();
  const fourth = service.dial();
  await service.clock.run(5000);
  const calls = [first, second, third, fourth];
  for (const { call } of calls) call.abort();
  expect(calls.map(({ seen }) => seen.summary?.counts)).toMatchObject([
    { 'gemini.warmHit': 1 },
    { 'gemini.warmHit': 1 },
    { 'gemini.warmHit': 1 },
    { 'gemini.warmMiss': 1 },
  ]);
  expect(memory.all('gemini.warmStart').map(({ isHit }) => isHit)).toEqual([true, true, true, false]);
  service.warm.close();
  await service.clock.run(2000);
  expect(service.sessions.every(({ observation }) => observation.closed)).toBe(true);

  const plain = serviceOf(0);
  const { call, seen } = await toGreetingMs(plain.service);
  call.abort();
  expect(Object.keys(seen.summary?.counts ?? {}).filter((name) => name.includes('warm'))).toEqual([]);
  expect(plain.memory.all('gemini.warmStart')).toEqual([]);
});

it.each([true, false])('is as warm with an announcement, said or not: %s', async (areRecordsKept) => {
  const announcement = 'records: { announcement: This is recorded. }';
  const { service } = serviceOf(1, { areRecordsKept }, announcement);
  await service.clock.run(3000);
  const { call, seen } = await toGreetingMs(service);
  call.abort();
  expect(seen.summary?.counts['gemini.warmHit']).toBe(1);
  const told = JSON.stringify(service.sessions[0]?.observation).includes('This is recorded.');
  expect(told).toBe(areRecordsKept);
  service.warm.close();
});

it('resumes by the handle that its session was given before the call', async () => {
  const { service } = serviceOf(1);
  await service.clock.run(60_000);
  const { caller, seen } = await toGreetingMs(service);
  service.sessions[0]?.kill();
  await service.clock.run(3000);
  const resumed = service.sessions.filter(({ observation }) => observation.resumed);
  expect(resumed).toHaveLength(1);
  expect(seen.types).not.toContain('gemini.failed');
  caller.hangUp();
  service.warm.close();
  await service.clock.run(5000);
  expect(service.clock.pendingTimers).toBe(0);
});

it('begins as ever while no session can be set up ahead', async () => {
  const fault = { kind: 'close', code: 1011, reason: 'busy', at: { at: 'setup' } } as const;
  const { service, memory } = serviceOf(1, { faults: [{ fault, connection: 1 }] });
  await service.clock.run(300);
  const { call, seen, ms } = await toGreetingMs(service);
  expect(ms).toBeGreaterThan(0);
  call.abort();
  expect(seen.summary?.counts).toMatchObject({ 'gemini.warmMiss': 1 });
  expect(memory.all('gemini.warmFailed')).toMatchObject([{ code: 'gemini.closed', pauseMs: 1000 }]);
  service.warm.close();
});
