import { basename, resolve } from 'node:path';
import { readWavFile } from '../../audio/index.ts';
import type { Chance } from '../../time/index.ts';
import type { SpeechClip } from '../exotel/speech-clip.ts';
import { synthesise } from '../voices/index.ts';
import { makeNoise } from './noises.ts';
import { type RecordedUtterance, recordedSpeech } from './recorded-speech.ts';
import type { Scenario } from './schema.ts';

/** A sound that a scenario tries. */
export interface ScenarioClip extends SpeechClip {
  readonly name: string;
  readonly samples: Int16Array;
  /** For a joined clip: where the pause begins and ends, ms. */
  readonly pause?: { readonly fromMs: number; readonly toMs: number };
}

const rateHz = 8000;
const perMs = rateHz / 1000;
/** A cut ends with a fade, as a word would, ms. */
const fadeMs = 25;

/** The sounds of a scenario, in a fixed order for a given seed; one call is made for each. */
export async function scenarioClips(
  { clips, folder }: Scenario,
  chance: Chance,
): Promise<(ScenarioClip | undefined)[]> {
  switch (clips.take) {
    case 'none':
      return Array.from({ length: clips.calls }, () => undefined);
    case 'noise':
      return Array.from({ length: clips.calls }, (_, index) => {
        const kind = clips.kinds[index % clips.kinds.length] ?? 'burst';
        return { name: `${kind}-${index + 1}`, samples: makeNoise(kind, chance), sampleRateHz: rateHz };
      });
    case 'files':
      return Promise.all(clips.files.map((file) => fileClip(resolve(folder, file))));
    case 'texts':
      return Promise.all(clips.texts.map(async (text) => ({ name: text, ...(await synthesise(text)) })));
    case 'whole': {
      const speech = await recordedSpeech();
      return speech
        .filter((utterance) => isWithin(lengthMs(utterance), clips.at_least_ms, clips.at_most_ms))
        .map((utterance) => ({ ...asClip(utterance) }));
    }
    case 'cut': {
      const speech = await recordedSpeech();
      return clips.lengths_ms.flatMap((cutMs) =>
        speech.filter((_, index) => index % clips.every === 0).map((utterance) => cut(utterance, cutMs)),
      );
    }
    case 'joined': {
      const speech = (await recordedSpeech()).filter((utterance) => lengthMs(utterance) >= clips.at_least_ms);
      return speech.map((first, index) =>
        joined(first, speech[(index + 1) % speech.length] ?? first, clips.pause_ms),
      );
    }
  }
}

async function fileClip(file: string): Promise<ScenarioClip> {
  const { samples, sampleRateHz, channels } = await readWavFile(file);
  if (channels !== 1) throw new Error(`${file}: expected a mono WAV, found ${channels} channels`);
  return { name: basename(file, '.wav'), samples, sampleRateHz };
}

function lengthMs({ speechFromMs, speechToMs }: RecordedUtterance): number {
  return speechToMs - speechFromMs;
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function asClip({ name, samples, speechFromMs, speechToMs }: RecordedUtterance): ScenarioClip {
  return { name, samples, sampleRateHz: rateHz, speech: { fromMs: speechFromMs, toMs: speechToMs } };
}

function cut({ name, samples, speechFromMs }: RecordedUtterance, cutMs: number): ScenarioClip {
  const toMs = speechFromMs + cutMs;
  const part = samples.slice(0, toMs * perMs);
  const fade = fadeMs * perMs;
  for (let i = 0; i < fade && i < part.length; i += 1) {
    const at = part.length - 1 - i;
    part[at] = Math.round(((part[at] ?? 0) * i) / fade);
  }
  return {
    name: `${name}-${cutMs}`,
    samples: part,
    sampleRateHz: rateHz,
    speech: { fromMs: speechFromMs, toMs },
  };
}

/** Two utterances with nothing but a pause between the end of the one's speech and the beginning of the other's. */
function joined(first: RecordedUtterance, second: RecordedUtterance, pauseMs: number): ScenarioClip {
  const head = first.samples.subarray(0, first.speechToMs * perMs);
  const tail = second.samples.subarray(second.speechFromMs * perMs);
  const samples = new Int16Array(head.length + pauseMs * perMs + tail.length);
  samples.set(head);
  samples.set(tail, head.length + pauseMs * perMs);
  const pause = { fromMs: first.speechToMs, toMs: first.speechToMs + pauseMs };
  return {
    name: `${first.name}+${second.name}`,
    samples,
    sampleRateHz: rateHz,
    speech: { fromMs: first.speechFromMs, toMs: pause.toMs + lengthMs(second) },
    pause,
  };
}
