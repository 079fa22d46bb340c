import { expect, test } from 'vitest';
import { EnergyScorer } from '../../src/speech/energy-scorer.ts';
import { LineScorer } from '../../src/speech/line-scorer.ts';
import type { ScoreListener, SpeechScorer } from '../../src/speech/scorer.ts';
import { seededChance } from '../../src/time/index.ts';

/** A model that says the same of every frame of 32 ms, one frame late. */
class LateModel implements SpeechScorer {
  readonly name = 'late';
  readonly frameSamples = 256;
  readonly threshold = 0.15;
  readonly #score: number;
  #listener: ScoreListener | undefined;
  #last: number | undefined;

  constructor(score: number) {
    this.#score = score;
  }

  listen(listener: ScoreListener): void {
    this.#listener = listener;
  }

  push(_frame: Int16Array, startSample: number): void {
    if (this.#last !== undefined) this.#listener?.(this.#score, this.#last);
    this.#last = startSample;
  }

  close(): void {
    this.#listener = undefined;
  }
}

/** Scores of `seconds` of noise at an amplitude, then of half a second of something loud. */
function scores(amplitude: number, modelScore: number, seconds = 4): { score: number; atMs: number }[] {
  const scorer = new LineScorer(new EnergyScorer(), new LateModel(modelScore));
  const chance = seededChance(7);
  const heard: { score: number; atMs: number }[] = [];
  scorer.listen((score, startSample) => heard.push({ score, atMs: startSample / 8 }));
  for (let frame = 0; frame < (seconds + 0.5) * 100; frame += 1) {
    const loud = frame >= seconds * 100;
    const peak = loud ? 8000 : amplitude;
    scorer.push(
      Int16Array.from({ length: 80 }, () => Math.round((chance.next() * 2 - 1) * peak)),
      frame * 80,
    );
  }
  return heard;
}

const loudFrames = (heard: { score: number; atMs: number }[]) => heard.filter(({ atMs }) => atMs >= 4000);

test('on a quiet line the level decides at once', () => {
  const loud = loudFrames(scores(10, 0));
  expect(loud).toHaveLength(50);
  expect(loud.every(({ score }) => score >= 0.5)).toBe(true);
});

test('on a noisy line the model decides: what it does not take for speech is not speech, however loud', () => {
  const loud = loudFrames(scores(600, 0.01));
  expect(loud.length).toBeGreaterThan(40);
  expect(loud.every(({ score }) => score === 0)).toBe(true);
});

test('on a noisy line what the model takes for speech is speech', () => {
  const loud = loudFrames(scores(600, 0.9));
  expect(loud.every(({ score }) => score === 1)).toBe(true);
});

test.each([10, 600])('every frame is scored once and in order, at amplitude %i', (amplitude) => {
  const times = scores(amplitude, 0.5).map(({ atMs }) => atMs);
  expect(times).toEqual(times.map((_, index) => index * 10));
});
