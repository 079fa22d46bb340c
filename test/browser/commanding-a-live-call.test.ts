import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimulatedCaller } from '../../src/sim/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { axeViolations, BrowserRig, hasBrowser, shots } from './browser-rig.ts';
import { liveCallId } from './spoken.ts';

describe.runIf(hasBrowser)('the page of a live call', () => {
  it('has a button for what the chart of the call takes, and for nothing else, and says when the call is over', async () => {
    await using rig = await BrowserRig.start();
    const caller = new SimulatedCaller({
      clock: systemClock,
      chance: systemChance,
      address: `${rig.base.replace('http', 'ws')}/exotel/bakery`,
    });
    caller.call();
    await caller.wait.agentAudible({ withinMs: 15_000 });
    const callId = await liveCallId(rig.base);
    const page = await rig.open(`/live/${callId}`);
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    await page.getByLabel('Let the agent say').fill('We close at eight today.');
    await button('Say').click();
    await page.getByRole('tab', { name: 'call', exact: true }).click();
    await page.getByRole('cell', { name: 'call.say' }).waitFor();
    await button('Mute the caller').click();
    await page.getByText('The caller is muted').waitFor();
    await button('Unmute the caller').click();
    await button('Mute the caller').waitFor();

    await page.getByLabel('Pass the call on to').first().fill('nobody');
    expect(await button('Transfer').isDisabled()).toBe(true);
    await button('End the call').click();
    await button('Let it go on').click();
    await button('End the call').click();
    expect(await axeViolations(page)).toEqual([]);
    await button('End it').click();
    await page.getByText('The call is over').waitFor();
    expect(await button('End the call').count()).toBe(0);
    await page.screenshot({ path: join(shots, 'call-over.png') });
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Look at its record' }).click();
    await page.waitForURL(`**/#/past/${callId}`);

    await page.goto(`${rig.base}/#/live/${callId}`);
    await page.getByText('There is no live call of this name').waitFor();
    expect(rig.errors).toEqual([]);
  }, 60_000);
});
