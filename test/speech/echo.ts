import { levelDbov } from '../../src/audio/index.ts';
import {
  type EchoGate,
  EnergyScorer,
  SpeechDetector,
  type SpeechReport,
  type SpeechScorer,
} from '../../src/speech/index.ts';
import { loadUtterances } from '../helpers/speech.ts';
import { louder } from './sounds.ts';

const stepSamples = 80;
export const callMs = 40_000;
const utterances = loadUtterances();

/** The agent speaks all the time, at −23 dBov. */
export function agentVoice(): Int16Array {
  const voice = new Int16Array(callMs * 8);
  let at = 0;
  for (const { samples } of utterances) {
    const whole = louder(samples.subarray(4000, samples.length - 5000), 3);
    voice.set(whole.subarray(0, Math.max(0, voice.length - at)), at);
    at = Math.min(voice.length, at + whole.length);
  }
  return voice;
}

/** The same, later and fainter: an echo. */
export function delayed(pcm: Int16Array, delayMs: number, gainDb: number): Int16Array {
  const late = new Int16Array(pcm.length);
  late.set(louder(pcm, gainDb).subarray(0, pcm.length - delayMs * 8), delayMs * 8);
  return late;
}

/** When the caller breaks in. */
export const bargeInsMs = [12_000, 19_000, 26_000, 33_000];

/** The caller breaks in four times, with 1.2 s of speech at −26 dBov. */
export function callerVoice(): Int16Array {
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

/** All reports on what comes in while `played` is heard. */
export function listenOver(
  inbound: Int16Array,
  played: Int16Array,
  gate?: EchoGate,
  scorer: SpeechScorer = new EnergyScorer(),
): SpeechReport[] {
  const reports: SpeechReport[] = [];
  const detector = new SpeechDetector({
    scorer,
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
