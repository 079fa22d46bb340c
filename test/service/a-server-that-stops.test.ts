import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { loadVoice } from '../../src/sim/index.ts';
import { expectHeardWhole } from '../helpers/bystander.ts';
import { says, TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

test.concurrent('lets a live call hear its last words, and takes no new ones', async () => {
  const lastWords = loadVoice('prices').slice(0, 48_000);
  const script = { greeting: says('A half kilo cake is', lastWords), turns: [] };
  await using service = await TestService.start({ gemini: { script } });
  const call = service.call();
  await call.caller.wait.agentAudible({ withinMs: 15_000 });
  await service.log.line('gemini.generationComplete');
  const stopped = service.server.stop();
  const refused = service.stream('/exotel/bakery');
  expect(await refused.refusal()).toEqual({
    status: 503,
    body: 'the server is stopping and takes no new calls',
  });
  // nor does a flow get the address of a stream that would be refused; calls that were are still answered for
  const resolved = await fetch(`${service.base}/exotel/bakery/resolve?CallSid=c1`);
  expect(resolved.status).toBe(503);
  expect(resolved.headers.get('retry-after')).toBe('10');
  expect(await resolved.json()).toEqual({ error: 'the server is stopping and takes no new calls' });
  const passthru = await fetch(`${service.base}/exotel/bakery/passthru?CallSid=c1&Stream[Status]=completed`);
  expect(passthru.status).toBe(200);
  const ready = await fetch(`${service.base}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'stopping', agents: 2 });
  await expectHeardWhole(call, lastWords);
  expect(await call.caller.wait.ended({ withinMs: 15_000 })).toMatchObject({ code: 1000, by: 'bridge' });
  expect((await service.ending(call)).summary).toMatchObject({ outcome: 'agentEnded', failure: undefined });
  await stopped;
});

test.concurrent('peers that never close their side, or never ask, do not keep the server from stopping', async () => {
  const service = await TestService.start();
  const port = Number(new URL(service.base).port);
  const silent = connect({ port, host: '127.0.0.1' });
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let answer = '';
  let isOver = false;
  peer.on('data', (text) => {
    answer += text;
  });
  for (const socket of [silent, peer]) socket.on('error', () => undefined);
  peer.on('close', () => {
    isOver = true;
  });
  peer.write(
    'GET /exotel/nobody HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await until('the refusal', () => answer.includes('there is no agent') || undefined);
  await until('both peers to be connected', () => silent.readyState === 'open' || undefined);
  await service[Symbol.asyncDispose]();
  silent.destroy();
  peer.destroy();
  await until('the end of the peer', () => isOver || undefined);
});
