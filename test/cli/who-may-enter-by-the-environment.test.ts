import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { doorWarnings, passwordFault, readDoors } from '../../src/cli/door-settings.ts';
import { agentOf } from '../helpers/simulated-call.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-doors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'a-secret-of-more-than-thirty-two-characters';
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, `${secret}\n`);
const password = join(folder, 'password');
writeFileSync(password, 'from the file\n');
const nowhere = { write: () => true };

it.each([
  { env: { BAARI_SECRET: 'short' }, says: 'BAARI_SECRET: expected at least 32 characters, found 5' },
  { env: { BAARI_SECRET: secret, BAARI_SECRET_FILE: secretFile }, says: 'expected one of BAARI_SECRET and' },
  { env: { BAARI_SECRET_FILE: join(folder, 'none') }, says: 'BAARI_SECRET_FILE: expected a readable file' },
  { env: { BAARI_PUBLIC_URL: 'voice.example.com' }, says: 'BAARI_PUBLIC_URL: expected an address' },
  { env: { BAARI_PUBLIC_URL: 'https://a:hush@voice.example.com' }, says: 'without credentials' },
  { env: { BAARI_TRUSTED_PROXIES: '10.0.0.0/8, proxy' }, says: 'BAARI_TRUSTED_PROXIES: expected addresses' },
  {
    env: { BAARI_MAX_CALLS: '0' },
    says: 'BAARI_MAX_CALLS: expected a whole number from 1 to 100000, found "0"',
  },
  { env: { BAARI_MAX_PARKED: 'many' }, says: 'BAARI_MAX_PARKED: expected a whole number' },
  { env: { BAARI_MAX_LAG_MS: '1' }, says: 'BAARI_MAX_LAG_MS: expected a whole number from 10' },
])('$says …', ({ env, says }) => {
  const message = (): string => {
    try {
      readDoors(env, nowhere);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  expect(message()).toContain(says);
  expect(message()).not.toMatch(new RegExp(`${secret}|hush`));
});

it('a secret comes from a file, limits and proxies from the environment', () => {
  const env = {
    BAARI_SECRET_FILE: secretFile,
    BAARI_MAX_CALLS: '7',
    BAARI_TRUSTED_PROXIES: '10.0.0.0/8 ::1',
  };
  expect(readDoors(env, nowhere)).toMatchObject({
    secret,
    trustedProxies: ['10.0.0.0/8', '::1'],
    limits: { maxCalls: 7, maxParked: 20, maxLagMs: 100 },
  });
});

it('an agent whose password is not there is not served rather than open to all', () => {
  const faultOf = (place: string) =>
    passwordFault(agentOf(`security:\n  basic_user: exotel\n  ${place}\n`), { SHOP_PASSWORD: 'hush' });
  expect(faultOf('basic_password_env: SHOP_PASSWORD')).toBeUndefined();
  expect(faultOf(`basic_password_file: ${password}`)).toBeUndefined();
  expect(passwordFault(agentOf(''), {})).toBeUndefined();
  expect(faultOf('basic_password_env: NOT_SET')).toEqual({
    path: 'security',
    expected: 'a password in the environment variable NOT_SET',
    found: 'none; not served',
  });
});

it('warns of what is open, and of paths that hold for one process', () => {
  const open = agentOf('');
  const token = agentOf('security:\n  path_token: true\n');
  expect(doorWarnings(new Map([['a', open]]), {}, undefined)).toEqual([
    'no credentials are configured; fine on loopback, not on the internet',
  ]);
  expect(
    doorWarnings(
      new Map([
        ['a', open],
        ['b', token],
      ]),
      { BAARI_SECRET: secret },
      '0.0.0.0',
    ),
  ).toEqual(['open to everyone who reaches 0.0.0.0: no credentials are configured for shop']);
  expect(doorWarnings(new Map([['b', token]]), {}, '0.0.0.0')).toEqual([
    expect.stringContaining('no BAARI_SECRET'),
  ]);
});
