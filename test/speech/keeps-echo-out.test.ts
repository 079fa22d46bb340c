import { describe, expect, it } from 'vitest';
import { levelDbov } from '../../src/audio/index.ts';
import { EchoGate, EnergyScorer, SpeechDetector, type SpeechReport } from '../../src/speech/index.ts';
import { loadUtterances } from '../helpers/speech.ts';
import { only, toMs } from './detect.ts';
import { louder, mixed, whiteNoise } from './sounds.ts';

const stepSamples = 80;
const callMs = 40_000;
const utterances = loadUtterances();

/** The agent speaks all the time, at −23 dBov. */
function agentVoice(): Int16Array {
  const voice = new Int16Array(callMs * 8);
  let at = 0;
  for (const { samples } of utterances) {
    const whole = louder(samples.subarray(4000, samples.length - 5000), 3);
    voice.set(whole.subarray(0, Math.max(0, voice.length - at)), at);
    at = Math.min(voice.length, at + whole.length);
  }
  return voice;
}

function delayed(pcm: Int16Array, delayMs: number, gainDb: number): Int16Array {
  const late = new Int16Array(pcm.length);
  late.set(louder(pcm, gainDb).subarray(0, pcm.length - delayMs * 8), delayMs * 8);
  return late;
}

/** The caller breaks in four times, with a second and more of speech at −26 dBov. */
const bargeInsMs = [12_000, 19_000, 26_000, 33_000];
function callerVoice(): Int16Array {
  const voice = new Int16Array(callMs * 8);
  bargeInsMs.forEach((ms, i) => {
    const utterance = utterances[i + 5];
    if (utterance)
      voice.set(
        utterance.samples.subarray(utterance.strongStartMs * 8, utterance.strongStartMs * 8 + 9600),
        ms * 8,
      );
  });
  return voice;
}

function listen(inbound: Int16Array, played: Int16Array, gate?: EchoGate): SpeechReport[] {
  const reports: SpeechReport[] = [];
  const detector = new SpeechDetector({
    scorer: new EnergyScorer(),
    ...(gate && { gate }),
    report: (one) => reports.push(one),
  });
  detector.setAgentAudible(true);
  for (let at = 0; at < inbound.length; at += stepSamples) {
    gate?.playedOut(levelDbov(played.subarray(at, at + stepSamples)));
    detector.push(inbound.subarray(at, at + stepSamples));
  }
  detector.finish();
  return reports;
}

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
    const onsetsMs = only('onset', listen(inbound, agent, new EchoGate())).map(({ atSample }) =>
      toMs(atSample),
    );
    const isBargeIn = (ms: number): boolean => bargeInsMs.some((from) => ms > from && ms < from + 1700);
    expect(onsetsMs.filter((ms) => !isBargeIn(ms)).length).toBeLessThanOrEqual(1);
    for (const from of bargeInsMs) expect(onsetsMs.some((ms) => ms > from && ms <= from + 300)).toBe(true);
  });

  it('is taken for a caller most of the time without the gate', () => {
    const inbound = mixed(noise, delayed(agent, 150, -20));
    const speechMs = only('ended', listen(inbound, agent)).reduce((sum, ended) => sum + ended.speechMs, 0);
    expect(speechMs).toBeGreaterThan(callMs / 2);
  });

  it('is learned: the gate ends near the real loss', () => {
    const gate = new EchoGate();
    expect(gate.echoDb).toBe(-16);
    listen(mixed(noise, delayed(agent, 150, -30)), agent, gate);
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
