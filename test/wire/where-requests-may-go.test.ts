import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/time/index.ts';
import { type FetchFailed, GuardedFetch, type GuardedRequest } from '../../src/wire/index.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serverOf(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function ask(
  address: string,
  allowed: { readonly hosts?: readonly string[]; readonly privateHosts?: readonly string[] },
  limits: Partial<Pick<GuardedRequest, 'timeoutMs' | 'maxBytes' | 'signal'>> = {},
) {
  const fetch = new GuardedFetch({ clock: systemClock, hosts: [], privateHosts: [], ...allowed });
  closing.push(() => fetch.close());
  return fetch.ask({
    url: new URL(address),
    method: 'GET',
    headers: {},
    timeoutMs: 2_000,
    maxBytes: 1_000,
    ...limits,
  });
}

describe('where requests may go', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://240.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://localhost/',
  ])('%s is refused, although its host is that of a tool', async (address) => {
    const { hostname } = new URL(address);
    await expect(ask(address, { hosts: [hostname] })).rejects.toMatchObject({
      code: 'fetch.address-refused',
    });
  });

  it.each(['file:///etc/passwd', 'ftp://shop.example/', 'data:text/plain,x'])(
    '%s is refused',
    async (address) => {
      await expect(ask(address, {})).rejects.toMatchObject({ code: 'fetch.bad-address' });
    },
  );

  it.each<{ privateHosts: string[]; host: string; isAllowed: boolean }>([
    { privateHosts: ['127.0.0.1'], host: '127.0.0.1', isAllowed: true },
    { privateHosts: ['127.0.0.0/8'], host: '127.0.0.1', isAllowed: true },
    { privateHosts: ['localhost'], host: 'localhost', isAllowed: true },
    { privateHosts: ['LOCALHOST.'], host: 'localhost', isAllowed: true },
    { privateHosts: ['::ffff:127.0.0.1'], host: '127.0.0.1', isAllowed: true },
    { privateHosts: ['10.0.0.0/8', '::1'], host: '127.0.0.1', isAllowed: false },
    { privateHosts: ['localhost'], host: '127.0.0.1', isAllowed: false },
    { privateHosts: ['127.0.0.0/8'], host: 'localhost', isAllowed: false },
    { privateHosts: ['shop.example'], host: 'other.example', isAllowed: false },
  ])('$host with $privateHosts: $isAllowed', async ({ privateHosts, host, isAllowed }) => {
    const base = await serverOf((_, response) => void response.end('hello'));
    const asked = ask(base.replace('127.0.0.1', host), { privateHosts });
    if (!isAllowed) return expect(asked).rejects.toMatchObject({ code: 'fetch.host-not-allowed' });
    const { status, body } = await asked;
    expect([status, body.toString()]).toEqual([200, 'hello']);
  });

  it('reaches a name at addresses of an allowed network', async () => {
    const base = await serverOf((_, response) => void response.end('hello'));
    const asked = ask(base.replace('127.0.0.1', 'localhost'), {
      hosts: ['localhost'],
      privateHosts: ['127.0.0.0/8'],
    });
    expect((await asked).status).toBe(200);
  });

  it.each<{ what: string; finds: string[][]; privateHosts: string[]; says: (number | string)[] }>([
    {
      what: 'a name of a private address',
      finds: [['127.0.0.1']],
      privateHosts: [],
      says: ['fetch.address-refused'],
    },
    {
      what: 'a name of a private address, written as IPv6',
      finds: [['::ffff:127.0.0.1']],
      privateHosts: [],
      says: ['fetch.address-refused'],
    },
    {
      what: 'a name of which one address is allowed, which is taken',
      finds: [['10.0.0.1', '127.0.0.1']],
      privateHosts: ['127.0.0.0/8'],
      says: [200],
    },
    {
      what: 'a name that leads elsewhere the second time',
      finds: [['127.0.0.1'], ['169.254.169.254']],
      privateHosts: ['127.0.0.0/8'],
      says: [200, 'fetch.address-refused'],
    },
    { what: 'a name that is not known', finds: [[]], privateHosts: [], says: ['fetch.address-refused'] },
  ])('$what', async ({ finds, privateHosts, says }) => {
    const base = await serverOf((_, response) => void response.setHeader('connection', 'close').end('hello'));
    const answers = [...finds];
    const fetch = new GuardedFetch({
      clock: systemClock,
      hosts: ['shop.example'],
      privateHosts,
      resolve: (_, __, found) =>
        found(
          null,
          (answers.shift() ?? []).map((address) => ({ address, family: isIP(address) })),
        ),
    });
    closing.push(() => fetch.close());
    const url = new URL(base.replace('127.0.0.1', 'shop.example'));
    const limits = { timeoutMs: 5_000, maxBytes: 1_000 };
    for (const said of says) {
      const asked = fetch.ask({ url, method: 'GET', headers: {}, ...limits });
      expect(
        await asked.then(
          ({ status }) => status,
          (error: FetchFailed) => error.code,
        ),
      ).toBe(said);
    }
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const base = await serverOf((request, response) => {
      asked += 1;
      if (request.url === '/secret') return void response.end('secret');
      response.writeHead(302, { location: '/secret' }).end();
    });
    expect((await ask(base, { privateHosts: ['127.0.0.1'] })).status).toBe(302);
    expect(asked).toBe(1);
  });

  it('stops reading at the limit', async () => {
    const base = await serverOf((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(500), () => setImmediate(more));
      };
      more();
    });
    await expect(ask(base, { privateHosts: ['127.0.0.1'] })).rejects.toMatchObject({
      code: 'fetch.too-large',
    });
  });

  it.each<{ what: string; handler: RequestListener; code: string }>([
    { what: 'a server that says nothing', handler: () => undefined, code: 'fetch.timeout' },
    {
      what: 'a server that does not finish',
      handler: (_, response) => void response.write('a'),
      code: 'fetch.timeout',
    },
    {
      what: 'a server that breaks off',
      handler: (request) => void request.socket.destroy(),
      code: 'fetch.unreachable',
    },
  ])('$what is $code', async ({ handler, code }) => {
    const base = await serverOf(handler);
    await expect(ask(base, { privateHosts: ['127.0.0.1'] }, { timeoutMs: 100 })).rejects.toMatchObject({
      code,
    });
  });

  it('leaves off when the answer is not wanted any more', async () => {
    const base = await serverOf(() => undefined);
    const over = new AbortController();
    const asked = ask(base, { privateHosts: ['127.0.0.1'] }, { signal: over.signal });
    over.abort();
    await expect(asked).rejects.toMatchObject({ code: 'fetch.aborted' });
  });
});
