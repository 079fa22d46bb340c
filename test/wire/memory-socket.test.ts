import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/time/index.ts';
import { type FrameSocket, memorySocketPair } from '../../src/wire/index.ts';

/** What one side was told, in order. */
function listenTo(socket: FrameSocket, clock: SimulatedClock): string[] {
  const told: string[] = [];
  socket.listen({
    onOpen: () => told.push(`open at ${clock.nowMs()}`),
    onFrame: (data, isBinary) => told.push(`${isBinary ? 'binary' : 'text'} ${data} at ${clock.nowMs()}`),
    onClose: (code, reason) => told.push(`close ${code} ${reason} at ${clock.nowMs()}`),
  });
  return told;
}

function pair(latencyMs = 10) {
  const clock = new SimulatedClock();
  const [a, b] = memorySocketPair(clock, latencyMs);
  const [toldA, toldB] = [listenTo(a, clock), listenTo(b, clock)];
  clock.advance(latencyMs);
  toldA.length = 0;
  toldB.length = 0;
  return { clock, a, b, toldA, toldB };
}

describe('a pair of sockets in memory', () => {
  it('opens on both sides after the latency, and takes no frame before', () => {
    const clock = new SimulatedClock();
    const [a, b] = memorySocketPair(clock, 30);
    const [toldA, toldB] = [listenTo(a, clock), listenTo(b, clock)];
    expect([a.isOpen, a.send('too early')]).toEqual([false, false]);
    clock.advance(30);
    expect([toldA, toldB, a.isOpen, b.isOpen]).toEqual([['open at 30'], ['open at 30'], true, true]);
  });

  it('delivers frames in order, each after the latency, as text and as bytes', () => {
    const { clock, a, b, toldA, toldB } = pair();
    a.send('one');
    clock.advance(3);
    a.send(new TextEncoder().encode('two'));
    b.send('back');
    clock.advance(20);
    expect(toldB).toEqual(['text one at 20', 'binary two at 23']);
    expect(toldA).toEqual(['text back at 23']);
  });

  it('keeps a frame as it was when it was sent', () => {
    const { clock, a, toldB } = pair();
    const bytes = Buffer.from('kept');
    a.send(bytes);
    bytes.fill(0);
    clock.advance(10);
    expect(toldB).toEqual(['binary kept at 20']);
  });

  it('keeps for a late listener what came before, in order', () => {
    const clock = new SimulatedClock();
    const [a, b] = memorySocketPair(clock, 0);
    listenTo(a, clock);
    clock.advance(0);
    a.send('one');
    a.send('two');
    clock.advance(0);
    a.close(1000, 'bye');
    clock.advance(0);
    expect(listenTo(b, clock)).toEqual([
      'open at 0',
      'text one at 0',
      'text two at 0',
      'close 1000 bye at 0',
    ]);
  });
});

describe('closing', () => {
  it('lets frames sent before arrive, tells both sides code and reason once, and sends nothing more', () => {
    const { clock, a, b, toldA, toldB } = pair();
    a.send('last words');
    a.close(1000, 'done');
    a.close(1001, 'again');
    expect([a.isOpen, a.send('too late')]).toEqual([false, false]);
    clock.advance(100);
    expect(toldB).toEqual(['text last words at 20', 'close 1000 done at 20']);
    expect(toldA).toEqual(['close 1000 done at 30']);
    expect([b.isOpen, b.send('too late')]).toEqual([false, false]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('without a code is 1005', () => {
    const { clock, a, toldB } = pair();
    a.close();
    clock.advance(50);
    expect(toldB).toEqual(['close 1005  at 20']);
  });

  it('still delivers what the other side sent before it knew', () => {
    const { clock, a, b, toldA } = pair();
    a.close(1000, '');
    clock.advance(5);
    b.send('crossing');
    clock.advance(100);
    expect(toldA).toEqual(['text crossing at 25', 'close 1000  at 30']);
  });

  it('by both sides at once is over once on each', () => {
    const { clock, a, b, toldA, toldB } = pair();
    a.close(1000, 'a');
    b.close(1001, 'b');
    clock.advance(100);
    expect([toldA, toldB].map((told) => told.length)).toEqual([1, 1]);
  });

  it('by a drop is 1006 on both sides, and may follow a close that is not answered', () => {
    const { clock, a, toldA, toldB } = pair();
    a.close(1000, '');
    a.terminate();
    a.terminate();
    clock.advance(100);
    expect([toldA.length, toldB.length]).toEqual([1, 1]);
    const other = pair();
    other.a.terminate();
    other.clock.advance(100);
    expect([other.toldA, other.toldB]).toEqual([['close 1006  at 20'], ['close 1006  at 20']]);
  });

  it('before it was open never opens it', () => {
    const clock = new SimulatedClock();
    const [a, b] = memorySocketPair(clock, 10);
    const [toldA, toldB] = [listenTo(a, clock), listenTo(b, clock)];
    a.terminate();
    clock.advance(100);
    expect(toldA).toEqual(['close 1006  at 10']);
    expect(toldB.at(-1)).toBe('close 1006  at 10');
    expect([a.isOpen, b.isOpen]).toEqual([false, false]);
  });
});
