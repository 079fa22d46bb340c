// The pictures of the README, made of the running product: `npm run screenshots`.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../helpers/until.ts';
import { BrowserRig } from './browser-rig.ts';
import { journalIn, liveCallId, writeConversation } from './spoken.ts';

const folder = path.resolve(import.meta.dirname, '../../src/console/screenshots');
const wide = { viewport: { width: 1360, height: 900 }, colorScheme: 'light' } as const;
const dark = { ...wide, colorScheme: 'dark' } as const;
const narrow = { viewport: { width: 390, height: 844 }, colorScheme: 'light' } as const;

mkdirSync(folder, { recursive: true });
const microphone = path.join(mkdtempSync(path.join(tmpdir(), 'baari-screenshots-')), 'caller.wav');
await writeConversation(microphone);
await using rig = await BrowserRig.start({ microphone });
const take = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: path.join(folder, `${name}.png`) });

const phone = await rig.open('/phone/bakery', narrow);
await phone.getByRole('button', { name: 'Call', exact: true }).click();
await phone.getByText('live', { exact: true }).waitFor();
const callId = await liveCallId(rig.base);
const live = await rig.open('/live', wide);
const call = await rig.open(`/live/${callId}`, wide);
await until(
  'the caller’s turn to be answered',
  () => (journalIn(rig.records).match(/"firstChunkMs"/g) ?? [])[1],
);
await take(live, 'live');
await take(phone, 'phone');
await until('the barge-in', () => /"turn.verdict"[^\n]*"confirmed"/.exec(journalIn(rig.records))?.[0]);
await until('an answer to it', () => (journalIn(rig.records).match(/"firstChunkMs"/g) ?? [])[2]);
await take(call, 'call');
await phone.getByRole('button', { name: 'Hang up' }).click();
await until('the record', () => /"call.json"/.exec(JSON.stringify(rig.files()))?.[0]);
const past = await rig.open(`/past/${callId}`, dark);
await past.getByRole('heading').first().waitFor();
await past.waitForLoadState('networkidle');
await take(past, 'past-call');
const health = await rig.open('/health', wide);
await health.waitForLoadState('networkidle');
await take(health, 'health');
const agents = await rig.open('/agents', wide);
await agents.waitForLoadState('networkidle');
await take(agents, 'agents');
