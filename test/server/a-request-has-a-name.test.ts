import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { until } from '../helpers/until.ts';

it('which its answer tells, and by which the log finds it; its path is not in the log', async () => {
  const { server, log } = await SimulatedServer.open({ script: { greeting: spoken('greeting'), turns: [] } });
  try {
    const answer = await fetch(`${await server.listen()}/healthz?token=secret`);
    const requestId = answer.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f]{16}$/);
    const line = await log.line('http.answered', {});
    expect(line).toMatchObject({ requestId, method: 'GET', route: '/healthz', status: 200 });
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  } finally {
    await server.stop();
  }
});

it('also when it is an upgrade: refused, or the call that came of it', async () => {
  const { server, log, agent } = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [] },
  });
  try {
    const base = (await server.listen()).replace('http', 'ws');
    const refused = new WebSocket(`${base}/exotel/nobody`);
    const named = await new Promise((resolve) => {
      refused.on('unexpected-response', (_, answer) => resolve(answer.headers['x-request-id']));
      refused.on('error', () => undefined);
    });
    expect(await log.line('upgrade.refused', {})).toMatchObject({ requestId: named });
    refused.terminate();

    const stream = new WebSocket(`${base}/exotel/${agent.name}`);
    await until('the connection to open', () => stream.readyState === WebSocket.OPEN || undefined);
    stream.terminate();
    expect(await log.line('call.ended', {})).toMatchObject({
      callId: expect.any(String),
      requestId: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  } finally {
    await server.stop();
  }
});
