import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseWav } from '../../src/audio/index.ts';

const FOLDER = new URL('../fixtures/speech/', import.meta.url);

/** A recording with its samples: mono PCM16 at `sampleRateHz`, read when first asked for. */
export interface Recording {
  readonly file: string;
  readonly sampleRateHz: number;
  readonly durationMs: number;
  /** What is said, where it is known. */
  readonly text?: string;
  readonly samples: Int16Array;
}

/** One utterance of a real talker at 8 kHz, with half a second of quiet before it; times from the file's start. */
export interface Utterance extends Recording {
  readonly speaker: string;
  readonly language: string;
  /** First audible energy, good to 15 ms. */
  readonly speechStartMs: number;
  /** Where a detector can fairly be expected to begin. */
  readonly strongStartMs: number;
  /** Last audible energy, good to 60 ms. */
  readonly speechEndMs: number;
  /** Inner pauses of 250 ms or more, as [from, to]. */
  readonly pausesMs: readonly (readonly [fromMs: number, toMs: number])[];
}

const utteranceLabels = z.array(
  z.object({
    file: z.string(),
    speaker: z.string(),
    language: z.string(),
    duration_ms: z.number(),
    speech_start_ms: z.number(),
    strong_start_ms: z.number(),
    speech_end_ms: z.number(),
    pauses_ms: z.array(z.tuple([z.number(), z.number()])),
    text: z.string().nullable(),
  }),
);

const wideLabels = z.array(
  z.object({ file: z.string(), rate: z.literal(24_000), duration_ms: z.number(), text: z.string() }),
);

/** The labelled utterances, at 8 kHz. */
export function loadUtterances(): Utterance[] {
  return utteranceLabels.parse(readJson('labels.json')).map((label) => ({
    ...recording(label.file, 8_000, label.duration_ms),
    ...(label.text === null ? {} : { text: label.text }),
    get samples() {
      return samplesOf(label.file, 8_000);
    },
    speaker: label.speaker,
    language: label.language,
    speechStartMs: label.speech_start_ms,
    strongStartMs: label.strong_start_ms,
    speechEndMs: label.speech_end_ms,
    pausesMs: label.pauses_ms,
  }));
}

/** Wide-band recordings at 24 kHz that can stand for the model's voice. */
export function loadWide(): (Recording & { readonly text: string })[] {
  return wideLabels.parse(readJson('wide24k/labels.json')).map((label) => ({
    ...recording(label.file, label.rate, label.duration_ms),
    text: label.text,
    get samples() {
      return samplesOf(`wide24k/${label.file}`, label.rate);
    },
  }));
}

/** The part of `recording` from `fromMs` up to `toMs`, cut to what there is; a view, not a copy. */
export function clipOf(recording: Recording, fromMs: number, toMs: number): Int16Array {
  const perMs = recording.sampleRateHz / 1_000;
  return recording.samples.subarray(Math.round(fromMs * perMs), Math.round(toMs * perMs));
}

const cache = new Map<string, Int16Array>();

function samplesOf(path: string, rateHz: number): Int16Array {
  const cached = cache.get(path);
  if (cached) return cached;
  const wav = parseWav(readFileSync(new URL(path, FOLDER)));
  if (wav.channels !== 1 || wav.sampleRateHz !== rateHz) {
    throw new Error(
      `${path}: expected mono at ${rateHz} Hz, found ${wav.channels} channel(s) at ${wav.sampleRateHz} Hz`,
    );
  }
  cache.set(path, wav.samples);
  return wav.samples;
}

function recording(file: string, sampleRateHz: number, durationMs: number): Omit<Recording, 'samples'> {
  return { file, sampleRateHz, durationMs };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'));
}
