import { get } from 'node:http';
import { expect, it } from 'vitest';
import { Metrics } from '../../src/observe/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';

const token = 'a-token-of-the-scraper';
const bearer = { authorization: `Bearer ${token}` };

it.each([
  { title: 'this machine', set: undefined, headers: {}, status: 200 },
  {
    title: 'a proxy on this machine',
    set: undefined,
    headers: { 'x-forwarded-for': '203.0.113.7' },
    status: 403,
  },
  { title: 'a bearer of the token', set: token, headers: bearer, status: 200 },
  {
    title: 'a bearer behind a proxy',
    set: token,
    headers: { ...bearer, 'x-forwarded-for': '203.0.113.7' },
    status: 200,
  },
  { title: 'this machine without the token', set: token, headers: {}, status: 401 },
  { title: 'a bearer of another token', set: token, headers: { authorization: 'Bearer x' }, status: 401 },
])('$title is answered with $status', async ({ set, headers, status }) => {
  const metrics = new Metrics({ withProcess: true });
  const { server } = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [] },
    server: () => ({ metrics: { metrics, text: () => metrics.registry.metrics(), token: set } }),
  });
  try {
    const answer = await fetch(`${await server.listen()}/metrics`, { headers });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(text.includes('nodejs_eventloop_lag_p99_seconds')).toBe(status === 200);
    expect(text).not.toContain(token);
    if (status === 200) expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  } finally {
    await server.stop();
  }
});

it('a name of elsewhere that points at this machine is answered with 403', async () => {
  const metrics = new Metrics({ withProcess: true });
  const { server } = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [] },
    server: () => ({ metrics: { metrics, text: async () => 'all of them', token: undefined } }),
  });
  try {
    const base = await server.listen();
    const status = await new Promise((resolve, reject) => {
      // fetch would not send another Host
      get(`${base}/metrics`, { headers: { host: 'elsewhere.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(403);
  } finally {
    await server.stop();
  }
});
