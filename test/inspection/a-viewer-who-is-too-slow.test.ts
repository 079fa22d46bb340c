import { describe, expect, it } from 'vitest';
import { watchCloseCodes } from '../../src/inspection/format.ts';
import { SocketViewer } from '../../src/inspection/index.ts';
import type { FrameSocket, FrameSocketListener } from '../../src/wire/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

/** A connection whose other side reads nothing. */
class StuckSocket implements FrameSocket {
  isOpen = true;
  bufferedBytes = 0;
  sent = 0;
  closed: { code: number | undefined; reason: string | undefined } | undefined;
  isDropped = false;
  listener: FrameSocketListener | undefined;

  listen(listener: FrameSocketListener): void {
    this.listener = listener;
  }

  send(frame: string): boolean {
    this.sent += 1;
    this.bufferedBytes += frame.length;
    return true;
  }

  close(code?: number, reason?: string): void {
    this.closed = { code, reason };
  }

  terminate(): void {
    this.isDropped = true;
  }

  ask(question: object): void {
    this.listener?.onFrame(Buffer.from(JSON.stringify(question)), false);
  }
}

describe('a viewer that reads nothing', () => {
  it('is dropped once a MiB waits for it; the call and the viewer beside it are whole', async () => {
    const [watched, alone] = [await WatchedCall.open(), await WatchedCall.open()];
    const { hub } = watched.stage.server.viewing;
    const log = new MemoryLog();
    const stuck = new StuckSocket();
    let gone = 0;
    new SocketViewer(stuck, {
      hub,
      clock: watched.stage.clock,
      log: log.log,
      grant: { personal: true },
      onGone: () => {
        gone += 1;
      },
    });
    const beside = watched.watch();
    stuck.ask({ watch: 'call', callId: watched.callId });
    await watched.pass(5000);
    expect(stuck.closed).toBeUndefined();
    // the rest of the MiB
    stuck.bufferedBytes = 1024 * 1024;
    await watched.pass(500);
    const sent = stuck.sent;
    expect(stuck.closed).toEqual({
      code: watchCloseCodes.tooSlow,
      reason: 'more than 1048576 bytes waited to be read',
    });
    await watched.pass(2000);
    expect([stuck.isDropped, stuck.sent, gone]).toEqual([true, sent, 1]);
    expect(log.text).toContain('watch.tooSlow');
    await watched.finish();
    await alone.finish();
    expect(beside.over?.outcome).toBe('callerHungUp');
    expect(watched.caller.heard.samples()).toEqual(alone.caller.heard.samples());
  });
});

describe('what a viewer asks', () => {
  const wrong = ['nonsense', '{}', '{"watch":"call"}', '{"watch":"calls","and":1}', '[]'];

  it.each(wrong)('%s is answered with what was expected', async (text) => {
    const watched = await WatchedCall.open();
    const socket = new StuckSocket();
    const answers: string[] = [];
    socket.send = (frame: string) => answers.push(frame) > 0;
    new SocketViewer(socket, {
      hub: watched.stage.server.viewing.hub,
      clock: watched.stage.clock,
      log: new MemoryLog().log,
      grant: { personal: false },
      onGone: () => undefined,
    });
    socket.listener?.onFrame(Buffer.from(text), false);
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ type: 'hello', version: 1, personal: false });
    expect(JSON.parse(answers[1] ?? '')).toMatchObject({ type: 'problem', code: 'watch.bad-question' });
    socket.ask({ watch: 'call', callId: 'none' });
    expect(JSON.parse(answers[2] ?? '')).toMatchObject({ code: 'watch.no-such-call', callId: 'none' });
    socket.ask({ watch: 'calls' });
    expect(JSON.parse(answers[3] ?? '')).toMatchObject({ type: 'calls', calls: [{ agent: 'shop' }] });
  });
});
