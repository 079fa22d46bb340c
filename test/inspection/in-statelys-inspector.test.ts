import { createInspector, createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { keypadMachine } from '../../machines/index.ts';
import { bridgePath, bridgeSocketPath } from '../../src/inspection/index.ts';
import { ApiTokens } from '../../src/server/index.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { WatchedCall } from './watched-call.ts';

withoutDoneWarnings();

/** A service with the inspector, and what the package's own receiver makes of it. */
async function received(query = '') {
  const watched = await WatchedCall.open('', [], { inspect: 'stately' });
  const base = await watched.stage.server.listen();
  const events: StatelyInspectionEvent[] = [];
  const receive = async (more = query): Promise<StatelyInspectionEvent[]> => {
    const into: StatelyInspectionEvent[] = more === query && events.length === 0 ? events : [];
    const server = `${base.replace('http', 'ws')}${bridgeSocketPath}${more}`;
    createWebSocketReceiver({ server }).subscribe((event) => into.push(event));
    await arrived(into);
    return into;
  };
  return { watched, base, receive };
}

/** Until nothing more arrives: sockets are real, the calls' clock stands still. */
async function arrived(events: readonly unknown[]): Promise<void> {
  let before = -1;
  while (events.length === 0 || before !== events.length) {
    before = events.length;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The states of each machine's actor that runs, as a viewer puts them together. */
function picture(events: readonly StatelyInspectionEvent[]): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const event of events) {
    if (event.type === '@xstate.event') continue;
    const snapshot: { status?: string; value?: unknown } = { ...event.snapshot };
    if (snapshot.status === 'active' && snapshot.value !== undefined)
      values.set(event.sessionId, snapshot.value);
    else values.delete(event.sessionId);
  }
  return Object.fromEntries(values);
}

describe('baari serve --inspect stately', () => {
  it('gives the package’s own receiver every actor before what it does, also to a late viewer', async () => {
    const { watched, receive } = await received();
    const early = await receive();
    expect(early.every(({ type }) => type === '@xstate.actor')).toBe(true);
    await watched.pass(12_000);
    await arrived(early);
    const late = await receive('?');
    expect(late.every(({ type }) => type === '@xstate.actor')).toBe(true);
    expect(picture(late)).toEqual(picture(early));
    expect(Object.keys(picture(late)).length).toBeGreaterThan(6);
    const known = new Set<string>();
    for (const event of early) {
      if (event.type === '@xstate.actor') known.add(event.sessionId);
      expect(known).toContain(event.sessionId);
      if (event.type === '@xstate.event' && event.sourceId) expect(known).toContain(event.sourceId);
    }
    const turn = early.find((event) => event.type === '@xstate.actor' && event.name === 'turn');
    if (turn?.type !== '@xstate.actor') throw new Error('expected the turn');
    expect(JSON.parse(turn.definition ?? '')).toMatchObject({ id: 'turn', states: { listening: {} } });
    expect(known).toContain(turn.parentId);
    await watched.stage.play(watched.stage.server.stop());
  });

  it('has the fields that the package’s own messages have', async () => {
    const theirs: StatelyInspectionEvent[] = [];
    const { inspect } = createInspector({ send: (event) => theirs.push(JSON.parse(JSON.stringify(event))) });
    const limits = { pauseMs: 1, longestMs: 1, terminator: '', mostDigits: 1 };
    const input = { ...limits, toldToModel: true, interrupts: true, actions: {} };
    const actor = createActor(keypadMachine, { inspect, input });
    actor.start();
    actor.send({ type: 'keypad.withdraw' });
    await arrived(theirs);
    const { watched, receive } = await received();
    const ours = await receive();
    await watched.pass(3000);
    await arrived(ours);
    const keypad = ours.filter((event) => event.type !== '@xstate.actor' || event.name === 'keypad');
    for (const type of ['@xstate.actor', '@xstate.event', '@xstate.snapshot']) {
      const [one] = theirs.filter((event) => event.type === type);
      const other = keypad.find((event) => event.type === type);
      const fields = (event: object | undefined): string[] =>
        Object.keys(event ?? {})
          .filter((name) => name !== 'parentId' && name !== 'sourceId')
          .sort();
      expect(fields(other), type).toEqual(fields(one));
      expect(other?._version).toBe(one?._version);
    }
    await watched.stage.play(watched.stage.server.stop());
  });

  it('shows one call alone, and tells nothing personal', async () => {
    const { watched, base, receive } = await received();
    const number = watched.caller.identity.from;
    expect(await fetch(`${base}${bridgePath}`).then((page) => page.text())).toContain(
      'https://stately.ai/inspect',
    );
    const all = await receive(`?call=${watched.callId.slice(0, 8)}`);
    await watched.finish();
    await arrived(all);
    const text = JSON.stringify(all);
    expect(text).toContain('bargeIn');
    for (const secret of [
      number,
      number.slice(-7),
      'hello-hours',
      'Bakery',
      '"digit"',
      'apiKey',
      '"input":',
    ]) {
      expect(text).not.toContain(secret);
    }
    await watched.stage.play(watched.stage.server.stop());
  });

  it('is for this machine only unless a token is set, and not there unless it is asked for', async () => {
    const without = await WatchedCall.open();
    const plain = await without.stage.server.listen();
    expect((await fetch(`${plain}${bridgePath}`)).status).toBe(404);
    await without.stage.play(without.stage.server.stop());
    const { watched, base } = await received();
    const forwarded = await fetch(`${base}${bridgePath}`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(forwarded.status).toBe(403);
    await watched.stage.play(watched.stage.server.stop());
    const guarded = await WatchedCall.open('', [], {
      inspect: 'stately',
      api: { tokens: () => ApiTokens.read('a-token-of-this-test') },
    });
    const open = await guarded.stage.server.listen();
    const page = await fetch(`${open}${bridgePath}`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(page.status).toBe(200);
    const events = await fetch(`${open}${bridgeSocketPath}`, {
      headers: { connection: 'upgrade', upgrade: 'websocket' },
    }).catch(() => undefined);
    expect(events?.status).not.toBe(101);
    await guarded.stage.play(guarded.stage.server.stop());
  });
});
