import { describe, expect, it } from 'vitest';
import { Watching } from '../../src/cli/watch/watching.ts';
import { SocketViewer } from '../../src/inspection/index.ts';
import { memorySocketPair } from '../../src/wire/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

interface Shown {
  readonly watched: WatchedCall;
  readonly text: () => string;
  readonly watching: Watching;
}

async function watch(call?: (watched: WatchedCall) => string, personal = true): Promise<Shown> {
  const watched = await WatchedCall.open();
  const { clock, server } = watched.stage;
  const [near, far] = memorySocketPair(clock, 1);
  let text = '';
  const watching = new Watching(near, {
    clock,
    call: call?.(watched),
    all: false,
    isTerminal: false,
    color: false,
    write: (more) => {
      text += more;
    },
  });
  await clock.run(5);
  new SocketViewer(far, {
    hub: server.viewing.hub,
    clock,
    log: new MemoryLog().log,
    grant: { personal },
    onGone: () => undefined,
  });
  return { watched, watching, text: () => text };
}

describe('baari watch', () => {
  it('tells the only live call to its end', async () => {
    const { watched, watching, text } = await watch();
    await watched.finish();
    expect(await watching.over).toBe(0);
    for (const part of [
      '▶ the agent has the floor: greeting',
      'caller: hello-hours',
      'turn: modelSpeaking.speaking',
      '✋ barge-in: the agent stops',
      '[unheard: the morning until nine at night.]',
      '# a key',
      'ms after the caller stopped: end of turn',
      'the call is over: callerHungUp',
    ]) {
      expect(text()).toContain(part);
    }
    expect(text()).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('finds the call by the beginning of its id, and shows no words to who may not read them', async () => {
    const { watched, watching, text } = await watch(({ callId }) => callId.slice(0, 8), false);
    await watched.finish();
    expect(await watching.over).toBe(0);
    expect(text()).toContain('✋ barge-in');
    expect(text()).not.toContain('caller: hello');
  });

  it('says that there is no such call', async () => {
    const { watched, watching } = await watch(() => 'none');
    const failed = expect(watching.over).rejects.toThrow('found 0 for "none"');
    await watched.pass(1000);
    await failed;
  });
});
