import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { systemClock } from '../../src/time/index.ts';
import { startFrame } from '../helpers/raw-stream.ts';
import { type AgentChanges, TestService } from '../helpers/service.ts';

const secret = 'a-secret-of-more-than-thirty-two-characters';
const password = 'pa:ss-word-3c1f';
const basicOf = (user: string, word: string): string =>
  `Basic ${Buffer.from(`${user}:${word}`).toString('base64')}`;
const right = { authorization: basicOf('exotel', password) };
const credentials = { security: { basicUser: 'exotel', basicPasswordEnv: 'ANY' } } satisfies AgentChanges;

const agents = {
  guarded: { ...credentials, numbers: ['08012345678'] },
  token: { security: { pathToken: true } },
  both: { security: { ...credentials.security, pathToken: true } },
  listed: { security: { allow: ['203.0.113.0/24', '2001:db8::/32'] } },
  strict: { security: { ...credentials.security, allow: ['203.0.113.7'] } },
  lockable: credentials,
} satisfies Record<string, AgentChanges>;

let service: TestService;
beforeAll(async () => {
  const doors = { secret, trustedProxies: ['127.0.0.1'], passwordOf: () => password };
  service = await TestService.start({ agents, doors });
});
afterAll(() => service[Symbol.asyncDispose]());

/** A request or a stream from `address`, as the trusted proxy tells it. */
const from = (address: string) => ({ 'x-forwarded-for': address });

async function enters(path: string, headers: Record<string, string> = {}): Promise<number> {
  const stream = service.stream(path, headers);
  const outcome = await Promise.race([stream.opened(), stream.refusal()]);
  stream.drop();
  return outcome === true ? 101 : outcome.status;
}

async function resolved(
  agent: string,
  callSid = 'c1',
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(`${service.base}/exotel/${agent}/resolve?CallSid=${callSid}`, { headers });
  expect(response.status).toBe(200);
  const { url } = Object(await response.json());
  return new URL(String(url)).pathname;
}

describe('a stream', () => {
  let fail = 0;
  const anew = () => {
    fail += 1;
    return from(`198.51.100.${fail}`);
  };
  it.each([
    { what: 'to an open agent', path: '/exotel/bakery', status: 101 },
    { what: 'with the right password', path: '/exotel/guarded', headers: right, status: 101 },
    { what: 'without a password', path: '/exotel/guarded', status: 401 },
    {
      what: 'with a wrong password',
      path: '/exotel/guarded',
      headers: { authorization: basicOf('exotel', 'x') },
      status: 401,
    },
    {
      what: 'with a wrong user',
      path: '/exotel/guarded',
      headers: { authorization: basicOf('x', password) },
      status: 401,
    },
    {
      what: 'with another scheme',
      path: '/exotel/guarded',
      headers: { authorization: `Bearer ${password}` },
      status: 401,
    },
    {
      what: 'with broken credentials',
      path: '/exotel/guarded',
      headers: { authorization: 'Basic %%%' },
      status: 401,
    },
    { what: 'without the token it needs', path: '/exotel/token', status: 403 },
    { what: 'with a password in place of a token', path: '/exotel/both', headers: right, status: 403 },
    { what: 'with a token that is none', path: '/exotel/token/t/none', status: 403 },
    { what: 'with a bad token to an open agent', path: '/exotel/bakery/t/a.b.c', status: 403 },
  ])('$what: $status', async ({ path, headers = {}, status }) => {
    expect(await enters(path, { ...anew(), ...headers })).toBe(status);
  });

  it.each([
    { address: '203.0.113.9', listed: 101, strict: 403 },
    { address: '203.0.114.9', listed: 403, strict: 403 },
    { address: '203.0.113.7', listed: 101, strict: 101 },
    { address: '2001:db8::1', listed: 101, strict: 403 },
    { address: '::ffff:203.0.113.7', listed: 101, strict: 101 },
    // what a client puts before the proxy's own entry is not believed
    { address: '203.0.113.7, 198.51.100.200', listed: 403, strict: 403 },
    { address: 'nonsense', listed: 403, strict: 403 },
  ])('from $address', async ({ address, listed, strict }) => {
    expect(await enters('/exotel/listed', from(address))).toBe(listed);
    expect(await enters('/exotel/strict', { ...from(address), ...right })).toBe(strict);
  });

  it('that is allowed by its address needs the password all the same', async () => {
    expect(await enters('/exotel/strict', from('203.0.113.7'))).toBe(401);
  });
});

describe('a token', () => {
  const sign = (agent: string, secondsLeft: number, key = secret, use = 'stream') =>
    new SignJWT({ use })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(agent)
      .setSubject('c1')
      .setExpirationTime(Math.floor(systemClock.wallMs() / 1000) + secondsLeft)
      .sign(new TextEncoder().encode(key));

  it('that the resolver gave out opens its agent, in place of a password too', async () => {
    expect(await enters(await resolved('token'))).toBe(101);
    expect(await enters(await resolved('both', 'c1', right))).toBe(101);
    expect(await enters(await resolved('guarded', 'c1', right))).toBe(101);
  });

  it('is not given out without the password', async () => {
    const response = await fetch(`${service.base}/exotel/guarded/resolve?CallSid=c1`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  it('opens nothing when it has expired, is for another agent or use, was changed, or has another signature', async () => {
    const good = await sign('token', 60);
    const [head = '', body = '', mark = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = [
      await sign('token', -1),
      await sign('bakery', 60),
      await sign('token', 60, 'another-secret-of-more-than-32-characters'),
      await sign('token', 60, secret, 'callback'),
      `${head}.${Buffer.from('{"aud":"token","use":"stream","exp":9999999999}').toString('base64url')}.${mark}`,
      `${none}.${body}.`,
      `${head}.${body}.${mark.slice(0, -2)}`,
    ];
    expect(await enters(`/exotel/token/t/${good}`, from('192.0.2.1'))).toBe(101);
    for (const [n, token] of bad.entries()) {
      expect(await enters(`/exotel/token/t/${token}`, from(`192.0.2.${n + 2}`)), `token ${n}`).toBe(403);
    }
    expect(service.log.text).not.toContain(good);
  });

  it('lets in the one call that it was given out for', async () => {
    const path = await resolved('token', 'the-call');
    const other = service.stream(path);
    await other.opened();
    other.send(startFrame('another-call'));
    expect(await other.ended()).toMatchObject({ code: 1008 });
    const own = service.stream(path);
    await own.opened();
    own.send(startFrame('the-call'));
    await service.log.line('call.started', { callSid: 'the-call' });
    own.drop();
  });
});

test('an address that fails ten times is locked out for a while, with the right password too; others are not', async () => {
  const wrong = { authorization: basicOf('exotel', 'guess') };
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1)
    statuses.push(await enters('/exotel/lockable', { ...wrong, ...from('192.0.2.99') }));
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  expect(await enters('/exotel/lockable', { ...right, ...from('192.0.2.99') })).toBe(429);
  const response = await fetch(`${service.base}/exotel/lockable/passthru`, { headers: from('192.0.2.99') });
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await enters('/exotel/lockable', { ...right, ...from('192.0.2.98') })).toBe(101);
  // a whole /64 of IPv6 is one address
  for (let n = 0; n < 10; n += 1)
    await enters('/exotel/lockable', { ...wrong, ...from(`2001:db8:1:2::${n}`) });
  expect(await enters('/exotel/lockable', { ...right, ...from('2001:db8:1:2:ffff::1') })).toBe(429);
  expect(await enters('/exotel/lockable', { ...right, ...from('2001:db8:1:3::1') })).toBe(101);
});

test('what is refused is in the log without a secret', () => {
  expect(service.log.all('upgrade.refused').length).toBeGreaterThan(10);
  expect(service.log.text).not.toContain(password);
  expect(service.log.text).not.toContain(right.authorization.slice(6));
  expect(service.log.text).not.toContain('guess');
});
