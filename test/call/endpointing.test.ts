import { describe, expect, it } from 'vitest';
import { Endpointing } from '../../src/call/endpointing.ts';

describe('the silence that ends a turn', () => {
  const callers: { caller: string; pausesMs: number[]; endMs: number }[] = [
    { caller: 'who never paused', pausesMs: [], endMs: 500 },
    { caller: 'who pauses shortly', pausesMs: [200, 300], endMs: 500 },
    { caller: 'who pauses for 480 ms', pausesMs: [200, 480], endMs: 600 },
    { caller: 'who pauses for very long', pausesMs: [3000], endMs: 900 },
  ];

  it.each(callers)('is $endMs ms for a caller $caller', ({ pausesMs, endMs }) => {
    const endpointing = new Endpointing(500);
    for (const pauseMs of pausesMs) endpointing.wentOnAfter(pauseMs);
    expect(endpointing.endSilenceMs).toBe(endMs);
  });

  it('comes down again turn by turn without a pause', () => {
    const endpointing = new Endpointing(500);
    endpointing.wentOnAfter(600);
    endpointing.wentOnAfter(450);
    expect(endpointing.endSilenceMs).toBe(750);
    endpointing.turnWithoutPause();
    expect(endpointing.endSilenceMs).toBe(563);
    endpointing.turnWithoutPause();
    expect(endpointing.endSilenceMs).toBe(500);
  });

  it('remembers the last eight pauses', () => {
    const endpointing = new Endpointing(500);
    endpointing.wentOnAfter(700);
    for (let pause = 0; pause < 8; pause += 1) endpointing.wentOnAfter(100);
    expect(endpointing.endSilenceMs).toBe(500);
  });
});
