import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { watchPath, watchProtocol } from '../../src/inspection/format.ts';
import { ApiTokens } from '../../src/server/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';

const token = 'a-token-of-this-test';

async function listening(secret: string | undefined): Promise<{ stage: SimulatedServer; url: string }> {
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [] },
    server: () => ({ api: { tokens: () => ApiTokens.read(secret) } }),
  });
  return { stage, url: `${(await stage.server.listen()).replace('http', 'ws')}${watchPath}` };
}

/** The first message, or the status of the refusal. */
function knock(
  url: string,
  headers: Record<string, string>,
  protocols: string[] = [],
): Promise<object | number> {
  const socket = new WebSocket(url, protocols, { headers });
  return new Promise((resolve, reject) => {
    socket.on('message', (data) => {
      const protocol = socket.protocol;
      socket.terminate();
      resolve({ ...JSON.parse(String(data)), protocol });
    });
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('error', reject);
  });
}

type Case = [what: string, headers: Record<string, string>, protocols: string[], expected: object | number];

const welcome = { type: 'hello', personal: true };

describe('a service with a token', () => {
  let at: Awaited<ReturnType<typeof listening>>;
  beforeAll(async () => {
    at = await listening(token);
  });
  afterAll(() => at.stage.play(at.stage.server.stop()));

  const bearer = { authorization: `Bearer ${token}` };
  const cases: Case[] = [
    ['lets its bearer in', bearer, [], { ...welcome, protocol: '' }],
    [
      'takes the token of a browser as a subprotocol',
      {},
      [watchProtocol, `bearer.${token}`],
      { ...welcome, protocol: watchProtocol },
    ],
    ['refuses who bears none', {}, [], 401],
    ['refuses who bears another', { authorization: 'Bearer another' }, [], 401],
    ['refuses another as a subprotocol', {}, [watchProtocol, 'bearer.another'], 401],
    [
      'refuses a page of another site, whatever it bears',
      { ...bearer, origin: 'https://evil.example' },
      [],
      403,
    ],
  ];
  it.each(cases)('%s', async (_, headers, protocols, expected) => {
    const answer = await knock(at.url, headers, protocols);
    if (typeof expected === 'number') expect(answer).toBe(expected);
    else expect(answer).toMatchObject(expected);
  });

  it('lets its own page in', async () => {
    const origin = new URL(at.url).origin.replace('ws', 'http');
    expect(await knock(at.url, { ...bearer, origin })).toMatchObject(welcome);
  });
});

describe('a service without a token', () => {
  let at: Awaited<ReturnType<typeof listening>>;
  beforeAll(async () => {
    at = await listening(undefined);
  });
  afterAll(() => at.stage.play(at.stage.server.stop()));

  const cases: Case[] = [
    ['lets in who is on this machine', {}, [], welcome],
    ['refuses who came through a proxy', { 'x-forwarded-for': '203.0.113.9' }, [], 403],
    [
      'refuses a name that is anybody’s and points here',
      { host: 'evil.example', origin: 'http://evil.example' },
      [],
      403,
    ],
  ];
  it.each(cases)('%s', async (_, headers, protocols, expected) => {
    const answer = await knock(at.url, headers, protocols);
    if (typeof expected === 'number') expect(answer).toBe(expected);
    else expect(answer).toMatchObject(expected);
  });
});
