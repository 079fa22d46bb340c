import type { Agent } from '../agents/index.ts';
import { AudioError, createResampler } from '../audio/index.ts';
import { type GeminiSettings, modelOutputRateHz } from '../gemini/index.ts';
import { loadSentence, type Sentence } from './sentence.ts';

/** How a call opens, as far as that is known before the model speaks. */
export interface Opening {
  /** What is played in place of the model's greeting. */
  readonly clip: GeminiSettings['greetingClip'];
  /** Why a recording of the agent's cannot be played; the model then says what is in it. */
  readonly problem: string | undefined;
  /** How long the announcement takes at its start, ms; 0 without one. */
  readonly announcementMs: number;
}

/** A slow speaker, ms for each character of any script; too long only keeps a caller from interrupting for a moment more. */
const msPerCharacter = 90;
/** Before the first word of the model's, ms. */
const breathMs = 500;

/** Reads how calls of `agent` open. */
export function openingOf(agent: Agent): Opening {
  const { greeting, records } = agent;
  const greetingClip = greeting.by === 'model' ? greeting.clip : undefined;
  const spokenMs = records.announcement ? breathMs + records.announcement.length * msPerCharacter : 0;
  const byModel = { clip: undefined, problem: undefined, announcementMs: spokenMs };
  if (greetingClip === undefined && records.announcementClip === undefined) return byModel;
  try {
    const announcement =
      records.announcementClip === undefined ? [] : [atModelRate(records.announcementClip)];
    const said = greetingClip === undefined ? [] : [atModelRate(greetingClip)];
    const text = greetingClip === undefined ? '' : greeting.text;
    const words = [records.announcement, text].filter(Boolean).join(' ');
    const announcementMs = ((announcement[0]?.length ?? 0) * 1000) / modelOutputRateHz;
    return {
      clip: { samples: joined([...announcement, ...said]), words },
      problem: undefined,
      announcementMs,
    };
  } catch (error) {
    // the path may tell a tenant's name: what the audio reader says of it does not
    const problem = error instanceof AudioError ? error.message : 'the file cannot be read';
    return { ...byModel, problem };
  }
}

const resampled = new WeakMap<Sentence, Int16Array>();

function atModelRate(file: string): Int16Array {
  const sentence = loadSentence(file);
  const known = resampled.get(sentence);
  if (known) return known;
  const resampler = createResampler(sentence.sampleRateHz, modelOutputRateHz);
  const spoken = resampler.push(sentence.samples).slice();
  resampler.dispose();
  resampled.set(sentence, spoken);
  return spoken;
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const [only, second] = parts;
  if (only && !second) return only;
  const all = new Int16Array(parts.reduce((samples, part) => samples + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
