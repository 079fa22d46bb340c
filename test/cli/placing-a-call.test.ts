import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Course, SimulatedExotelRest } from '../../src/sim/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { BaariProcess } from '../helpers/baari-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-call-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const outbound = 'outbound: { mode: flow, flow_id: "7", caller_id: "08000000002", hours: "00:00-24:00" }';
writeFileSync(join(folder, 'shop.yaml'), `prompt: You place calls.\n${outbound}\n`);

const apiToken = 'a-token-nobody-may-read-77';

const outcomes: readonly { outcome: Course['outcome']; exitCode: number; last: string }[] = [
  { outcome: 'answered', exitCode: 0, last: 'completed' },
  { outcome: 'busy', exitCode: 1, last: 'busy' },
];

test.concurrent.each(outcomes)(
  'baari call ends with $exitCode when the call is $outcome',
  async ({ outcome, exitCode, last }) => {
    const courses = [{ outcome, ringMs: 50, talkMs: 100 }];
    const exotel = await SimulatedExotelRest.listen({
      clock: systemClock,
      chance: systemChance,
      courses,
      apiToken,
    });
    const args = ['call', 'shop', '09000000001', '--agents', folder, '--field', 'order=42', '--json'];
    const { apiKey, accountSid, url } = exotel;
    const env = {
      EXOTEL_API_KEY: apiKey,
      EXOTEL_API_TOKEN: apiToken,
      EXOTEL_SID: accountSid,
      EXOTEL_SUBDOMAIN: url,
      BAARI_LOG_LEVEL: 'trace',
    };
    await using baari = new BaariProcess(args, { env });
    expect(await baari.ended()).toBe(exitCode);
    const told = baari.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.at(0)).toMatchObject({ status: 'queued', callSid: exotel.calls[0]?.sid });
    expect(told.at(-1)).toMatchObject({ status: last });
    expect(exotel.calls[0]?.customField).toContain('"order":"42"');
    expect(baari.stdout + baari.stderr).not.toMatch(/9000000001|a-token-nobody-may-read/);
    await exotel.close();
  },
);

const some = { EXOTEL_API_KEY: 'k', EXOTEL_API_TOKEN: apiToken, EXOTEL_SID: 's' };
const mistakes: readonly { title: string; args: string[]; env: Record<string, string>; says: string }[] = [
  { title: 'no credentials', args: ['shop', '09000000001'], env: {}, says: 'EXOTEL_API_KEY' },
  {
    title: 'no region',
    args: ['shop', '09000000001'],
    env: some,
    says: 'EXOTEL_SUBDOMAIN not set',
  },
  {
    title: 'a host that is not Exotel’s',
    args: ['shop', '09000000001'],
    env: { ...some, EXOTEL_SUBDOMAIN: 'http://example.com:80' },
    says: 'EXOTEL_SUBDOMAIN: expected in (Mumbai)',
  },
  {
    title: 'another agent',
    args: ['nobody', '09000000001'],
    env: { ...some, EXOTEL_SUBDOMAIN: 'in' },
    says: 'expected one of the agents shop',
  },
  {
    title: 'no telephone number',
    args: ['shop', '12'],
    env: { ...some, EXOTEL_SUBDOMAIN: 'in' },
    says: 'outbound.bad-number: expected a telephone number',
  },
];

test.concurrent.each(mistakes)(
  'baari call ends with 2, and says why, for $title',
  async ({ args, env, says }) => {
    await using baari = new BaariProcess(['call', ...args, '--agents', folder], { env });
    expect(await baari.ended()).toBe(2);
    expect(baari.stderr).toContain(says);
    expect(baari.stdout + baari.stderr).not.toContain(apiToken);
  },
);
