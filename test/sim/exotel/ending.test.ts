import { expect, test } from 'vitest';
import { SimulatedClock } from '../../../src/time/index.ts';
import { memorySocketPair } from '../../../src/wire/index.ts';
import { dialled, tone } from './scripted-bridge.ts';

test('a caller hangs up: stop, then the line drops with 1006', async () => {
  const { clock, caller, bridge } = await dialled();
  await clock.run(210);
  caller.hangUp();
  expect(caller.state).toBe('leaving');
  await clock.run(500);
  expect(bridge.arrivals.at(-1)?.text).toContain('"event":"stop"');
  expect(bridge.arrivals.at(-1)?.atMs).toBe(210);
  expect(bridge.closes).toEqual([{ code: 1006, reason: '', atMs: 230 }]);
  expect(caller.closeReport).toEqual({ code: 1006, reason: '', by: 'caller', phase: 'streaming', atMs: 210 });
  expect(bridge.of('media')).toHaveLength(10);
});

test('a caller loses the line: no stop', async () => {
  const { clock, caller, bridge } = await dialled();
  await clock.run(210);
  caller.dropLine();
  await clock.run(500);
  expect(bridge.of('stop')).toEqual([]);
  expect(bridge.closes).toEqual([{ code: 1006, reason: '', atMs: 210 }]);
  expect(caller.closeReport).toMatchObject({ code: 1006, by: 'caller', atMs: 210 });
});

test('a bridge closes: its code, its reason, and what was queued is not heard', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(tone(500));
  await clock.run(210);
  bridge.close(1000, 'goodbye');
  await clock.run(500);
  expect(caller.closeReport).toEqual({
    code: 1000,
    reason: 'goodbye',
    by: 'bridge',
    phase: 'streaming',
    atMs: 210,
  });
  expect(caller.heard.lengthMs).toBe(210);
  expect(bridge.of('stop')).toEqual([]);
});

test('a bridge drops the connection: 1006 by the bridge', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.terminate();
  await clock.run(10);
  expect(caller.closeReport).toMatchObject({ code: 1006, by: 'bridge' });
});

test('Exotel ends a stream at its longest: stop, then a drop', async () => {
  const { clock, caller, bridge } = await dialled({ profile: { maxStreamMs: 1000 } });
  await clock.run(2000);
  expect(bridge.of('media')).toHaveLength(50);
  expect(bridge.of('stop')).toHaveLength(1);
  expect(caller.closeReport).toMatchObject({ code: 1006, by: 'exotel', atMs: 1000 });
});

test('a handshake that never ends is given up after 10 s and repeated once', async () => {
  const clock = new SimulatedClock();
  const silent = new SimulatedClock(); // its sockets never open
  const { caller } = await dialled({ clock, dial: () => memorySocketPair(silent)[0] });
  await clock.run(9999);
  expect(caller.events.map(({ kind }) => kind)).toEqual(['dialled']);
  await clock.run(1);
  expect(caller.events.map(({ kind }) => kind)).toEqual(['dialled', 'retried']);
  await clock.run(10_000);
  expect(caller.closeReport).toEqual({
    code: 1006,
    reason: 'no handshake within 10000 ms',
    by: 'bridge',
    phase: 'dialling',
    atMs: 20_000,
  });
});

test('a refused handshake is repeated once, and the second one can succeed', async () => {
  const clock = new SimulatedClock();
  let dials = 0;
  const { caller } = await dialled({
    clock,
    dial: () => {
      const [near] = memorySocketPair(clock);
      dials += 1;
      if (dials === 1) near.terminate();
      return near;
    },
  });
  await clock.run(100);
  expect(dials).toBe(2);
  expect(caller.state).toBe('streaming');
});

test('a caller gives up while dialling', async () => {
  const clock = new SimulatedClock();
  const { caller } = await dialled({ clock, dial: () => memorySocketPair(new SimulatedClock())[0] });
  await clock.run(3000);
  caller.hangUp();
  await clock.run(60_000);
  expect(caller.closeReport).toMatchObject({ code: 1006, by: 'caller', phase: 'dialling', atMs: 3000 });
  expect(caller.events.map(({ kind }) => kind)).toEqual(['dialled', 'ended']);
});
