import { createResampler, levelDbov } from '../../../src/audio/index.ts';
import { audiblePart, findAudio, loadVoice, type VoiceName } from '../../../src/sim/index.ts';

/** How a reply was heard, looked at in pieces of a quarter of a second, whatever resampler it went through. */
export interface HeardPieces {
  /** Share of the pieces that were heard, in their order. */
  readonly share: number;
  /** Whether the last of them was. */
  readonly isEnded: boolean;
  /** How much later than an unbroken reply the last one that was heard came, ms. */
  readonly laterMs: number;
}

const rateHz = 8000;
const pieceSamples = rateHz / 4;
/** Quieter pieces are pauses, and look like any other. */
const pieceDbov = -38;
/** From here on a piece is the one that was said: another resampler, another phase. */
const likely = 0.8;
/** A reply may be held for this long inside, ms. */
const longestHoldMs = 1000;

/** Looks for `voice` in what was heard at 8 kHz, from the sample `from` on. */
export function heardPieces(voice: VoiceName, heard: Int16Array, from: number): HeardPieces {
  const wanted = audiblePart(atCallRate(loadVoice(voice)));
  const pieces: { readonly at: number; readonly samples: Int16Array }[] = [];
  for (let at = 0; at + pieceSamples <= wanted.length; at += pieceSamples) {
    const samples = wanted.subarray(at, at + pieceSamples);
    if (levelDbov(samples) > pieceDbov) pieces.push({ at, samples });
  }
  let shift: number | undefined;
  let firstShift = 0;
  let found = 0;
  let isEnded = false;
  for (const { at, samples } of pieces) {
    const early = shift === undefined ? from : shift + at - 80;
    const late = shift === undefined ? from + at + 2 * rateHz : shift + at + longestHoldMs * (rateHz / 1000);
    const place = findAudio(samples, heard, early, late);
    isEnded = place.likeness >= likely;
    if (!isEnded) continue;
    found += 1;
    if (shift === undefined) firstShift = place.at - at;
    shift = place.at - at;
  }
  const laterMs = ((shift ?? 0) - firstShift) / (rateHz / 1000);
  return { share: found / Math.max(1, pieces.length), isEnded, laterMs };
}

function atCallRate(samples: Int16Array): Int16Array {
  const resampler = createResampler(24_000, rateHz);
  const body = resampler.push(samples).slice();
  resampler.dispose();
  return body;
}
