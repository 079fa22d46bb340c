import type { Chance } from '../../time/index.ts';
import { loadVoice, toVoiceRate } from '../voices/index.ts';
import { defaultPace, type Pace, type Reply } from './script.ts';

/** Gemini: the audio it sends is always 24 kHz. */
export const replyRateHz = 24_000;

/** How far the output transcript runs ahead of the audio, ms of audio. */
const transcriptLeadMs = 400;
const longestFragmentWords = 4;

/** One frame of a reply, `atMs` after its start. */
export type ReplyStep =
  | { readonly kind: 'transcript'; readonly atMs: number; readonly text: string }
  | { readonly kind: 'audio'; readonly atMs: number; readonly samples: Int16Array };

/** A reply cut into frames. */
export interface ReplyPlan {
  readonly steps: readonly ReplyStep[];
  readonly totalSamples: number;
}

/** Cuts a reply into transcript fragments and audio chunks, and sets when each leaves. */
export function planReply(reply: Reply, overrides: Partial<Pace>, chance: Chance): ReplyPlan {
  const pace: Pace = { ...defaultPace, ...reply.pace, ...overrides };
  const samples =
    typeof reply.voice === 'string'
      ? loadVoice(reply.voice)
      : toVoiceRate(reply.voice.samples, reply.voice.sampleRateHz);
  const fragments = transcriptFragments(reply.text, samplesToMs(samples.length), chance);
  const steps: ReplyStep[] = [];
  for (const chunk of chunksOf(samples, pace, chance)) {
    while (fragments[0] && fragments[0].positionMs - transcriptLeadMs <= chunk.positionMs) {
      steps.push({ kind: 'transcript', atMs: chunk.atMs, text: fragments[0].text });
      fragments.shift();
    }
    steps.push({ kind: 'audio', atMs: chunk.atMs, samples: chunk.samples });
  }
  const lastMs = steps.at(-1)?.atMs ?? pace.thinkMs;
  for (const { text } of fragments) steps.push({ kind: 'transcript', atMs: lastMs, text });
  return { steps, totalSamples: samples.length };
}

/** Cuts text into fragments of a few words that keep their leading spaces, so that joining them gives the text. */
export function transcriptFragments(
  text: string,
  durationMs: number,
  chance: Chance,
): { text: string; positionMs: number }[] {
  const words = text.match(/\s*\S+/g) ?? [];
  const fragments: { text: string; positionMs: number }[] = [];
  let at = 0;
  let letters = 0;
  while (at < words.length) {
    const count = 1 + Math.floor(chance.next() * longestFragmentWords);
    const fragment = words.slice(at, at + count).join('');
    fragments.push({ text: fragment, positionMs: (durationMs * letters) / text.length });
    letters += fragment.length;
    at += count;
  }
  return fragments;
}

interface Chunk {
  atMs: number;
  readonly positionMs: number;
  readonly samples: Int16Array;
}

function chunksOf(samples: Int16Array, pace: Pace, chance: Chance): Chunk[] {
  const [shortestMs, longestMs] = pace.chunkMs;
  const stalls = [...pace.stalls].sort((a, b) => a.afterMs - b.afterMs);
  const chunks: Chunk[] = [];
  let atMs = pace.thinkMs;
  let from = 0;
  while (from < samples.length) {
    const positionMs = samplesToMs(from);
    while (stalls[0] && stalls[0].afterMs <= positionMs) atMs += stalls.shift()?.forMs ?? 0;
    const chunkMs = Math.round(shortestMs + (longestMs - shortestMs) * chance.next());
    const to = Math.min(samples.length, from + Math.max(1, (chunkMs * replyRateHz) / 1000));
    atMs += samplesToMs(to - from) / pace.speed;
    chunks.push({ atMs, positionMs, samples: samples.subarray(from, to) });
    from = to;
  }
  // A burst leaves when its last chunk is ready.
  for (let first = 0; first < chunks.length; first += pace.burstChunks) {
    const burst = chunks.slice(first, first + pace.burstChunks);
    const readyMs = burst.at(-1)?.atMs ?? 0;
    for (const chunk of burst) chunk.atMs = readyMs;
  }
  return chunks;
}

function samplesToMs(samples: number): number {
  return (samples * 1000) / replyRateHz;
}
