import { describe, expect, it } from 'vitest';
import { Watcher } from '../helpers/watcher.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

/** What the caller and the agent of the watched call say, in part. */
const words = ['hello-hours', 'Anand Bakery', 'truffle', 'unheard":"the morning'];

async function texts(personal: boolean, agent = ''): Promise<{ all: string; number: string }> {
  const watched = await WatchedCall.open(agent);
  const number = watched.caller.identity.from;
  const viewer = watched.watch(personal);
  watched.stage.server.viewing.hub.watchCalls(viewer);
  await watched.finish();
  return { all: viewer.texts.join('\n'), number };
}

describe('a viewer without the scope for personal data', () => {
  it('is sent states, turns and marks, and no number and no word', async () => {
    const { all, number } = await texts(false);
    expect(all).toContain('"bargeIn.confirmed"');
    expect(all).toContain('modelSpeaking.yielding');
    for (const word of words) expect(all).not.toContain(word);
    expect(all).not.toContain(number);
    expect(all).not.toContain(number.slice(-7));
    expect(all).toContain(`••${number.slice(-3)}`);
  });
});

describe('a viewer with it', () => {
  it('is sent the words and the number, but no key, no audio and no secret', async () => {
    const { all, number } = await texts(true, 'dtmf:\n  masked: true\n');
    for (const word of words) expect(all).toContain(word);
    expect(all).toContain(number);
    expect(all).not.toMatch(/"digits?"/);
    expect(all).not.toContain('simulated/'); // an address or a key of the model's
    expect(all).not.toContain('apiKey');
    // the longest texts are states' names and lines: audio would be base64
    const longest = Math.max(...(all.match(/[A-Za-z0-9+/=]+/g) ?? []).map(({ length }) => length));
    expect(longest).toBeLessThan(64);
    for (const text of all.split('\n')) expect(text.length).toBeLessThan(40_000);
  });

  it('reads no more than the records keep: without patterns that are redacted, and nothing where no transcript is kept', async () => {
    const none = await texts(true, 'records:\n  transcript: false\n');
    for (const word of words) expect(none.all).not.toContain(word);
    const pattern = await texts(true, 'records:\n  redact: ["tr@ffle"]\n');
    expect(pattern.all).not.toContain('truffle');
    expect(pattern.all).toContain('[redacted]');
  });
});

describe('a viewer for the agents of one tenant', () => {
  it('does not learn of calls of others', async () => {
    const watched = await WatchedCall.open();
    const { hub } = watched.stage.server.viewing;
    const stranger = new Watcher({ personal: true, agents: new Set(['another']) });
    hub.watchCalls(stranger);
    hub.watchCall(stranger, watched.callId);
    expect(stranger.texts.at(-1)).toContain('watch.no-such-call');
    await watched.finish();
    expect(stranger.texts.join()).not.toContain(watched.stage.agent.name);
    expect(stranger.list?.calls).toEqual([]);
  });
});
