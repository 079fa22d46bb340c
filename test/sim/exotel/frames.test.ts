import { expect, test } from 'vitest';
import { SimulatedCaller } from '../../../src/sim/index.ts';
import { seededChance } from '../../../src/time/index.ts';
import { memorySocketPair } from '../../../src/wire/index.ts';
import { dialled, ramp } from './scripted-bridge.ts';
import { StallingClock } from './stalling-clock.ts';

const silence20 = `${'A'.repeat(427)}=`;

test('sends the frames of a live call byte for byte, with one sequence counter', async () => {
  const { clock, caller, bridge } = await dialled({ address: 'ws://bridge.test/exotel/bakery?tenant=acme' });
  await clock.run(20);
  caller.pressDigit('4');
  bridge.mark('utt-1');
  await clock.run(20);
  caller.hangUp();
  await clock.run(100);

  const { streamSid: sid, callSid } = caller.identity;
  const ids = `"account_sid":"acmeclinic1"`;
  expect(bridge.arrivals.map(({ text }) => text)).toEqual([
    '{"event":"connected"}',
    `{"event":"start","stream_sid":"${sid}","sequence_number":"1","start":{"stream_sid":"${sid}","call_sid":"${callSid}",${ids},"from":"09000000001","to":"08000000002","custom_parameters":{"tenant":"acme"},"media_format":{"encoding":"base64","sample_rate":"8000","bit_rate":"128kbps"}}}`,
    `{"event":"media","stream_sid":"${sid}","sequence_number":"2","media":{"chunk":"1","timestamp":"20","payload":"${silence20}"}}`,
    `{"event":"dtmf","stream_sid":"${sid}","sequence_number":"3","dtmf":{"digit":"4","duration":"120"}}`,
    `{"event":"mark","stream_sid":"${sid}","sequence_number":"4","mark":{"name":"utt-1"}}`,
    `{"event":"media","stream_sid":"${sid}","sequence_number":"5","media":{"chunk":"2","timestamp":"40","payload":"${silence20}"}}`,
    `{"event":"stop","stream_sid":"${sid}","sequence_number":"6","stop":{"call_sid":"${callSid}",${ids},"reason":"canceled or call ended"}}`,
  ]);
});

test('names calls with hex-like identifiers that end in another letter', async () => {
  const { caller } = await dialled();
  expect(caller.identity.streamSid).toMatch(/^[0-9a-f]{31}[g-z]$/);
  expect(caller.identity.callSid).toMatch(/^[0-9a-f]{31}[g-z]$/);
  expect(caller.identity.callSid).not.toBe(caller.identity.streamSid);
});

test('sends a frame each 20 ms for a minute without drift, silence included', async () => {
  const { clock, bridge } = await dialled();
  await clock.run(60_000);
  const media = bridge.of('media');
  expect(media).toHaveLength(3000);
  expect(media.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 3000 }, (_, at) => (at + 1) * 20));
});

test('keeps a caller speaking through a stall: the missed frames follow at once and nothing is lost', async () => {
  const clock = new StallingClock();
  const frames: { atMs: number; payload: string }[] = [];
  const caller = new SimulatedCaller({
    clock,
    chance: seededChance(1),
    address: 'ws://bridge.test/',
    dial: () => {
      const [near, far] = memorySocketPair(clock);
      far.listen({
        onFrame: (data) => {
          const payload = /"payload":"([^"]*)"/.exec(data.toString())?.[1];
          if (payload !== undefined) frames.push({ atMs: clock.nowMs(), payload });
        },
        onClose: () => {},
      });
      return near;
    },
  });
  caller.call();
  await clock.inner.run(100);
  caller.say(ramp(2000));
  await clock.inner.run(100);
  clock.stall(1305);
  await clock.inner.run(0);
  expect(frames).toHaveLength(75); // 1505 ms
  expect(frames.filter(({ atMs }) => atMs === 1505)).toHaveLength(65);
  await clock.inner.run(795);
  expect(frames.map(({ atMs }) => atMs).slice(75, 78)).toEqual([1520, 1540, 1560]);
  const bytes = Buffer.concat(frames.map(({ payload }) => Buffer.from(payload, 'base64')));
  const uplink = new Int16Array(new Uint8Array(bytes).buffer);
  expect(uplink.slice(800, 800 + 16_000)).toEqual(ramp(2000));
  expect(caller.spoken.samples()).toEqual(uplink);
});
