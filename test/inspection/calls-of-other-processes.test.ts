import { describe, expect, it } from 'vitest';
import { type OtherProcesses, type PeerListener, WatchHub } from '../../src/inspection/index.ts';
import type { Clock } from '../../src/time/index.ts';
import { Watcher } from '../helpers/watcher.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

/** What carries messages between processes. */
class Post {
  readonly #listeners = new Map<number, PeerListener>();
  readonly #gone = new Set<number>();
  /** Messages told so far. */
  told = 0;

  of(id: number): OtherProcesses {
    const reached = (): [number, PeerListener][] =>
      [...this.#listeners].filter(([other]) => other !== id && !this.#gone.has(other) && !this.#gone.has(id));
    return {
      ask: (question) => {
        for (const [, listener] of reached()) listener.asked(id, question);
      },
      tell: (to, message) => {
        const listener = reached().find(([other]) => other === to)?.[1];
        this.told += 1;
        listener?.told(id, message);
      },
      listen: (listener) => this.#listeners.set(id, listener),
    };
  }

  lose(id: number): void {
    this.#gone.add(id);
  }
}

async function twoProcesses() {
  const post = new Post();
  const watched = await WatchedCall.open('', [], { others: post.of(1) });
  const clock: Clock = watched.stage.clock;
  const other = new WatchHub({ clock, callOf: () => undefined, others: post.of(2) });
  return { post, watched, other, hub: watched.stage.server.viewing.hub };
}

describe('a service of several processes', () => {
  it('shows in each of them the calls of all, as their own process shows them', async () => {
    const { watched, other, post } = await twoProcesses();
    expect(post.told).toBe(0);
    const [near, far, masked] = [new Watcher(), new Watcher(), new Watcher({ personal: false })];
    const { hub } = watched.stage.server.viewing;
    for (const [of, viewer] of [
      [hub, near],
      [other, far],
      [other, masked],
    ] as const) {
      of.watchCalls(viewer);
      of.watchCall(viewer, watched.callId);
    }
    await watched.pass(9000);
    expect(far.call).toEqual(near.call);
    expect(far.list?.calls).toEqual(near.list?.calls);
    expect(masked.call?.charts).toEqual(near.call?.charts);
    expect(masked.texts.join()).not.toContain(watched.caller.identity.from);
    const late = new Watcher();
    other.watchCall(late, watched.callId);
    expect(late.call).toEqual(far.call);
    await watched.finish();
    expect(far.over).toEqual(near.over);
    expect(far.list?.calls).toEqual([]);
  });

  it('asks the others for nothing when nobody looks any more', async () => {
    const { watched, other, hub, post } = await twoProcesses();
    const viewer = new Watcher();
    other.watchCalls(viewer);
    other.watchCall(viewer, watched.callId);
    await watched.pass(1000);
    expect(hub.watched).toBe(1);
    other.leave(viewer);
    expect(hub.watched).toBe(0);
    const { told } = post;
    await watched.pass(12_000);
    expect(post.told).toBe(told);
  });

  it('lets go of a process that is gone, on both sides', async () => {
    const { watched, other, hub, post } = await twoProcesses();
    const viewer = new Watcher();
    other.watchCalls(viewer);
    other.watchCall(viewer, watched.callId);
    await watched.pass(500);
    expect(viewer.list?.calls).toHaveLength(1);
    post.lose(1);
    await watched.stage.clock.run(25_000);
    expect(viewer.over).toMatchObject({ callId: expect.any(String) });
    expect(viewer.over?.outcome).toBeUndefined();
    expect(viewer.list?.calls).toEqual([]);
    expect(hub.watched).toBe(0);
  });

  it('says that no process has a call', async () => {
    const { watched, other } = await twoProcesses();
    const viewer = new Watcher();
    other.watchCall(viewer, 'none');
    await watched.pass(2500);
    expect(viewer.texts.at(-1)).toContain('watch.no-such-call');
  });
});
