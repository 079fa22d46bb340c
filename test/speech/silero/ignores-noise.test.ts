import { afterAll, beforeAll, expect, it } from 'vitest';
import { levelDbov } from '../../../src/audio/index.ts';
import type { Scorers, SpeechReport } from '../../../src/speech/index.ts';
import { loadUtterances } from '../../helpers/speech.ts';
import { only } from '../detect.ts';
import { hum, louder, mixed, silence, sound, whiteNoise } from '../sounds.ts';
import { describeWithSilero } from './installed.ts';
import { listenTogether, simulatedScorers } from './listen-together.ts';

const minuteMs = 60_000;
const line = whiteNoise(minuteMs, -62);

/** Talkers who all speak at once. */
function babble(talkers: number, level: number): Int16Array {
  const utterances = loadUtterances();
  const voices = Array.from({ length: talkers }, (_, talker) => {
    const voice = silence(minuteMs);
    for (let at = 0, i = talker; at < voice.length; i += talkers) {
      const samples = utterances[i % utterances.length]?.samples ?? line;
      const words = samples.subarray(4000, samples.length - 5000);
      voice.set(words.subarray(0, voice.length - at), at);
      at += words.length;
    }
    return louder(voice, -17);
  });
  const mix = mixed(silence(minuteMs), ...voices);
  return mixed(louder(mix, level - levelDbov(mix)), line);
}

/** Something is knocked once a second. */
function knocks(): Int16Array {
  const noise = whiteNoise(minuteMs, -20, 3);
  const knocked = sound(minuteMs, (i) => (noise[i] ?? 0) * Math.exp(-(i % 8000) / 120));
  return mixed(knocked, line);
}

const steady: [name: string, make: () => Int16Array][] = [
  ['white noise at −36 dBov', () => whiteNoise(minuteMs, -36)],
  ['white noise at −20 dBov', () => whiteNoise(minuteMs, -20)],
  ['hum at −36 dBov', () => mixed(hum(minuteMs, -36), line)],
  [
    'comfort noise at −54 dBov that comes and goes',
    () => whiteNoise(minuteMs, -54).map((sample, i) => (i % 16_000 < 8000 ? sample : 0)),
  ],
  ['knocks', knocks],
];
const voices: [name: string, make: () => Int16Array][] = [
  ['7 talkers at −50 dBov', () => babble(7, -50)],
  ['7 talkers at −46 dBov', () => babble(7, -46)],
  ['7 talkers at −40 dBov', () => babble(7, -40)],
  ['13 talkers at −46 dBov', () => babble(13, -46)],
];

function count(type: SpeechReport['type'], heard: readonly SpeechReport[][]): number[] {
  return heard.map((reports) => only(type, reports).length);
}

describeWithSilero('a minute of sound that is nobody on the line', () => {
  const table: Record<string, unknown>[] = [];
  let silero: Scorers;
  let energy: Scorers;

  beforeAll(async () => {
    [silero, energy] = await Promise.all([simulatedScorers(), simulatedScorers('energy')]);
  });

  function countAll(sounds: readonly [name: string, make: () => Int16Array][]): Record<string, number[]> {
    const pcm = sounds.map(([, make]) => make());
    const counts: Record<string, number[]> = {};
    for (const [name, scorers] of Object.entries({ energy, silero })) {
      const heard = listenTogether(scorers, pcm);
      const heardOver = listenTogether(scorers, pcm, {}, (detector) => detector.setAgentAudible(true));
      counts[`${name}: onsets`] = count('onset', heard);
      counts[`${name}: while the agent is audible`] = count('onset', heardOver);
      counts[`${name}: and sustained`] = count('sustained', heardOver);
    }
    for (const [i, [sound]] of sounds.entries()) {
      table.push({
        sound,
        ...Object.fromEntries(Object.entries(counts).map(([name, each]) => [name, each[i]])),
      });
    }
    return counts;
  }

  it('begins no turn where it is noise', () => {
    const counts = countAll(steady);
    const none = steady.map(() => 0);
    expect(counts['silero: onsets']).toEqual(none);
    expect(counts['silero: while the agent is audible']).toEqual(none);
  });

  it('interrupts the agent less often than by energy where it is others who talk', () => {
    const counts = countAll(voices);
    const sum = (name: string): number => (counts[name] ?? []).reduce((total, each) => total + each, 0);
    expect(sum('silero: onsets')).toBeLessThan(0.7 * sum('energy: onsets'));
    expect(sum('silero: while the agent is audible')).toBeLessThan(
      0.7 * sum('energy: while the agent is audible'),
    );
  });

  afterAll(async () => {
    console.table(table);
    await silero?.close();
  });
});
