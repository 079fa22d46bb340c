import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../helpers/until.ts';
import { axeViolations, BrowserRig, hasBrowser, shots } from './browser-rig.ts';
import { journalIn, liveCallId, writeConversation } from './spoken.ts';
import { WatchedSteps } from './watched-steps.ts';

/** A state is to be seen within this time of its transition, ms; shorter ones are told in the list of transitions. */
const seenWithinMs = 300;

describe.runIf(hasBrowser)('the phone of the console', () => {
  it('holds a conversation with a barge-in, by a microphone that real speech is fed to; its call is watched meanwhile', async () => {
    const microphone = path.join(mkdtempSync(path.join(tmpdir(), 'baari-microphone-')), 'caller.wav');
    await writeConversation(microphone);
    await using rig = await BrowserRig.start({ microphone });
    const page = await rig.open('/phone/bakery');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByText('live', { exact: true }).waitFor();
    const callId = await liveCallId(rig.base);
    using steps = new WatchedSteps(rig.base, callId);
    const watching = await rig.open(`/live/${callId}`);
    await watching.locator('[data-state="turn"]').first().waitFor({ state: 'attached' });
    const notedFromMs = await watching.evaluate<number>(noteLitStates);
    await page.screenshot({ path: path.join(shots, 'phone-live.png') });
    expect(await axeViolations(page)).toEqual([]);
    const journal = (): string => journalIn(rig.records);
    await until('the greeting to be heard', () => (journal().includes('"kind":"reply"') ? true : undefined));
    await until('the caller’s turn to be answered', () => (journal().match(/"firstChunkMs"/g) ?? [])[1]);
    await until('the barge-in', () => /"turn.verdict"[^\n]*"confirmed"/.exec(journal())?.[0]);
    await until('an answer to it', () => (journal().match(/"firstChunkMs"/g) ?? [])[2]);
    await watching.screenshot({ path: path.join(shots, 'call-live.png'), fullPage: true });
    expect(await axeViolations(watching)).toEqual([]);
    const lit = await watching.evaluate<{ id: string; wallMs: number }[]>('globalThis.litStates');
    const lasting = steps.lasting(seenWithinMs).filter(({ enteredWallMs }) => enteredWallMs >= notedFromMs);
    expect(lasting.length).toBeGreaterThan(3);
    const late = lasting.filter(
      ({ id, enteredWallMs }) =>
        !lit.some(
          (seen) =>
            seen.id === id && seen.wallMs >= enteredWallMs - 5 && seen.wallMs <= enteredWallMs + seenWithinMs,
        ),
    );
    expect(late, JSON.stringify(lit)).toEqual([]);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('you hung up').waitFor();
    const call = await until('the record', () => callOf(rig.records));
    expect(call.outcome).toBe('callerHungUp');
    expect(call.interruptions.byCaller).toBe(1);
    expect(call.turns.length).toBeGreaterThanOrEqual(2);
    const past = await rig.open(`/past/${callId}`);
    await past.getByLabel('Recording of the call').waitFor();
    await past.evaluate(playHalfASecond);
    await past.screenshot({ path: path.join(shots, 'past-call.png'), fullPage: true });
    expect(await axeViolations(past)).toEqual([]);
    expect(rig.errors).toEqual([]);
  }, 90_000);
});

/** Runs in the page: resolves once half a second of the recording has played. */
const playHalfASecond = `new Promise((resolve) => {
  const audio = document.querySelector('audio');
  audio.addEventListener('timeupdate', () => { if (audio.currentTime > 0.5) resolve(); });
  audio.play();
})`;

/** Runs in the page: notes which states are lit, and since when. */
const noteLitStates = `
  globalThis.litStates = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const { state, lit } = target.dataset;
      if (lit === 'true') globalThis.litStates.push({ id: state, wallMs: Date.now() });
    }
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-lit'] });
  Date.now();
`;

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
