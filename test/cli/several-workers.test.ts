import { createServer } from 'node:net';
import { expect, it, test } from 'vitest';
import { Restarts } from '../../src/cli/service/restarts.ts';
import { BaariProcess, freePort } from '../helpers/baari-process.ts';
import { TestCall } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const withinMs = 15_000;

test.concurrent('two workers share the calls; one that is killed takes only its own with it, and is replaced', async () => {
  await using baari = new BaariProcess(['serve', '--workers', '2', '--port', '0', '--log-level', 'info'], {
    env: { BAARI_DRAIN_MS: '0', BAARI_METRICS_TOKEN: 'scraper', BAARI_API_TOKEN: 'the-token-of-everything' },
  });
  const base = await baari.listening();
  expect(baari.stdout.split('\n')[0]).toContain(`Baari answers calls on ${base} with`);
  const ready = () => baari.log.filter(({ msg }) => msg === 'worker.ready');
  const startedOn = (call: TestCall) =>
    until(
      'the start of a call',
      () =>
        baari.log.find(
          ({ msg, callSid }) => msg === 'call.started' && callSid === call.caller.identity.callSid,
        )?.worker,
    );
  await until('both workers', () => ready().length === 2 || undefined);
  const dial = () => new TestCall(`${base.replace('http', 'ws')}/exotel/bakery`, {});
  const calls = [dial(), dial()];
  const [doomed, kept] = calls;
  if (!doomed || !kept) throw new Error('expected two calls');
  for (const { caller } of calls) await caller.wait.agentAudible({ withinMs });
  const doomedWorker = await startedOn(doomed);
  expect(doomedWorker).not.toBe(await startedOn(kept));

  const metrics = async (): Promise<string> =>
    (await fetch(`${base}/metrics`, { headers: { authorization: 'Bearer scraper' } })).text();
  const before = await metrics();
  expect(before).toContain('baari_workers 2\n');
  expect(before).toContain('baari_calls_live{agent="bakery"} 2\n');

  // whichever worker is asked, it tells of the calls of both, and reaches them
  const headers = { authorization: 'Bearer the-token-of-everything', 'content-type': 'application/json' };
  const told = await (await fetch(`${base}/api/live`, { headers })).json();
  expect(told).toMatchObject({ calls: [{ agent: 'bakery' }, { agent: 'bakery' }] });
  for (const { callId } of (told as { calls: { callId: string }[] }).calls) {
    const body = JSON.stringify({ sentence: 'One moment.' });
    const said = await fetch(`${base}/api/live/${callId}/say`, { method: 'POST', headers, body });
    expect(said.status).toBe(200);
  }

  process.kill(Number(ready().find(({ worker }) => worker === doomedWorker)?.pid), 'SIGKILL');
  expect(await doomed.caller.wait.ended({ withinMs })).toMatchObject({ code: 1006 });
  const lost = await until('the loss', () => baari.log.find(({ msg }) => msg === 'worker.lost'));
  expect(lost).toMatchObject({ level: 'error', worker: doomedWorker, signal: 'SIGKILL', again: 100 });
  await until('a new worker', () => ready().length === 3 || undefined);

  // one of these comes to the new worker
  const more = [dial(), dial()];
  for (const { caller } of more) await caller.wait.agentAudible({ withinMs });
  const workers = await Promise.all(more.map(startedOn));
  expect(workers).toContain(ready()[2]?.worker);
  expect(kept.caller.state).toBe('streaming');
  expect(await metrics()).toContain('baari_workers_lost_total 1\n');

  baari.kill('SIGTERM');
  for (const { caller } of [kept, ...more]) {
    expect(await caller.wait.ended({ withinMs })).toMatchObject({ code: 1000, by: 'bridge' });
  }
  expect(await baari.ended()).toBe(0);
  expect(baari.log.filter(({ msg }) => msg === 'server.stopped')).toHaveLength(2);
});

test.concurrent('a port that is taken ends all workers with 1 and one line', async () => {
  const port = await freePort();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  await using baari = new BaariProcess(['serve', '--workers', '2'], { env: { PORT: String(port) } });
  expect(await baari.ended()).toBe(1);
  const told = new RegExp(`^baari: cannot listen on 127\\.0\\.0\\.1:${port}: \\w+ EADDRINUSE[^\n]*\n$`);
  expect(baari.stderr).toMatch(told);
  taken.close();
});

it('workers that are lost again and again are replaced after growing pauses, and not for ever', () => {
  const restarts = new Restarts();
  const delays = Array.from({ length: 8 }, (_, loss) => restarts.lost(loss * 5000));
  expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 6400, undefined]);
});

it('losses that are long ago do not count', () => {
  const restarts = new Restarts();
  const delays = Array.from({ length: 20 }, (_, loss) => restarts.lost(loss * 61_000));
  expect(new Set(delays)).toEqual(new Set([100]));
});
