import { describe, expect, it } from 'vitest';
import { EchoGate } from '../../src/speech/index.ts';
import { only, toMs } from './detect.ts';
import { agentVoice, bargeInsMs, callerVoice, callMs, delayed, listenOver } from './echo.ts';
import { mixed, whiteNoise } from './sounds.ts';

describe("the agent's own echo", () => {
  const agent = agentVoice();
  const noise = whiteNoise(callMs, -62);

  it.each([
    [20, 60],
    [20, 250],
    [30, 150],
    [40, 150],
  ])('at −%i dB after %i ms does not begin a turn, and a caller still does', (lossDb, delayMs) => {
    const inbound = mixed(noise, delayed(agent, delayMs, -lossDb), callerVoice());
    const onsetsMs = only('onset', listenOver(inbound, agent, new EchoGate())).map(({ atSample }) =>
      toMs(atSample),
    );
    const isBargeIn = (ms: number): boolean => bargeInsMs.some((from) => ms > from && ms < from + 1700);
    expect(onsetsMs.filter((ms) => !isBargeIn(ms)).length).toBeLessThanOrEqual(1);
    for (const from of bargeInsMs) expect(onsetsMs.some((ms) => ms > from && ms <= from + 300)).toBe(true);
  });

  it('is taken for a caller most of the time without the gate', () => {
    const inbound = mixed(noise, delayed(agent, 150, -20));
    const speechMs = only('ended', listenOver(inbound, agent)).reduce(
      (sum, ended) => sum + ended.speechMs,
      0,
    );
    expect(speechMs).toBeGreaterThan(callMs / 2);
  });

  it('is learned: the gate ends near the real loss', () => {
    const gate = new EchoGate();
    expect(gate.echoDb).toBe(-16);
    listenOver(mixed(noise, delayed(agent, 150, -30)), agent, gate);
    expect(gate.echoDb).toBeLessThan(-24);
    expect(gate.echoDb).toBeGreaterThan(-38);
  });
});

describe('the gate', () => {
  it('lets everything pass 500 ms after the last playout', () => {
    const gate = new EchoGate();
    gate.playedOut(-20);
    const passed = Array.from({ length: 51 }, () => gate.passes(-50));
    expect(passed.indexOf(true)).toBe(50);
  });

  it('knows playout that is still to be heard, up to its limit', () => {
    const gate = new EchoGate();
    gate.playedOut(-20, 100);
    gate.playedOut(-20, 60_000);
    const passed = Array.from({ length: 260 }, () => gate.passes(-50));
    expect(passed.indexOf(false)).toBe(10);
    expect(passed.indexOf(true, 10)).toBe(60);
    expect(passed.indexOf(false, 60)).toBe(200);
    expect(passed.indexOf(true, 200)).toBe(250);
  });

  it('forgets what was cleared before it could be heard', () => {
    const gate = new EchoGate();
    for (let aheadMs = 0; aheadMs < 400; aheadMs += 10) gate.playedOut(-20, aheadMs);
    gate.cleared(100);
    const passed = Array.from({ length: 70 }, () => gate.passes(-50));
    expect(passed.indexOf(true)).toBe(60);
  });
});
