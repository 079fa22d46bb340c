import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ListeningGemini, loadVoice, SimulatedGemini } from '../../src/sim/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { BaariProcess, freePort } from '../helpers/baari-process.ts';
import { expectHeardWhole } from '../helpers/bystander.ts';
import { RawStream } from '../helpers/raw-stream.ts';
import { lines, says, script, TestCall } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const apiKey = 'a-key-that-nobody-may-read-91c2';
const withinMs = 15_000;

const folder = mkdtempSync(join(tmpdir(), 'baari-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function listen(greeting: Int16Array): Promise<ListeningGemini> {
  return SimulatedGemini.listen({
    clock: systemClock,
    chance: systemChance,
    script: { ...script, greeting: says('Welcome.', greeting) },
    setupMs: 0,
    playbackScale: 0.2,
  });
}

const folderOf = (name: string, files: Readonly<Record<string, string>>): string => {
  const path = mkdtempSync(join(folder, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
};

test.concurrent('with a key and an address: serves ws://127.0.0.1:PORT/exotel/bakery and lets a live call finish', async () => {
  const lastWords = loadVoice('prices').slice(0, 48_000);
  const gemini = await listen(lastWords);
  const port = await freePort();
  const noFolder = join(folderOf('records', { 'a-file': '' }), 'a-file');
  await using baari = new BaariProcess(['serve'], {
    env: {
      PORT: String(port),
      GEMINI_API_KEY: apiKey,
      GOOGLE_GEMINI_BASE_URL: gemini.url,
      BAARI_LOG_LEVEL: 'debug',
      BAARI_DRAIN_MS: '0',
      // a record that cannot be written does not harm the call
      BAARI_RECORDS: noFolder,
    },
  });
  try {
    expect(await baari.listening()).toBe(`http://127.0.0.1:${port}`);
    expect(baari.stdout).toContain(`Baari answers calls on http://127.0.0.1:${port} with Gemini Live\n`);
    expect(baari.stdout).toContain(`  bakery  ws://127.0.0.1:${port}/exotel/bakery\n`);
    await until('the warning', () => baari.stderr || undefined);
    expect(baari.stderr.split('\n')).toEqual([
      'warning: no credentials are configured; fine on loopback, not on the internet',
      // the shop of the example
      expect.stringMatching(
        /^warning: .*bakery\.yaml:\d+:\d+ .*variable BAARI_SHOP_TOKEN, found none; the tool fails/,
      ),
      '',
    ]);

    const call = new TestCall(`ws://127.0.0.1:${port}/exotel/bakery`, {});
    await call.caller.wait.agentAudible({ withinMs });
    const health = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(await health.json()).toEqual({ status: 'ok', calls: 1 });
    await until('all of the greeting', () =>
      baari.log.find(({ msg }) => msg === 'gemini.generationComplete'),
    );
    baari.kill('SIGTERM');
    await expectHeardWhole(call, lastWords);
    expect(await call.caller.wait.ended({ withinMs })).toMatchObject({ code: 1000, by: 'bridge' });
    expect(await baari.ended()).toBe(0);

    expect(baari.log.filter(({ msg }) => msg === 'call.ended')).toMatchObject([{ outcome: 'agentEnded' }]);
    const failed = baari.log.filter(({ msg }) => msg === 'record.failed');
    expect(failed[0]).toMatchObject({ level: 'error', message: expect.stringMatching(/ENOTDIR|EEXIST/) });
    expect(baari.log.find(({ msg }) => msg === 'record.incomplete')).toMatchObject({
      failures: failed.length,
    });
    expect(baari.log.some(({ msg }) => msg === 'server.stopped')).toBe(true);
    expect(baari.stdout + baari.stderr).not.toContain(apiKey);
  } finally {
    await gemini.close();
  }
});

test.concurrent('without a key: says that Gemini is simulated, and answers', async () => {
  await using baari = new BaariProcess(['serve', '--port', '0', '--log-level', 'warn']);
  const base = await baari.listening();
  expect(baari.stdout).toContain('with the built-in simulated Gemini: no key in GEMINI_API_KEY.');
  const call = new TestCall(`${base.replace('http', 'ws')}/exotel/bakery`, {});
  await call.caller.wait.agentAudible({ withinMs });
  call.caller.hangUp();
  await call.caller.wait.ended({ withinMs });
  expect(await (await fetch(base)).text()).toContain('<title>Baari</title>');
  const agents = await fetch(`${base}/api/agents`);
  expect(await agents.text()).toContain(`${base.replace('http', 'ws')}/exotel/bakery`);
  baari.kill('SIGTERM');
  expect(await baari.ended()).toBe(0);
  expect(baari.log).toEqual([]);
});

test.concurrent('with a key that Gemini refuses: the log says so, without the key', async () => {
  const gemini = await listen(lines.greeting);
  gemini.gemini.arm({ fault: { kind: 'httpStatus', status: 401 } });
  await using baari = new BaariProcess(['serve', '--port', '0'], {
    env: { GOOGLE_API_KEY: apiKey, GOOGLE_GEMINI_BASE_URL: gemini.url, BAARI_LOG_LEVEL: 'trace' },
  });
  try {
    const base = await baari.listening();
    const call = new TestCall(`${base.replace('http', 'ws')}/exotel/bakery`, {});
    // the apology
    await call.caller.wait.agentAudible({ withinMs });
    const failed = await until('the failure', () => baari.log.find(({ msg }) => msg === 'gemini.failed'));
    expect(failed).toMatchObject({ code: 'gemini.unauthorised', message: expect.stringMatching(/HTTP 401/) });
    call.caller.hangUp();
    await call.caller.wait.ended({ withinMs });
    // twice at once, as a terminal and npm do
    baari.kill('SIGINT');
    baari.kill('SIGINT');
    expect(await baari.ended()).toBe(0);
    expect(baari.stdout + baari.stderr).not.toContain(apiKey);
  } finally {
    await gemini.close();
  }
});

test.concurrent.each(['process', 'group'] as const)(
  'under npx: SIGTERM to the %s ends it with 0',
  async (to) => {
    const port = await freePort();
    await using baari = new BaariProcess(['serve', '--json'], {
      npx: true,
      env: { PORT: String(port), BAARI_DRAIN_MS: '0' },
    });
    expect(await baari.listening()).toBe(`http://127.0.0.1:${port}`);
    expect(JSON.parse(baari.stdout.split('\n')[0] ?? '')).toEqual({
      address: `http://127.0.0.1:${port}`,
      model: 'simulated',
      agents: ['bakery', 'clinic', 'delivery'].map((name) => ({
        name,
        address: `ws://127.0.0.1:${port}/exotel/${name}`,
      })),
    });
    const stream = new RawStream(`ws://127.0.0.1:${port}/exotel/bakery`);
    await stream.opened();
    baari.kill('SIGTERM', to);
    expect(await baari.ended()).toBe(0);
    await stream.ended();
  },
);

test.concurrent('a port that is taken ends it with 1 and one line', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await using baari = new BaariProcess(['serve'], { env: { PORT: String(port) } });
  expect(await baari.ended()).toBe(1);
  expect(baari.stderr).toBe(
    `baari: cannot listen on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
  );
  expect(baari.stdout).toBe('');
  taken.close();
});

test.concurrent('an agent file that is wrong is told by file, line and column; the good one is served', async () => {
  const agents = folderOf('mixed', {
    'good.yaml': 'prompt: You answer the phone.\n',
    'bad.yaml': 'prompt: You answer the phone.\nplayout:\n  chunk_ms: 30\n',
  });
  await using baari = new BaariProcess(['serve', '--port', '0', '--agents', agents]);
  const base = await baari.listening();
  expect(baari.stderr.split('\n')[0]).toBe(
    `${agents}/bad.yaml:3:13  playout.chunk_ms: expected a whole number from 20 to 200 ms, a multiple of 20, found 30`,
  );
  const address = base.replace('http', 'ws');
  const bad = new RawStream(`${address}/exotel/bad`);
  expect(await bad.refusal()).toEqual({ status: 404, body: 'there is no agent named "bad" here' });
  const call = new TestCall(`${address}/exotel/good`, {});
  await call.caller.wait.agentAudible({ withinMs });
  call.caller.hangUp();
  baari.kill('SIGTERM');
  expect(await baari.ended()).toBe(0);
});

test.concurrent('a folder in which no agent file is good ends it with 1', async () => {
  const agents = folderOf('wrong', { 'bad.yaml': 'prompt: x\nvoice: Nobody\n' });
  await using baari = new BaariProcess(['serve', '--port', '0'], { env: { BAARI_AGENTS: agents } });
  expect(await baari.ended()).toBe(1);
  expect(baari.stderr).toMatch(
    new RegExp(
      `^${agents}/bad.yaml:2:8 {2}voice: expected .*\nbaari: no agent to serve: expected at least one good agent file in ${agents}\n$`,
    ),
  );
  expect(baari.stdout).toBe('');
});
