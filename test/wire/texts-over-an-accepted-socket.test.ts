import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { wsFrameSocket } from '../../src/wire/index.ts';

const server = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

beforeAll(async () => {
  server.on('upgrade', (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (ws) => {
      const socket = wsFrameSocket(ws, stream);
      socket.listen({
        onFrame(data) {
          const { letters, times } = JSON.parse(data.toString());
          socket.send(letters.repeat(times));
          socket.send('behind it');
        },
        onClose: () => undefined,
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => server.close());

describe('a text that is written to an accepted socket', () => {
  it.each([
    ['a', 0],
    ['a', 1],
    ['a', 125],
    ['a', 126],
    ['a', 65_535],
    ['a', 65_536],
    ['बारी', 40],
    ['बारी', 6000],
  ])('arrives as it is, in its place: %s, %i times', async (letters, times) => {
    const { port } = server.address() as AddressInfo;
    const ws = new WebSocket(`ws://127.0.0.1:${port}`);
    const heard: string[] = [];
    ws.on('message', (data, isBinary) => heard.push(isBinary ? 'binary' : data.toString()));
    await once(ws, 'open');
    ws.send(JSON.stringify({ letters, times }));
    while (heard.length < 2) await once(ws, 'message');
    expect(heard).toEqual([letters.repeat(times), 'behind it']);
    ws.close();
    await once(ws, 'close');
  });
});
