import { BlockList } from 'node:net';
import { expect, it } from 'vitest';
import { addRange } from '../../src/agents/index.ts';
import { Proxies } from '../../src/server/proxies.ts';

const trusted = new BlockList();
addRange(trusted, '10.0.0.0/8');

const forwarded = {
  host: '10.0.0.5:8080',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-host': 'voice.example.com',
  'x-forwarded-proto': 'https',
};

it.each([
  {
    what: 'a trusted proxy',
    peer: '10.0.0.5',
    headers: forwarded,
    base: 'wss://voice.example.com',
    client: '203.0.113.7',
  },
  {
    what: 'two trusted proxies',
    peer: '10.0.0.5',
    headers: { ...forwarded, 'x-forwarded-for': '203.0.113.7, 10.0.0.9' },
    base: 'wss://voice.example.com',
    client: '203.0.113.7',
  },
  {
    what: 'a client that claims to be one',
    peer: '198.51.100.1',
    headers: forwarded,
    base: 'ws://10.0.0.5:8080',
    client: '198.51.100.1',
  },
  {
    what: 'nobody in between',
    peer: '198.51.100.1',
    headers: { host: 'voice.example.com' },
    base: 'ws://voice.example.com',
    client: '198.51.100.1',
  },
  {
    what: 'TLS of our own',
    peer: '198.51.100.1',
    isTls: true,
    headers: { host: '[2001:db8::1]:8443' },
    base: 'wss://[2001:db8::1]:8443',
    client: '198.51.100.1',
  },
  {
    what: 'a host that is none',
    peer: '198.51.100.1',
    headers: { host: 'a b"\\' },
    base: undefined,
    client: '198.51.100.1',
  },
  {
    what: 'a path in the host',
    peer: '10.0.0.5',
    headers: { ...forwarded, 'x-forwarded-host': 'evil.example/x' },
    base: undefined,
    client: '203.0.113.7',
  },
])('through $what', ({ peer, isTls = false, headers, base, client }) => {
  const facts = { peer, isTls, headers };
  expect(new Proxies(trusted).streamBaseOf(facts)).toBe(base);
  expect(new Proxies(trusted).clientOf(facts)).toBe(client);
  // a public address that is stated needs no guess
  expect(new Proxies(trusted, 'https://baari.example.com/').streamBaseOf(facts)).toBe(
    'wss://baari.example.com',
  );
});
