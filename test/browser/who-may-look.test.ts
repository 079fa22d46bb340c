import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { axeViolations, BrowserRig, hasBrowser, shots } from './browser-rig.ts';

const token = 'a-token-of-this-test';

describe.runIf(hasBrowser)('a console that is protected by a token', () => {
  it('asks for it, keeps it out of the page’s reach, and forgets it', async () => {
    await using rig = await BrowserRig.start({ env: { BAARI_API_TOKEN: token } });
    const page = await rig.open('/agents');
    const field = page.getByLabel('Token', { exact: false }).first();
    await field.waitFor();
    await page.screenshot({ path: path.join(shots, 'sign-in.png') });
    expect(await axeViolations(page)).toEqual([]);
    await field.fill('another');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('expected the header').waitFor();
    await field.fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    expect(
      await page.evaluate<string>('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })'),
    ).not.toContain(token);
    await page.getByRole('button', { name: 'BAARI_API_TOKEN' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await field.waitFor();
  });
});
