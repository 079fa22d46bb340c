import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SimulatedCaller, type SimulatedCallerOptions } from '../../../src/sim/index.ts';
import { seededChance, systemClock } from '../../../src/time/index.ts';
import { ramp } from './scripted-bridge.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Accepted {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly texts: string[];
}

/** A WebSocket server on a free port, and the calls it has accepted. */
async function listening(
  refuseWith?: number,
): Promise<{ port: number; accepted: Accepted[]; asked: () => number }> {
  const accepted: Accepted[] = [];
  let upgrades = 0;
  const wss = new WebSocketServer({ noServer: true });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    upgrades += 1;
    if (refuseWith) {
      socket.end(`HTTP/1.1 ${refuseWith} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    wss.handleUpgrade(request, socket, head, (ws) => {
      const texts: string[] = [];
      ws.on('message', (data) => texts.push(data.toString()));
      accepted.push({ socket: ws, request, texts });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    for (const { socket } of accepted) socket.terminate();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return { port: address.port, accepted, asked: () => upgrades };
}

function calling(address: string, profile: SimulatedCallerOptions['profile'] = {}): SimulatedCaller {
  const caller = new SimulatedCaller({ clock: systemClock, chance: seededChance(3), address, profile });
  cleanUps.push(() => caller.dropLine());
  caller.call();
  return caller;
}

const until = <T>(caller: SimulatedCaller, what: string, test: () => T | undefined): Promise<T> =>
  caller.wait.until(test, { what, withinMs: 10_000, outlivesCall: true });

test('audio both ways over a real socket, a mark back, then a hang-up', async () => {
  const { port, accepted } = await listening();
  const caller = calling(`ws://user:secret@127.0.0.1:${port}/exotel/bakery?tenant=acme`);
  await caller.wait.connected({ withinMs: 10_000 });
  const bridge = await until(caller, 'a connection', () => accepted[0]);
  expect(bridge.request.url).toBe('/exotel/bakery');
  expect(bridge.request.headers.authorization).toBe(`Basic ${Buffer.from('user:secret').toString('base64')}`);

  const stream_sid = caller.identity.streamSid;
  const reply = ramp(200);
  const payload = Buffer.from(reply.buffer).toString('base64');
  bridge.socket.send(JSON.stringify({ event: 'media', stream_sid, media: { payload } }));
  bridge.socket.send(JSON.stringify({ event: 'mark', stream_sid, mark: { name: 'end' } }));
  const said = caller.say(ramp(200, 7000));
  await until(caller, 'the mark to come back', () =>
    bridge.texts.find((text) => text.includes('"name":"end"')),
  );
  await until(caller, 'the clip to be said', () => said.isSaid || undefined);

  const from = caller.received[0]?.playedFromMs ?? Number.NaN;
  expect(caller.heard.samples(from, from + 200)).toEqual(reply);
  expect(caller.spoken.samples(said.onsetMs, said.endMs)).toEqual(ramp(200, 7000));
  expect(caller.violations).toEqual([]);

  const closed = once(bridge.socket, 'close');
  caller.hangUp();
  const [code] = await closed;
  expect(code).toBe(1006);
  expect(bridge.texts.at(-1)).toContain('"event":"stop"');
  await until(caller, 'the end', () => caller.closeReport);
});

test('a close by the bridge is reported with its code and reason', async () => {
  const { port, accepted } = await listening();
  const caller = calling(`ws://127.0.0.1:${port}/`);
  const bridge = await until(caller, 'a connection', () => accepted[0]);
  bridge.socket.close(1000, 'goodbye');
  expect(await caller.wait.ended({ withinMs: 10_000 })).toMatchObject({
    code: 1000,
    reason: 'goodbye',
    by: 'bridge',
    phase: 'streaming',
  });
});

test.each([{ answersPings: true }, { answersPings: false }])(
  'pings: $answersPings',
  async ({ answersPings }) => {
    const { port, accepted } = await listening();
    const caller = calling(`ws://127.0.0.1:${port}/`, { answersPings });
    await caller.wait.connected({ withinMs: 10_000 });
    const bridge = await until(caller, 'a connection', () => accepted[0]);
    let pongs = 0;
    bridge.socket.on('pong', () => {
      pongs += 1;
    });
    bridge.socket.ping();
    const { streamSid } = caller.identity;
    bridge.socket.send(
      JSON.stringify({ event: 'mark', stream_sid: streamSid, mark: { name: 'behind the ping' } }),
    );
    await until(caller, 'the mark', () => bridge.texts.find((text) => text.includes('behind the ping')));
    expect(pongs).toBe(answersPings ? 1 : 0);
  },
);

test('a refused upgrade is tried twice and reported', async () => {
  const { port, asked } = await listening(403);
  const caller = calling(`ws://127.0.0.1:${port}/exotel/nobody`);
  const report = await caller.wait.ended({ withinMs: 10_000 });
  expect(report).toMatchObject({ code: 1006, by: 'bridge', phase: 'dialling' });
  expect(report.reason).toContain('403');
  expect(asked()).toBe(2);
});
