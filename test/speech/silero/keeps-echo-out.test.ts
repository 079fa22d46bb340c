import { afterAll, beforeAll, expect, it } from 'vitest';
import { EchoGate, type Scorers } from '../../../src/speech/index.ts';
import { only, toMs } from '../detect.ts';
import { agentVoice, bargeInsMs, callerVoice, callMs, delayed, listenOver } from '../echo.ts';
import { mixed, whiteNoise } from '../sounds.ts';
import { describeWithSilero } from './installed.ts';
import { settings, simulatedScorers } from './listen-together.ts';

describeWithSilero("the agent's own echo, to Silero behind the gate", () => {
  const agent = agentVoice();
  const noise = whiteNoise(callMs, -62);
  const table: Record<string, unknown>[] = [];
  let scorers: Scorers;

  beforeAll(async () => {
    scorers = await simulatedScorers();
  });

  it.each([
    [20, 60],
    [20, 250],
    [30, 150],
    [40, 150],
  ])('at −%i dB after %i ms begins hardly a turn, and a caller still does', (lossDb, delayMs) => {
    const inbound = mixed(noise, delayed(agent, delayMs, -lossDb), callerVoice());
    const onsetsMs = only(
      'onset',
      listenOver(inbound, agent, new EchoGate(), scorers.scorerFor(settings)),
    ).map(({ atSample }) => toMs(atSample));
    const isBargeIn = (ms: number): boolean => bargeInsMs.some((from) => ms > from && ms < from + 1700);
    const falseOnsets = onsetsMs.filter((ms) => !isBargeIn(ms)).length;
    table.push({
      'echo dB': -lossDb,
      'after ms': delayMs,
      'false onsets in 40 s': falseOnsets,
      'caller found after ms': bargeInsMs
        .map((from) => (onsetsMs.find((ms) => ms > from) ?? 0) - from)
        .join(' '),
    });
    expect(falseOnsets).toBeLessThanOrEqual(2);
    for (const from of bargeInsMs) expect(onsetsMs.some((ms) => ms > from && ms <= from + 300)).toBe(true);
  });

  it('is taken for a caller without the gate', () => {
    const inbound = mixed(noise, delayed(agent, 150, -20));
    const reports = listenOver(inbound, agent, undefined, scorers.scorerFor(settings));
    const speechMs = only('ended', reports).reduce((sum, ended) => sum + ended.speechMs, 0);
    expect(speechMs).toBeGreaterThan(callMs / 2);
  });

  afterAll(async () => {
    console.table(table);
    await scorers?.close();
  });
});
