import { describe, expect, it, test } from 'vitest';
import { loadApology, loadPleaseHold } from '../../src/call/index.ts';
import type { DoorOptions, ServerOptions } from '../../src/server/index.ts';
import { loadVoice, type SimulatedCaller, spoken } from '../../src/sim/index.ts';
import { memorySocketPair } from '../../src/wire/index.ts';
import { atCallRate, playedSamples, wasHeard } from '../helpers/bystander.ts';
import { startFrame } from '../helpers/raw-stream.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

const script = { greeting: spoken('greeting'), turns: [{ reply: spoken('goodbye') }] };
const patient = 'patience:\n  reprompt_after_ms: 60000\n';
const parking = `${patient}overload:\n  answer: park\n  longest_parked_ms: 20000\n  pause_ms: 1000\n`;

function open(agent: string, doors: DoorOptions): Promise<SimulatedServer> {
  const server = (): Partial<ServerOptions> => ({ doors });
  return SimulatedServer.open({ agent, script, server });
}

const heard = (caller: SimulatedCaller): Int16Array => playedSamples(caller);
// without the last of the silence behind them
const pleaseHold = atCallRate(loadPleaseHold(), 8000).slice(0, -400);
const apology = atCallRate(loadApology(), 8000).slice(0, -400);
const greeting = { samples: loadVoice('greeting'), sampleRateHz: 24_000 } as const;

withoutDoneWarnings();

describe('a call too many', () => {
  it.each([
    { what: 'for the process', agent: patient, doors: { limits: { maxCalls: 2 } } },
    { what: 'for the agent', agent: `${patient}limits:\n  calls: 2\n`, doors: {} },
  ])('$what is refused at once; when another is over there is room again', async ({ agent, doors }) => {
    const stage = await open(agent, doors);
    const [first] = [stage.dial(), stage.dial()];
    await stage.clock.run(3000);
    const third = stage.dial();
    await stage.clock.run(100);
    expect(third.state).toBe('ended');
    expect(stage.server.calls.size).toBe(2);
    first.hangUp();
    await stage.clock.run(500);
    const fourth = stage.dial();
    await stage.clock.run(3000);
    expect(fourth.state).toBe('streaming');
    expect(stage.ended).toHaveLength(1);
  });

  it('is one that comes while the process runs late', async () => {
    const loopLag = { lagMs: 150, start: () => undefined, stop: () => undefined };
    const stage = await open(patient, { loopLag });
    const late = stage.dial();
    await stage.clock.run(100);
    expect(late.state).toBe('ended');
    loopLag.lagMs = 90;
    const next = stage.dial();
    await stage.clock.run(3000);
    expect(next.state).toBe('streaming');
  });
});

describe('a call that is parked', () => {
  it('is asked to hold, and answered from the beginning when there is room', async () => {
    const stage = await open(parking, { limits: { maxCalls: 1 } });
    const first = stage.dial();
    await stage.clock.run(3000);
    const parked = stage.dial();
    await stage.clock.run(12_000);
    expect(stage.server.calls.size).toBe(1);
    expect(wasHeard(pleaseHold, heard(parked))).toBe(true);
    first.hangUp();
    await stage.clock.run(8000);
    expect(stage.server.calls.size).toBe(1);
    expect(parked.state).toBe('streaming');
    expect(parked.violations).toEqual([]);
    expect(stage.log.all('call.unparked')).toHaveLength(1);
    const { callSid } = parked.identity;
    expect(stage.log.all('call.started', { callSid })).toHaveLength(1);
    const said = atCallRate(greeting, 8000);
    const middle = said.subarray(said.length / 4, said.length / 2);
    expect(wasHeard(middle, heard(parked))).toBe(true);
    parked.hangUp();
    await stage.clock.run(1000);
    expect(stage.ended.map(({ summary }) => summary.outcome)).toEqual(['callerHungUp', 'callerHungUp']);
    expect(stage.server.doors.ledger.find(callSid)).toMatchObject({ outcome: 'callerHungUp' });
  });

  it('hears the apology when there has been no room for too long, and the flow goes on', async () => {
    const stage = await open(parking, { limits: { maxCalls: 1 } });
    stage.dial();
    await stage.clock.run(3000);
    const parked = stage.dial();
    await stage.clock.run(20_000 + 8000);
    expect(parked.state).toBe('ended');
    expect(wasHeard(apology, heard(parked))).toBe(true);
    expect(stage.log.all('call.parkingOver')).toMatchObject([{ why: 'waitedTooLong' }]);
    expect(stage.server.doors.ledger.find(parked.identity.callSid)).toMatchObject({ outcome: 'refused' });
    expect(stage.server.calls.size).toBe(1);
  });

  it('hangs up: nothing is left of it, and the next one is answered', async () => {
    const stage = await open(parking, { limits: { maxCalls: 1, maxParked: 1 } });
    const first = stage.dial();
    await stage.clock.run(3000);
    const parked = stage.dial();
    const tooMany = stage.dial();
    await stage.clock.run(2000);
    expect(tooMany.state).toBe('ended');
    parked.hangUp();
    await stage.clock.run(1000);
    expect(stage.server.doors.arrivals.parked).toBe(0);
    const next = stage.dial();
    await stage.clock.run(1000);
    first.hangUp();
    await stage.clock.run(3000);
    expect(next.state).toBe('streaming');
    expect(stage.log.all('call.unparked')).toHaveLength(1);
  });

  it('waits no longer when the server is drained', async () => {
    const stage = await open(parking, { limits: { maxCalls: 1 } });
    const first = stage.dial();
    await stage.clock.run(3000);
    const parked = stage.dial();
    await stage.clock.run(2000);
    const drained = stage.server.drain(10_000, new AbortController().signal);
    await stage.clock.run(8000);
    expect(parked.state).toBe('ended');
    expect(wasHeard(apology, heard(parked))).toBe(true);
    first.hangUp();
    await stage.play(drained);
  });

  it.each([
    { what: 'sends no start', frames: [], code: 1000, why: 'noStart' },
    { what: 'sends nonsense', frames: ['{'], code: 1007, why: 'badStart' },
  ])('$what: its place is free again', async ({ frames, code, why }) => {
    const stage = await open(parking, { limits: { maxCalls: 1 } });
    stage.dial();
    await stage.clock.run(3000);
    const [near, far] = memorySocketPair(stage.clock, 1);
    let closed: number | undefined;
    near.listen({ onFrame: () => undefined, onClose: (with_) => (closed = with_) });
    stage.server.accept(stage.agent.name, far);
    await stage.clock.run(100);
    for (const frame of frames) near.send(frame);
    await stage.clock.run(21_000);
    expect(closed).toBe(code);
    expect(stage.log.all('call.parkingOver')).toMatchObject([{ why }]);
    expect(stage.server.doors.arrivals.parked).toBe(0);
  });
});

test('a stream that sends more than it may is closed with 1008, and the call beside it loses nothing', async () => {
  const stage = await open(patient, {});
  const other = stage.dial();
  const [near, far] = memorySocketPair(stage.clock, 1);
  let closed: number | undefined;
  near.listen({ onFrame: () => undefined, onClose: (code) => (closed = code) });
  stage.server.accept(stage.agent.name, far);
  await stage.clock.run(100);
  near.send(JSON.stringify(startFrame('flood')));
  for (let n = 0; n < 6000; n += 1) near.send('{"event":"connected"}');
  await stage.clock.run(8000);
  expect(closed).toBe(1008);
  expect(stage.ended).toMatchObject([
    { summary: { outcome: 'lineFailed', failure: { code: 'exotel.flood' }, counts: { 'exotel.flood': 1 } } },
  ]);
  const said = atCallRate(greeting, 8000);
  expect(wasHeard(said.subarray(said.length / 4, said.length / 2), heard(other))).toBe(true);
  expect(other.state).toBe('streaming');
});

test('a carrier that takes no data is not fed, and given up after ten seconds', async () => {
  const stage = await open(patient, {});
  const [near, far] = memorySocketPair(stage.clock, 1);
  let unread = 0;
  let received = 0;
  near.listen({ onFrame: () => (received += 1), onClose: () => undefined });
  stage.server.accept(stage.agent.name, {
    get isOpen() {
      return far.isOpen;
    },
    get bufferedBytes() {
      return unread;
    },
    listen: (to) => far.listen(to),
    send: (frame) => far.send(frame),
    close: (code, reason) => far.close(code, reason),
    terminate: () => far.terminate(),
  });
  await stage.clock.run(10);
  near.send(JSON.stringify(startFrame('stuck')));
  await stage.clock.run(1500);
  expect(received).toBeGreaterThan(3);
  unread = 300_000;
  await stage.clock.run(100);
  const before = received;
  await stage.clock.run(9000);
  expect(received).toBe(before);
  expect(stage.server.calls.size).toBe(1);
  await stage.clock.run(4000);
  expect(stage.ended).toMatchObject([
    {
      summary: {
        outcome: 'lineFailed',
        failure: { code: 'exotel.stuck' },
        counts: { 'exotel.stuckCarrier': 1 },
      },
    },
  ]);
});
