import { join } from 'node:path';
import type { WebSocketRoute } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { CallRow, WatchMessage } from '../../src/inspection/format.ts';
import { axeViolations, BrowserRig, hasBrowser, shots } from './browser-rig.ts';

const calls = 200;
/** As often as the service tells changes of the list, and so many calls change each time. */
const everyMs = 200;
const changing = 60;
const longTaskMs = 100;

/** The service's side of the stream: more changes than so many real calls make. */
function serveMany(socket: WebSocketRoute): void {
  const wallMs = Date.now();
  const say = (message: WatchMessage): void => socket.send(JSON.stringify(message));
  const floors = ['agent', 'caller', 'nobody'] as const;
  const rowOf = (index: number, round: number): CallRow => ({
    callId: `call-${index}`,
    agent: ['bakery', 'clinic', 'bank'][index % 3] ?? 'bakery',
    caller: `•••••••${String(index).padStart(3, '0')}`,
    acceptedWallMs: wallMs - index * 1000,
    floor: floors[(index + round) % 3] ?? 'nobody',
    because: 'reply',
    floorSinceMs: index * 1000 + round * everyMs,
    latenciesMs: [700, 800 + round, 900, 1000, 600 + ((index * 37 + round * 11) % 1500)],
    health: (index + round) % 40 === 0 ? 'slow' : 'good',
    isMuted: false,
  });
  say({ type: 'hello', version: 1, wallMs, personal: false });
  let round = 0;
  socket.onMessage(() => {
    const all = Array.from({ length: calls }, (_, index) => rowOf(index, 0));
    say({ type: 'calls', seq: round, calls: all });
    const timer = setInterval(() => {
      round += 1;
      const some = Array.from({ length: changing }, (_, at) => rowOf((round * 17 + at * 3) % calls, round));
      say({ type: 'calls.changes', seq: round, calls: some, gone: [] });
    }, everyMs);
    socket.onClose(() => clearInterval(timer));
  });
}

describe.runIf(hasBrowser)('two hundred live calls', () => {
  it('are listed without a moment in which the page does not answer', async () => {
    await using rig = await BrowserRig.start();
    const page = await rig.open('/phone');
    await page.routeWebSocket(/\/api\/watch$/, serveMany);
    await page.reload();
    await page.getByRole('heading', { name: 'Phone' }).waitFor();
    await page.evaluate(`
      globalThis.tasks = [];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: 'longtask' });
    `);
    await page.evaluate("location.hash = '/live'");
    await page
      .getByRole('row')
      .nth(calls - 1)
      .waitFor();
    await page.waitForTimeout(4000);
    for (const name of ['Floor', 'Replies after', 'Health']) {
      await page.getByRole('button', { name }).click();
      await page.waitForTimeout(500);
    }
    const tasks = await page.evaluate<number[]>('tasks');
    expect(await page.getByRole('row').count()).toBe(calls + 1);
    await page.screenshot({ path: join(shots, 'live-200-calls.png') });
    expect(tasks.filter((ms) => ms > longTaskMs)).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    expect(rig.errors).toEqual([]);
  }, 90_000);
});
