import path from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations, BrowserRig, hasBrowser, shots } from './browser-rig.ts';

const pages = [
  { route: '/live', heading: 'Live' },
  { route: '/past', heading: 'Past calls' },
  { route: '/agents', heading: 'Agents' },
  { route: '/phone', heading: 'Phone' },
  { route: '/health', heading: 'Health' },
];
const looks: readonly { name: string; context: BrowserContextOptions }[] = [
  { name: 'light', context: { colorScheme: 'light' } },
  { name: 'dark', context: { colorScheme: 'dark' } },
  { name: 'narrow', context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
];

describe.runIf(hasBrowser)('every page of the console', () => {
  it('has no error, and no barrier that axe would call serious, in light, dark and on a phone’s screen', async () => {
    await using rig = await BrowserRig.start();
    for (const { name, context } of looks) {
      const page = await rig.open('/live', context);
      for (const { route, heading } of pages) {
        await page.goto(`${rig.base}/#${route}`);
        await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await page.screenshot({ path: path.join(shots, `${route.slice(1)}-${name}.png`) });
        expect(await axeViolations(page), `${route} ${name}`).toEqual([]);
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${route} ${name} is as wide as its window`).toBeLessThanOrEqual(0);
      }
      await page.context().close();
    }
    expect(rig.errors).toEqual([]);
  });

  it('is reached by keyboard', async () => {
    await using rig = await BrowserRig.start();
    const page = await rig.open('/live');
    await page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement?.textContent')).toContain(
      'Skip to the content',
    );
    for (let steps = 0; steps < 12; steps += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate<string>('document.activeElement?.textContent')) === 'Agents') break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Agents', exact: true }).waitFor();
  });
});
