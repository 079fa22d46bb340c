import { describe, expect, it } from 'vitest';
import { type GeminiDial, WarmSessions } from '../../src/gemini/index.ts';
import type { SessionListener } from '../../src/gemini/session.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { type FrameSocketListener, UpgradeRefused } from '../../src/wire/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { ScriptedServer } from './scripted-server.ts';
import { plainSettings, secretKey } from './settings.ts';

const minute = 60_000;

function kept(size: number, setsUp = true, fail?: (to: FrameSocketListener) => void) {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock, 5);
  server.setsUp = setsUp;
  const memory = new MemoryLog();
  const warm = new WarmSessions({
    clock,
    log: memory.log,
    access: { apiKey: secretKey, baseUrl: 'http://127.0.0.1:9' },
    dial: fail ? failing(clock, fail) : server.dial,
    settings: plainSettings,
    size,
    setupMs: 10_000,
  });
  warm.start();
  return {
    clock,
    server,
    memory,
    warm,
    open: () => server.connections.filter(({ closed }) => !closed).length,
  };
}

/** Opens sockets that fail once somebody listens. */
function failing(clock: SimulatedClock, fail: (to: FrameSocketListener) => void): GeminiDial {
  return () => ({
    isOpen: false,
    bufferedBytes: 0,
    listen: (to) => clock.setTimeout(() => fail(to), 1),
    send: () => false,
    close: () => undefined,
    terminate: () => undefined,
  });
}

/** A call that takes a session and notes what it is told. */
function owner() {
  const told: string[] = [];
  const listener: SessionListener = {
    hasHandle: () => true,
    onSetUp: () => told.push('setUp'),
    onMessage: (message) => told.push(Object.keys(message).join()),
    onBadFrame: () => told.push('badFrame'),
    onLost: ({ failure }) => told.push(failure.code),
    onGone: () => told.push('gone'),
  };
  return { told, listener };
}

describe('sessions kept warm', () => {
  it('are set up one after the other, up to their number, and nothing is said on them', async () => {
    const { clock, server, warm, open } = kept(3);
    await clock.run(12);
    expect(server.connections).toHaveLength(1);
    await clock.run(1000);
    expect([warm.size, open()]).toEqual([3, 3]);
    for (const { frames } of server.connections) expect(frames.map(Object.keys)).toEqual([['setup']]);
    await clock.run(2 * minute);
    expect(server.connections).toHaveLength(3);
  });

  it('are handed over with what they were told, the newest first, and replaced', async () => {
    const { clock, server, warm, open } = kept(2);
    await clock.run(1000);
    server.connections[1]?.send({ sessionResumptionUpdate: { newHandle: 'h', resumable: true } });
    await clock.run(10);
    const { told, listener } = owner();
    const session = warm.take(plainSettings, listener);
    expect(told).toEqual([]);
    session?.open();
    expect(told).toEqual(['sessionResumptionUpdate', 'setUp']);
    session?.sendText('Hello');
    await clock.run(1000);
    expect(server.connections[1]?.inputs).toEqual([{ kind: 'text', value: 'Hello' }]);
    expect([warm.size, open()]).toEqual([2, 3]);
    server.connections[1]?.send({ serverContent: { turnComplete: true } });
    server.connections[1]?.close(1011);
    await clock.run(100);
    expect(told.slice(2)).toEqual(['serverContent', 'gemini.closed', 'gone']);
    expect(server.connections).toHaveLength(3);
  });

  it('are never more than are kept, and none is handed over that is not there', async () => {
    const { clock, server, warm } = kept(1);
    expect(warm.take(plainSettings, owner().listener)).toBeUndefined();
    await clock.run(100);
    expect(warm.take(plainSettings, owner().listener)).toBeDefined();
    expect(warm.take(plainSettings, owner().listener)).toBeUndefined();
    await clock.run(1000);
    expect(server.connections).toHaveLength(2);
  });

  it('are replaced when they are five minutes old, before the old one is closed', async () => {
    const { clock, server, warm, open } = kept(1);
    await clock.run(4.9 * minute);
    expect(server.connections).toHaveLength(1);
    let fewest = 1;
    await clock.run(0.2 * minute, () => {
      fewest = Math.min(fewest, warm.size);
      return false;
    });
    expect([server.connections.length, open(), fewest]).toEqual([2, 1, 1]);
    expect(server.connections[0]?.closed?.code).toBe(1000);
  });

  it('are kept beyond that while there is no other, for eight minutes at most', async () => {
    const { clock, server, warm } = kept(1);
    await clock.run(minute);
    server.setsUp = false;
    await clock.run(6.9 * minute);
    expect(warm.size).toBe(1);
    await clock.run(0.2 * minute);
    expect(warm.size).toBe(0);
  });

  it('are replaced when the server announces their end, or drops them', async () => {
    const { clock, server, warm } = kept(1);
    await clock.run(minute);
    server.last.send({ goAway: { timeLeft: '50s' } });
    await clock.run(1000);
    expect([server.connections.length, warm.size]).toEqual([2, 1]);
    expect(server.connections[0]?.closed?.code).toBe(1000);
    await clock.run(minute);
    server.last.drop();
    await clock.run(1000);
    expect([server.connections.length, warm.size]).toEqual([3, 1]);
  });

  it('are not handed over to a call that is set up in another way, which is said once', async () => {
    const { clock, warm, memory } = kept(1);
    await clock.run(100);
    const settings = { ...plainSettings, instruction: 'This caller is called Asha.' };
    expect(warm.take(settings, owner().listener)).toBeUndefined();
    expect(warm.take(settings, owner().listener)).toBeUndefined();
    expect(memory.all('gemini.warmUnfit')).toHaveLength(1);
    expect(memory.text).not.toContain('Asha');
    expect(warm.take({ ...plainSettings }, owner().listener)).toBeDefined();
  });

  it('are all closed at the end, also the one that is being set up, and no timer is left', async () => {
    const { clock, server, warm, open } = kept(3);
    await clock.run(32);
    server.setsUp = false;
    await clock.run(20);
    warm.close();
    await clock.run(1000);
    expect(open()).toBe(0);
    expect(server.connections.length).toBeLessThanOrEqual(3);
    expect(clock.pendingTimers).toBe(0);
    expect(warm.take(plainSettings, owner().listener)).toBeUndefined();
  });
});

describe('a set-up that fails', () => {
  it('is tried again after pauses that double up to five minutes', async () => {
    const { clock, server, memory } = kept(5, false);
    await clock.run(60 * minute, () => {
      for (const connection of server.connections) if (!connection.closed) connection.close(1011, 'busy');
      return false;
    });
    const pauses = memory.all('gemini.warmFailed').map(({ pauseMs }) => pauseMs);
    expect(pauses.slice(0, 11)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
    ]);
    expect(server.connections.length).toBeLessThan(25);
  });

  it.each([
    { because: 'the key is refused', reason: 'API key not valid.', code: 'gemini.unauthorised' },
    { because: 'the set-up is refused', reason: 'Unknown name "x"', code: 'gemini.set-up-refused' },
  ])('because $because waits for five minutes at once', async ({ reason, code }) => {
    const { clock, server, memory } = kept(2, false);
    await clock.run(20 * minute, () => {
      for (const connection of server.connections) if (!connection.closed) connection.close(1007, reason);
      return false;
    });
    expect(server.connections).toHaveLength(4);
    expect(memory.all('gemini.warmFailed')[0]).toMatchObject({ code, pauseMs: 300_000 });
    expect(memory.text).not.toContain(secretKey);
  });

  it('because it is never answered is given up at its deadline', async () => {
    const { clock, server, memory, open } = kept(1, false);
    await clock.run(10_500);
    expect(memory.all('gemini.warmFailed')).toMatchObject([{ code: 'gemini.setup-timeout' }]);
    expect(open()).toBe(0);
    server.setsUp = true;
    await clock.run(2000);
    expect(open()).toBe(1);
  });

  it.each([
    { retryAfterMs: 60_000, pauseMs: 60_000 },
    { retryAfterMs: 24 * 60 * minute, pauseMs: 300_000 },
    { retryAfterMs: 10, pauseMs: 1000 },
  ])('with Retry-After of $retryAfterMs ms waits for $pauseMs ms', async ({ retryAfterMs, pauseMs }) => {
    const refusal = new UpgradeRefused(429, retryAfterMs, 'too many');
    const { clock, memory, warm } = kept(1, true, (to) => {
      to.onError?.(refusal);
      to.onClose(1006, '');
    });
    await clock.run(500);
    expect(memory.all('gemini.warmFailed')).toMatchObject([{ code: 'gemini.quota', pauseMs }]);
    warm.close();
  });

  it('right after it succeeded counts as a failure too', async () => {
    const { clock, server } = kept(1);
    await clock.run(minute, () => {
      for (const connection of server.connections) {
        if (!connection.closed && connection.frames.length > 0) connection.drop();
      }
      return false;
    });
    expect(server.connections.length).toBeLessThan(8);
  });
});
