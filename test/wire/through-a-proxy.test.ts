import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { dialWebSocket, ProxyFailed, type ProxySettings } from '../../src/wire/index.ts';
import { proxyFor } from '../../src/wire/proxy.ts';
import { ConnectProxy, type ProxyWay } from '../helpers/connect-proxy.ts';
import { until } from '../helpers/until.ts';

const password = 'pass-word-that-nobody-may-read';

/** A server that greets and closes. */
async function greeter(): Promise<string> {
  const server = createServer();
  new WebSocketServer({ server }).on('connection', (ws) => {
    ws.send('hello');
    ws.close(1000);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Told {
  readonly frames: string[];
  readonly errors: Error[];
  readonly code: number;
}

function dialled(host: string, proxies: ProxySettings, handshakeMs = 5000): Promise<Told> {
  return new Promise((resolve) => {
    const [frames, errors]: [string[], Error[]] = [[], []];
    dialWebSocket(`ws://${host}/?key=secret`, { handshakeMs, maxFrameBytes: 1000, proxies }).listen({
      onFrame: (data) => frames.push(data.toString()),
      onError: (error) => errors.push(error),
      onClose: (code) => resolve({ frames, errors, code }),
    });
  });
}

const through = (http: URL, except: readonly string[] = []): ProxySettings => ({
  http,
  https: undefined,
  except,
});

it.each([
  { what: 'an open one', way: 'open', credentials: undefined },
  {
    what: 'one that wants credentials',
    way: { credentials: `me:${password}` },
    credentials: `me:${password}`,
  },
  {
    what: 'one whose password needs escapes',
    way: { credentials: 'me:p@ss' },
    credentials: 'me:p%40ss',
  },
] satisfies { what: string; way: ProxyWay; credentials: string | undefined }[])(
  'carries a connection through $what',
  async ({ way, credentials }) => {
    await using proxy = await ConnectProxy.listen(way);
    const host = await greeter();
    const told = await dialled(host, through(proxy.url(credentials)));
    expect(told).toEqual({ frames: ['hello'], errors: [], code: 1000 });
    expect(proxy.asked).toEqual([host]);
  },
);

it.each([
  {
    way: 'refuse',
    code: 'proxy-refused',
    message: /^the proxy 127\.0\.0\.1:\d+ refused to connect with 403$/,
  },
  {
    way: { credentials: 'me:another' },
    code: 'proxy-unauthorised',
    message: /^the proxy 127\.0\.0\.1:\d+ asks for other credentials \(407\)$/,
  },
  {
    way: 'hang',
    code: 'proxy-unreachable',
    message: /^expected the proxy 127\.0\.0\.1:\d+ to open the way within 100 ms, found no answer$/,
  },
  { way: 'drop', code: 'proxy-unreachable', message: /^the proxy 127\.0\.0\.1:\d+ cannot be used: / },
] satisfies { way: ProxyWay; code: string; message: RegExp }[])(
  'tells of a proxy that does $way: $code, without its password',
  async ({ way, code, message }) => {
    await using proxy = await ConnectProxy.listen(way);
    const told = await dialled(await greeter(), through(proxy.url(`me:${password}`)), 100);
    expect(told).toMatchObject({ frames: [], code: 1006 });
    expect(told.errors).toHaveLength(1);
    expect(told.errors[0]).toBeInstanceOf(ProxyFailed);
    expect(told.errors[0]).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify(told.errors[0]) + told.errors[0]?.stack).not.toContain(password);
    await until('nothing to be left open', () => proxy.connections === 0 || undefined);
  },
);

it('tells of a proxy that nobody answers for', async () => {
  const proxy = await ConnectProxy.listen();
  const url = proxy.url(`me:${password}`);
  await proxy[Symbol.asyncDispose]();
  const { errors, code } = await dialled(await greeter(), through(url));
  expect(code).toBe(1006);
  expect(errors).toMatchObject([
    { code: 'proxy-unreachable', message: expect.stringContaining('ECONNREFUSED') },
  ]);
});

it('speaks TLS with the host behind the proxy for wss, and shows the proxy nothing but its name', async () => {
  await using proxy = await ConnectProxy.listen();
  const first = Promise.withResolvers<Buffer>();
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      first.resolve(data);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const closed = new Promise<number>((resolve) => {
    const proxies = { https: proxy.url(), http: undefined, except: [] };
    const url = `wss://localhost:${port}/?key=secret`;
    dialWebSocket(url, { handshakeMs: 5000, maxFrameBytes: 1000, proxies }).listen({
      onFrame: () => undefined,
      onClose: resolve,
    });
  });
  const hello = await first.promise;
  // a TLS handshake record, with the name of the server in it
  expect([hello[0], hello[1]]).toEqual([0x16, 0x03]);
  expect(hello.includes('localhost')).toBe(true);
  expect(hello.includes('secret')).toBe(false);
  expect(await closed).toBe(1006);
  expect(proxy.asked).toEqual([`localhost:${port}`]);
});

it('goes past the proxy to hosts that NO_PROXY names', async () => {
  await using proxy = await ConnectProxy.listen('refuse');
  const host = await greeter();
  const told = await dialled(host, through(proxy.url(), ['127.0.0.0/8']));
  expect(told.frames).toEqual(['hello']);
  expect(proxy.asked).toEqual([]);
});

it.each([
  ['wss://api.example.com/', '', true],
  ['wss://api.example.com/', '*', false],
  ['wss://api.example.com/', 'example.com', false],
  ['wss://api.example.com/', '.example.com', false],
  ['wss://api.example.com/', '*.Example.com', false],
  ['wss://api.example.com/', 'ample.com', true],
  ['wss://api.example.com/', 'example.com:443', false],
  ['wss://api.example.com/', 'example.com:80', true],
  ['ws://127.0.0.1:9/', '127.0.0.1', false],
  ['ws://127.0.0.1:9/', '127.0.0.1:9', false],
  ['ws://127.0.0.1:9/', '127.0.0.1:8', true],
  ['ws://127.0.0.1:9/', '10.0.0.0/8,127.0.0.0/8', false],
  ['ws://127.0.0.1:9/', '127.0.0.0/99,nonsense/8', true],
  ['ws://[::1]:9/', '::1', false],
  ['ws://[::1]:9/', '[::1]', false],
])('for %s and NO_PROXY=%s a proxy is used: %s', (address, except, isUsed) => {
  const proxy = new URL('http://proxy:3128');
  const settings = { http: proxy, https: proxy, except: except.split(',').filter(Boolean) };
  expect(proxyFor(address, settings)).toBe(isUsed ? proxy : undefined);
});
