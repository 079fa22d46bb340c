import { expect, test } from 'vitest';
import { docsProfile, type ExotelProfile } from '../../../src/sim/index.ts';
import { dialled, type Rig, tone } from './scripted-bridge.ts';

interface Switch {
  readonly name: string;
  readonly profile?: Partial<ExotelProfile>;
  readonly address?: string;
  readonly expected: (rig: Rig) => string;
}

const start = (rig: Rig, rest: string): string =>
  `{"event":"start","stream_sid":"${rig.caller.identity.streamSid}",${rest}`;
const body = (rig: Rig): string =>
  `"start":{"stream_sid":"${rig.caller.identity.streamSid}","call_sid":"${rig.caller.identity.callSid}","account_sid":"acmeclinic1"`;
const numbers = '"from":"09000000001","to":"08000000002"';
const live = '"media_format":{"encoding":"base64","sample_rate":"8000","bit_rate":"128kbps"}';

const switches: Switch[] = [
  {
    name: 'no custom_parameters when the address has none',
    expected: (rig) => start(rig, `"sequence_number":"1",${body(rig)},${numbers},${live}}}`),
  },
  {
    name: 'numbers in place of strings',
    profile: { values: 'numbers' },
    expected: (rig) =>
      start(
        rig,
        `"sequence_number":1,${body(rig)},${numbers},"media_format":{"encoding":"base64","sample_rate":8000,"bit_rate":"128kbps"}}}`,
      ),
  },
  {
    name: 'the documented profile',
    profile: docsProfile,
    expected: (rig) =>
      start(
        rig,
        `"sequence_number":"1",${body(rig)},"from":"+919000000001","to":"+918000000002","media_format":{"encoding":"audio/x-raw","sample_rate":"8000","bit_rate":"128kbps"}}}`,
      ),
  },
  {
    name: '16 kHz asked for by the address',
    address: 'ws://bridge.test/exotel/bakery?sample-rate=16000',
    expected: (rig) =>
      start(
        rig,
        `"sequence_number":"1",${body(rig)},${numbers},"media_format":{"encoding":"base64","sample_rate":"16000","bit_rate":"256kbps"}}}`,
      ),
  },
  {
    name: '24 kHz asked for by the profile',
    profile: { sampleRateHz: 24_000, bitRate: '128kbps' },
    expected: (rig) =>
      start(
        rig,
        `"sequence_number":"1",${body(rig)},${numbers},"media_format":{"encoding":"base64","sample_rate":"24000","bit_rate":"128kbps"}}}`,
      ),
  },
  {
    name: 'custom_parameters left out',
    address: 'ws://bridge.test/exotel/bakery?tenant=acme',
    profile: { customParameters: 'omitted' },
    expected: (rig) => start(rig, `"sequence_number":"1",${body(rig)},${numbers},${live}}}`),
  },
  {
    name: 'a CustomField as a single HTML-escaped key',
    profile: { customField: '{"leadId":"42","note":"<a & b>"}' },
    expected: (rig) =>
      start(
        rig,
        `"sequence_number":"1",${body(rig)},${numbers},"custom_parameters":{"{&quot;leadId&quot;:&quot;42&quot;,&quot;note&quot;:&quot;&lt;a &amp; b&gt;&quot;}":""},${live}}}`,
      ),
  },
  {
    name: 'camelCase names, but not those of custom parameters',
    address: 'ws://bridge.test/exotel/bakery?my_tenant=acme',
    profile: { names: 'camelCase' },
    expected: ({ caller: { identity } }) =>
      `{"event":"start","streamSid":"${identity.streamSid}","sequenceNumber":"1","start":{"streamSid":"${identity.streamSid}","callSid":"${identity.callSid}","accountSid":"acmeclinic1",${numbers},"customParameters":{"my_tenant":"acme"},"mediaFormat":{"encoding":"base64","sampleRate":"8000","bitRate":"128kbps"}}}`,
  },
];

test.each(switches)('start shows $name', async ({ profile, address, expected }) => {
  const rig = await dialled({ ...(profile ? { profile } : {}), ...(address ? { address } : {}) });
  expect(rig.bridge.of('start').map(({ text }) => text)).toEqual([expected(rig)]);
});

const frames: { profile: Partial<ExotelProfile>; bytes: number; perSecond: number }[] = [
  { profile: {}, bytes: 320, perSecond: 50 },
  { profile: { sampleRateHz: 16_000 }, bytes: 640, perSecond: 50 },
  { profile: { sampleRateHz: 24_000 }, bytes: 960, perSecond: 50 },
  { profile: docsProfile, bytes: 1600, perSecond: 10 },
];

test.each(frames)(
  'sends $perSecond frames of $bytes bytes a second',
  async ({ profile, bytes, perSecond }) => {
    const { clock, bridge } = await dialled({ profile });
    await clock.run(1000);
    expect(bridge.of('media')).toHaveLength(perSecond);
    expect(bridge.uplink.byteLength).toBe(bytes * perSecond);
  },
);

test('numbers in media: chunk and sequence number, while timestamp stays a string', async () => {
  const { clock, bridge } = await dialled({ profile: { values: 'numbers' } });
  await clock.run(20);
  expect(bridge.of('media')[0]?.text).toContain('"sequence_number":2,"media":{"chunk":1,"timestamp":"20",');
});

test('media runs ahead of start by as many frames as asked for', async () => {
  const { clock, caller, bridge } = await dialled({ profile: { framesBeforeStart: 3 } });
  bridge.media(tone(20));
  await clock.run(100);
  const events = bridge.arrivals.map(({ text }) => /"event":"(\w+)"/.exec(text)?.[1]);
  expect(events).toEqual(['connected', 'media', 'media', 'media', 'start', 'media', 'media']);
  expect(bridge.of('start')[0]?.text).toContain('"sequence_number":"4"');
  expect(caller.violations.map(({ kind }) => kind)).toEqual(['before-start']);
  expect(caller.received).toEqual([]);
});

test('repeats start with the next sequence number and the same contents', async () => {
  const { clock, bridge } = await dialled({ profile: { duplicateStartAtMs: 50 } });
  await clock.run(100);
  const [first, second] = bridge.of('start');
  expect(second?.atMs).toBe(50);
  expect(second?.text).toBe(first?.text.replace('"sequence_number":"1"', '"sequence_number":"4"'));
});

test('opens a second connection for the same call and reports what became of it', async () => {
  const { clock, caller, bridge, bridges } = await dialled({ profile: { secondConnectionAtMs: 100 } });
  await clock.run(200);
  const second = bridges[1];
  expect(bridges).toHaveLength(2);
  expect(second?.of('start')[0]?.text).toBe(bridge.of('start')[0]?.text);
  expect(second?.of('media').length).toBe(5);
  expect(second?.of('media')[0]?.text).toContain(
    '"sequence_number":"2","media":{"chunk":"1","timestamp":"120"',
  );
  second?.media(tone(20));
  second?.close(1008, 'duplicate');
  await clock.run(100);
  expect(caller.duplicate).toEqual({
    openedAtMs: 100,
    messages: 1,
    ended: { code: 1008, reason: 'duplicate', atMs: 200 },
  });
  expect(caller.received).toEqual([]);
  expect(caller.state).toBe('streaming');
  expect(bridge.of('media')).toHaveLength(15);
});

test('late frames stay in order, and each is late by less than the jitter', async () => {
  const { clock, bridge } = await dialled({ profile: { uplinkJitterMs: 60 } });
  await clock.run(2000);
  const media = bridge.of('media');
  const chunks = media.map(({ text }) => Number(/"chunk":"(\d+)"/.exec(text)?.[1]));
  expect(chunks).toEqual(chunks.map((_, at) => at + 1));
  const latenessMs = media.map(({ atMs }, at) => atMs - (at + 1) * 20);
  expect(Math.min(...latenessMs)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...latenessMs)).toBeGreaterThan(30);
  expect(Math.max(...latenessMs)).toBeLessThan(60);
});

test('late downlink messages stay in order, a close included', async () => {
  const { clock, caller, bridge } = await dialled({ profile: { downlinkJitterMs: 100 } });
  for (let at = 0; at < 20; at += 1) bridge.media(tone(20, 1000 + at));
  bridge.mark('end');
  bridge.close(1000, 'done');
  await clock.run(1000);
  const arrivals = caller.received.map(({ arrivedMs }) => arrivedMs);
  expect(arrivals).toHaveLength(20);
  expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
  expect(new Set(arrivals).size).toBeGreaterThan(2);
  expect(caller.closeReport?.code).toBe(1000);
  expect(caller.closeReport?.atMs).toBeGreaterThanOrEqual(arrivals.at(-1) ?? Number.NaN);
});

const addresses: { name: string; profile: Partial<ExotelProfile>; url: string }[] = [
  { name: 'stripped of its query on a live call', profile: {}, url: 'wss://host.test/exotel/bakery' },
  {
    name: 'with its query when that is preserved',
    profile: { query: 'preserved' },
    url: 'wss://host.test/exotel/bakery?sample-rate=16000&tenant=acme',
  },
];

test.each(addresses)('dials the address $name, credentials in a Basic header', async ({ profile, url }) => {
  const dials: unknown[] = [];
  await dialled({
    address: 'wss://user:p%40ss@host.test/exotel/bakery?sample-rate=16000&tenant=acme',
    profile: { ...profile, answersPings: false },
    dial: (...args) => {
      dials.push(args);
      throw new Error('enough');
    },
  }).catch(() => {});
  const headers = { authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` };
  expect(dials).toEqual([[url, { headers, answersPings: false }]]);
});

const refused: { name: string; options: Parameters<typeof dialled>[0]; message: string }[] = [
  { name: 'another rate', options: { address: 'ws://b.test/?sample-rate=44100' }, message: 'found 44100' },
  { name: 'no URL', options: { address: 'bridge.test' }, message: 'address: expected a ws:// or wss:// URL' },
  {
    name: 'too many parameters',
    options: { address: 'ws://b.test/?a=1&b=2&c=3&d=4' },
    message: 'found 4 with 8',
  },
  { name: 'no number', options: { from: '12' }, message: 'found "12"' },
  {
    name: 'a loss above 1',
    options: { profile: { markLossRate: 2 } },
    message: 'markLossRate: expected 0 to 1',
  },
  { name: 'a frame of 25 ms', options: { profile: { frameMs: 25 } }, message: 'multiple of 10, found 25' },
];

test.each(refused)('refuses $name, naming it', async ({ options, message }) => {
  await expect(dialled(options)).rejects.toThrow(message);
});
