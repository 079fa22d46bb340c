import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { dialWebSocket, UpgradeRefused, wsFrameSocket } from '../../src/wire/index.ts';

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers every upgrade with an HTTP response. */
function refusing(response: string): Promise<string> {
  const server = createServer();
  server.on('upgrade', (_, socket) => {
    socket.on('error', () => undefined);
    socket.end(response);
  });
  return listening(server);
}

interface Ended {
  readonly errors: Error[];
  readonly code: number;
}

/** Dials and resolves with everything once the connection is over. */
function dialled(url: string, maxFrameBytes = 1000, handshakeMs = 5000): Promise<Ended> {
  return new Promise((resolve) => {
    const errors: Error[] = [];
    dialWebSocket(url, { handshakeMs, maxFrameBytes }).listen({
      onFrame: () => undefined,
      onError: (error) => errors.push(error),
      onClose: (code) => resolve({ errors, code }),
    });
  });
}

describe('an upgrade that is refused', () => {
  it.each([
    { status: 401, head: '', retryAfterMs: undefined },
    { status: 429, head: 'Retry-After: 7\r\n', retryAfterMs: 7000 },
    { status: 503, head: 'Retry-After: 0.5\r\n', retryAfterMs: 500 },
    { status: 503, head: 'Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n', retryAfterMs: 0 },
    { status: 503, head: 'Retry-After: soon\r\n', retryAfterMs: undefined },
  ])(
    'with HTTP $status is told with its status, body and Retry-After',
    async ({ status, head, retryAfterMs }) => {
      const url = await refusing(`HTTP/1.1 ${status} No\r\n${head}Content-Length: 9\r\n\r\nnot today`);
      const { errors, code } = await dialled(`${url}/?key=secret`);
      const [refusal] = errors;
      expect(code).toBe(1006);
      expect(errors).toHaveLength(1);
      if (!(refusal instanceof UpgradeRefused)) throw new Error(`expected a refusal, found ${refusal}`);
      expect(refusal).toMatchObject({ status, retryAfterMs });
      expect(refusal.message).toBe(`the upgrade was refused with HTTP ${status}: not today`);
    },
  );

  it('keeps only the beginning of a long body, and does not wait for its end', async () => {
    const url = await refusing(`HTTP/1.1 500 No\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(20_000)}`);
    const { errors } = await dialled(url);
    expect(errors[0]?.message.length).toBeLessThan(600);
  });

  it('is told once although the body comes in pieces', async () => {
    const server = createServer();
    server.on('upgrade', (_, socket) => {
      socket.on('error', () => undefined);
      socket.write(`HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n258\r\n${'x'.repeat(600)}\r\n`);
      socket.end(`258\r\n${'y'.repeat(600)}\r\n0\r\n\r\n`);
    });
    const { errors, code } = await dialled(await listening(server));
    expect([errors.length, code]).toEqual([1, 1006]);
  });

  it('is told at the deadline although its body never ends', async () => {
    const server = createServer();
    server.on('upgrade', (_, socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\npart');
    });
    const { errors, code } = await dialled(await listening(server), 1000, 100);
    expect(errors.map(({ message }) => message)).toEqual(['the upgrade was refused with HTTP 503: part']);
    expect(code).toBe(1006);
  });

  it('ends when the server drops it in the middle of the body', async () => {
    const server = createServer();
    server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\npart', () => socket.destroy());
    });
    const { errors, code } = await dialled(await listening(server));
    expect(errors[0]).toBeInstanceOf(UpgradeRefused);
    expect(code).toBe(1006);
  });
});

describe('a connection that cannot be had', () => {
  it('is an error and 1006 when nobody listens', async () => {
    const server = createServer();
    const url = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const { errors, code } = await dialled(`${url}/?key=secret`);
    expect([errors.length, code]).toEqual([1, 1006]);
    expect(errors[0]?.message).not.toContain('secret');
  });

  it('is given up when the upgrade is never answered', async () => {
    const server = createServer();
    server.on('upgrade', () => undefined);
    const { errors, code } = await dialled(await listening(server), 1000, 50);
    expect(errors.map(({ message }) => message)).toEqual([
      'expected the upgrade to be answered within 50 ms, found no answer',
    ]);
    expect(code).toBe(1006);
  });
});

describe('a connection over the network', () => {
  async function connected(onServer: (socket: ReturnType<typeof wsFrameSocket>) => void): Promise<string> {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (ws) => onServer(wsFrameSocket(ws)));
    return listening(server);
  }

  it('carries text and bytes, and tells the close', async () => {
    const url = await connected((socket) => {
      socket.listen({
        onFrame: (data, isBinary) => {
          socket.send(isBinary ? new Uint8Array(data) : data.toString());
          if (!isBinary) socket.close(1008, 'enough');
        },
        onClose: () => undefined,
      });
    });
    const told: string[] = [];
    await new Promise<void>((resolve) => {
      const socket = dialWebSocket(url, { handshakeMs: 5000, maxFrameBytes: 1000 });
      expect(socket.send('too early')).toBe(false);
      socket.listen({
        onOpen: () => {
          socket.send(Buffer.from('bytes'));
          socket.send('text');
        },
        onFrame: (data, isBinary) => told.push(`${isBinary ? 'binary' : 'text'} ${data}`),
        onClose: (code, reason) => {
          told.push(`close ${code} ${reason}`);
          resolve();
        },
      });
    });
    expect(told).toEqual(['binary bytes', 'text text', 'close 1008 enough']);
  });

  it('is closed by a message beyond the limit', async () => {
    const closed = Promise.withResolvers<number>();
    const url = await connected((socket) => {
      socket.listen({ onFrame: () => undefined, onClose: (code) => closed.resolve(code) });
      socket.send('x'.repeat(1001));
    });
    const { errors } = await dialled(url, 1000);
    expect(errors).toHaveLength(1);
    expect(await closed.promise).toBe(1009);
  });
});
