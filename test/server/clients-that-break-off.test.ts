import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service[Symbol.asyncDispose]());

const form = 'CallSid=c1&Stream%5BStatus%5D=completed&To=08012345678&Status=completed';
const parts =
  '--b\r\nContent-Disposition: form-data; name="CallSid"\r\n\r\nc1\r\n' +
  '--b\r\nContent-Disposition: form-data; name="To"\r\n\r\n08012345678\r\n--b--\r\n';
const json = '{"CallSid":"c1","To":"08012345678","Stream":{"Status":"completed"}}';
const bodies = [
  ['application/x-www-form-urlencoded', form],
  ['multipart/form-data; boundary=b', parts],
  ['application/json', json],
] as const;

const posted = (path: string) =>
  bodies.map(([type, body]) => ({
    what: `POST ${path} ${type}`,
    head: `POST ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
    body,
  }));
const read = (path: string) => ({
  what: `GET ${path}`,
  head: `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
  body: '',
});

const exotel = ['resolve', 'bakery/resolve', 'bakery/passthru', 'bakery/switch', 'bakery/connect'];
const requests = [
  ...['/', '/healthz', '/readyz'].map(read),
  ...exotel.map((path) => read(`/exotel/${path}`)),
  ...[...exotel, 'status'].flatMap((path) => posted(`/exotel/${path}`)),
];

interface Line {
  readonly socket: Socket;
  readonly answer: () => string;
  readonly over: () => Promise<true>;
}

function dial(): Line {
  const socket = connect({ port: Number(new URL(service.base).port), host: '127.0.0.1', noDelay: true });
  let answer = '';
  let isOver = false;
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    answer += data.toString('latin1');
  });
  socket.on('close', () => {
    isOver = true;
  });
  return {
    socket,
    answer: () => answer,
    over: () => until('the end of the connection', () => isOver || undefined),
  };
}

async function statusOf(write: (socket: Socket) => Promise<void> | void): Promise<string> {
  const { socket, answer, over } = dial();
  await write(socket);
  await over();
  return answer().slice(0, 'HTTP/1.1 200'.length);
}

/** The ways in which a client goes before it has its answer; none is answered, or with what its request deserves. */
const ways: Record<string, (socket: Socket) => void> = {
  'ends its side': (socket) => void socket.end(),
  'goes without a word': (socket) => void socket.destroySoon(),
  'resets the connection': (socket) => void socket.resetAndDestroy(),
};

test.concurrent.each(requests)('$what, slowly and broken off', async ({ head, body }) => {
  const whole = head + body;
  const atOnce = await statusOf((socket) => void socket.write(whole));
  expect(atOnce).toMatch(/^HTTP\/1\.1 (200|302|400|404)$/);
  const slowly = await statusOf(async (socket) => {
    for (const byte of whole) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  expect(slowly).toBe(atOnce);
  const cuts = [Math.floor(head.length / 2), head.length - 1, head.length, whole.length - 3, whole.length];
  for (const cut of cuts) {
    for (const leave of Object.values(ways)) {
      const { socket, answer, over } = dial();
      await until('the connection', () => socket.readyState === 'open' || undefined);
      socket.write(whole.slice(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      leave(socket);
      await over();
      expect(answer().slice(0, 12)).toMatch(/^(HTTP\/1\.1 (200|302|400|404))?$/);
    }
  }
});

test('and nothing of that is a defect', async () => {
  expect((await fetch(`${service.base}/healthz`)).status).toBe(200);
  expect(service.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
