import { describe, expect, it } from 'vitest';
import { type LineListener, WatchClient } from '../../src/console/live/watch-client.ts';
import type { CallChanges, CallRow, CallWhole, WatchMessage } from '../../src/inspection/format.ts';

const wallMs = 1_800_000_000_000;

/** A page whose connections and time are in the hands of the test. */
class Page {
  readonly lines: { listener: LineListener; asked: string[]; isClosed: boolean }[] = [];
  readonly #timers = new Set<{ ms: number; then: () => void }>();
  readonly client = new WatchClient({
    open: (listener) => {
      const line = { listener, asked: [] as string[], isClosed: false };
      this.lines.push(line);
      return {
        send: (text) => line.asked.push(text),
        close: () => {
          line.isClosed = true;
        },
      };
    },
    after: (ms, then) => {
      const timer = { ms, then };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
    chance: () => 0,
    nowMs: () => wallMs - 5000,
  });

  /** The one wait that goes on, ms; it is over at once. */
  pass(): number {
    const [timer, ...others] = this.#timers;
    if (!timer || others.length > 0) throw new Error(`expected one timer, found ${this.#timers.size}`);
    this.#timers.delete(timer);
    timer.then();
    return timer.ms;
  }

  get waits(): number {
    return this.#timers.size;
  }

  say(message: WatchMessage): void {
    this.lines.at(-1)?.listener.onText(JSON.stringify(message));
  }

  greet(version = 1): void {
    this.say({ type: 'hello', version, wallMs, personal: true });
  }

  get asked(): unknown[] {
    return (this.lines.at(-1)?.asked ?? []).map((text) => JSON.parse(text));
  }

  get status(): string {
    return this.client.snapshot().connection.status;
  }
}

const row: CallRow = {
  callId: 'a',
  agent: 'bakery',
  acceptedWallMs: wallMs,
  floor: 'agent',
  because: 'reply',
  floorSinceMs: 10,
  latenciesMs: [],
  health: 'good',
  isMuted: false,
};
const silence = { fromMs: 0, peaks: [] };
const whole: CallWhole = {
  type: 'call',
  callId: 'a',
  seq: 4,
  atMs: 100,
  row,
  charts: [],
  steps: [],
  lines: [],
  words: { caller: '', agent: '' },
  turns: [],
  marks: [],
  levels: { caller: silence, agent: silence },
};
const changes = (seq: number): CallChanges => ({
  type: 'call.changes',
  callId: 'a',
  seq,
  atMs: seq * 100,
  words: { caller: `${seq}`, agent: '' },
});

describe('a page that watches the list', () => {
  it('connects when somebody watches, asks once, and leaves a while after nobody does', () => {
    const page = new Page();
    expect(page.lines).toHaveLength(0);
    const leave = page.client.watchCalls();
    const leaveToo = page.client.watchCalls();
    expect(page.lines).toHaveLength(1);
    page.greet();
    expect(page.asked).toEqual([{ watch: 'calls' }]);
    expect(page.client.snapshot().connection).toEqual({ status: 'open', trouble: '', wallOffsetMs: 5000 });
    leave();
    leave();
    expect(page.asked).toHaveLength(1);
    leaveToo();
    expect(page.asked.at(-1)).toEqual({ unwatch: 'calls' });
    page.pass();
    expect(page.lines[0]?.isClosed).toBe(true);
    expect(page.status).toBe('closed');
    expect(page.waits).toBe(0);
  });

  it('keeps the connection from one page of the console to the next', () => {
    const page = new Page();
    const leave = page.client.watchCalls();
    page.greet();
    leave();
    page.client.watchCall('a');
    expect(page.waits).toBe(0);
    expect(page.asked).toEqual([{ watch: 'calls' }, { unwatch: 'calls' }, { watch: 'call', callId: 'a' }]);
  });

  it('asks again when a change is missing, and passes over what comes until the whole list has come', () => {
    const page = new Page();
    page.client.watchCalls();
    page.greet();
    page.say({ type: 'calls', seq: 1, calls: [row] });
    page.say({ type: 'calls.changes', seq: 3, calls: [], gone: ['a'] });
    page.say({ type: 'calls.changes', seq: 4, calls: [], gone: [] });
    expect(page.asked).toEqual([{ watch: 'calls' }, { watch: 'calls' }]);
    expect(page.client.snapshot().list?.calls).toEqual([row]);
    page.say({ type: 'calls', seq: 4, calls: [] });
    page.say({ type: 'calls.changes', seq: 5, calls: [row], gone: [] });
    expect(page.client.snapshot().list?.calls).toEqual([row]);
    expect(page.asked).toHaveLength(2);
  });
});

describe('a page that watches a call', () => {
  it('puts pictures and changes together, and asks again after a gap', () => {
    const page = new Page();
    page.client.watchCall('a');
    page.greet();
    page.say(whole);
    page.say(changes(5));
    const call = () => page.client.snapshot().calls.get('a');
    expect(call()?.picture?.words.caller).toBe('5');
    page.say(changes(7));
    page.say(changes(8));
    expect(call()).toMatchObject({ isStale: true, picture: { seq: 5 } });
    expect(page.asked).toEqual([
      { watch: 'call', callId: 'a' },
      { watch: 'call', callId: 'a' },
    ]);
    page.say({ ...whole, seq: 8 });
    page.say(changes(9));
    expect(call()).toMatchObject({ picture: { seq: 9 } });
    expect(call()?.isStale).toBeUndefined();
  });

  it('keeps the picture of a call that is over, and does not ask for it on another connection', () => {
    const page = new Page();
    page.client.watchCall('a');
    page.greet();
    page.say(whole);
    page.say({ type: 'call.over', callId: 'a', seq: 5, outcome: 'callerHungUp' });
    expect(page.client.snapshot().calls.get('a')).toMatchObject({
      over: { outcome: 'callerHungUp' },
      picture: { seq: 4 },
    });
    page.lines[0]?.listener.onClose(1006);
    page.pass();
    page.greet();
    expect(page.asked).toEqual([]);
  });

  it('tells why a call cannot be watched', () => {
    const page = new Page();
    page.client.watchCall('a');
    page.greet();
    const problem = {
      type: 'problem',
      code: 'watch.no-such-call',
      message: 'no such one',
      callId: 'a',
    } as const;
    page.say(problem);
    expect(page.client.snapshot().calls.get('a')).toEqual({ problem });
  });

  it('is not troubled by changes of calls that it does not watch any more, nor by what it cannot read', () => {
    const page = new Page();
    const leave = page.client.watchCall('a');
    page.client.watchCalls();
    page.greet();
    leave();
    const before = page.client.snapshot();
    page.say(whole);
    page.say(changes(5));
    for (const text of ['', '{', '[]', '"a"', 'null']) page.lines[0]?.listener.onText(text);
    expect(page.client.snapshot()).toBe(before);
  });
});

describe('a connection that is lost', () => {
  it.each([
    [1012, 'The service stops or starts again.'],
    [4008, 'This page read more slowly than the calls go on, and was dropped.'],
    [1006, 'The connection to the service was lost.'],
  ])('says why (%i), keeps what is known, and asks for all of it again', (code, trouble) => {
    const page = new Page();
    page.client.watchCalls();
    page.client.watchCall('a');
    page.greet();
    page.say(whole);
    page.lines[0]?.listener.onClose(code);
    expect(page.client.snapshot().connection).toMatchObject({ status: 'lost', trouble });
    expect(page.client.snapshot().calls.get('a')?.picture).toBeDefined();
    page.pass();
    expect(page.lines).toHaveLength(2);
    page.greet();
    expect(page.status).toBe('open');
    expect(page.asked).toEqual([{ watch: 'calls' }, { watch: 'call', callId: 'a' }]);
  });

  it('tries again after longer and longer, 15 s at most, until it is greeted', () => {
    const page = new Page();
    page.client.watchCalls();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      page.lines.at(-1)?.listener.onClose(1006);
      expect(page.client.snapshot().connection.trouble).toMatch(/cannot be reached/);
      waits.push(page.pass());
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500]);
    page.greet();
    page.lines.at(-1)?.listener.onClose(1006);
    expect(page.pass()).toBe(250);
  });

  it('does not wait for ever for a greeting, and hears no more of the line it has given up', () => {
    const page = new Page();
    page.client.watchCalls();
    expect(page.pass()).toBe(10_000);
    expect(page.lines[0]?.isClosed).toBe(true);
    expect(page.status).toBe('lost');
    page.pass();
    page.lines[0]?.listener.onClose(1006);
    expect(page.status).toBe('lost');
    expect(page.lines).toHaveLength(2);
    page.greet();
    expect(page.status).toBe('open');
  });

  it('gives up a service that speaks another version, and says so', () => {
    const page = new Page();
    page.client.watchCalls();
    page.greet(2);
    page.lines[0]?.listener.onClose(1005);
    expect(page.client.snapshot().connection).toMatchObject({ status: 'given up' });
    expect(page.client.snapshot().connection.trouble).toMatch(/load the page again/);
    expect(page.waits).toBe(0);
    expect(page.asked).toEqual([]);
  });
});
