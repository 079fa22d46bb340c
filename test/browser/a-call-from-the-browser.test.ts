import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../helpers/until.ts';
import { axeViolations, BrowserRig, hasBrowser, shots } from './browser-rig.ts';
import { journalIn, writeConversation } from './spoken.ts';

describe.runIf(hasBrowser)('the phone of the console', () => {
  it('holds a conversation with a barge-in, by a microphone that real speech is fed to', async () => {
    const microphone = path.join(mkdtempSync(path.join(tmpdir(), 'baari-microphone-')), 'caller.wav');
    await writeConversation(microphone);
    await using rig = await BrowserRig.start({ microphone });
    const page = await rig.open('/phone/bakery');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.screenshot({ path: path.join(shots, 'phone.png') });
    expect(await axeViolations(page)).toEqual([]);
    const journal = (): string => journalIn(rig.records);
    await until('the greeting to be heard', () => (journal().includes('"kind":"reply"') ? true : undefined));
    await until('the caller’s turn to be answered', () => (journal().match(/"firstChunkMs"/g) ?? [])[1]);
    await until('the barge-in', () => /"turn.verdict"[^\n]*"confirmed"/.exec(journal())?.[0]);
    await until('an answer to it', () => (journal().match(/"firstChunkMs"/g) ?? [])[2]);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('you hung up').waitFor();
    const call = await until('the record', () => callOf(rig.records));
    expect(call.outcome).toBe('callerHungUp');
    expect(call.interruptions.byCaller).toBe(1);
    expect(call.turns.length).toBeGreaterThanOrEqual(2);
    expect(rig.errors).toEqual([]);
  }, 90_000);
});

function callOf(
  records: string,
): { outcome: string; interruptions: { byCaller: number }; turns: unknown[] } | undefined {
  for (const name of readdirSync(records)) {
    try {
      return JSON.parse(readFileSync(path.join(records, name, 'call.json'), 'utf8'));
    } catch {
      // not complete yet, or no call
    }
  }
  return undefined;
}
