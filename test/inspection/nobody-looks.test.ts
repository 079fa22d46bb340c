import { describe, expect, it, vi } from 'vitest';
import { LiveCall } from '../../src/call/index.ts';
import { Watcher } from '../helpers/watcher.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

describe('a call that nobody watches', () => {
  it('has nothing attached to it before the first viewer and after the last', async () => {
    const inspect = vi.spyOn(LiveCall.prototype, 'inspect');
    const follow = vi.spyOn(LiveCall.prototype, 'follow');
    const watched = await WatchedCall.open();
    const { hub } = watched.stage.server.viewing;
    await watched.pass(2000);
    hub.watchCalls(new Watcher());
    await watched.pass(1000);
    expect([inspect.mock.calls.length, follow.mock.calls.length, hub.watched]).toEqual([0, 0, 0]);
    const [one, two] = [watched.watch(), watched.watch()];
    expect([inspect.mock.calls.length, follow.mock.calls.length, hub.watched]).toEqual([1, 1, 1]);
    await watched.pass(1000);
    hub.leave(one);
    hub.leave(two);
    expect(hub.watched).toBe(0);
    const sent = two.texts.length;
    await watched.pass(1000);
    expect(two.texts).toHaveLength(sent);
    await watched.finish();
    inspect.mockRestore();
    follow.mockRestore();
  });

  it('leaves no timer behind when the last viewer goes', async () => {
    const watched = await WatchedCall.open();
    const { hub } = watched.stage.server.viewing;
    const watcher = watched.watch();
    hub.watchCalls(watcher);
    await watched.finish();
    hub.leave(watcher);
    await watched.stage.clock.run(2000);
    expect(watched.stage.clock.pendingTimers).toBe(0);
  });
});

describe('a viewer with a defect', () => {
  it('is let go, and the call goes on', async () => {
    const watched = await WatchedCall.open();
    const call = watched.stage.server.calls.get(watched.callId);
    const thrown: string[] = [];
    const fail = (where: string) => () => {
      thrown.push(where);
      throw new Error('a defect');
    };
    call?.inspect(fail('inspect'));
    call?.follow({ callerAudio: fail('audio'), event: fail('event') });
    await watched.finish();
    expect(thrown.sort()).toEqual(['audio', 'inspect']);
    expect(watched.stage.log.all('inspection.failed')).toHaveLength(2);
    expect(watched.stage.log.all('call.failed')).toHaveLength(0);
  });
});
