import { CallerEar } from '../../../../src/call/caller-ear.ts';
import { createScorers, type ScorerKind, type Scorers } from '../../../../src/speech/index.ts';
import { SimulatedClock } from '../../../../src/time/index.ts';
import { chunksPerSecond, framesPerSecond, type Operation, type Subject } from '../subject.ts';
import { again, inTurn, voicePieces } from '../voice.ts';

/** Callers who are heard side by side, as Silero scores them together. */
const callers = 32;
const thresholds = { thresholdDb: 8, speechProbability: 0.15 };

/** The detector of the caller's speech behind its echo gate, per frame; by default by Silero where that is installed. */
export async function detector(): Promise<Subject> {
  const clock = new SimulatedClock();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const scorers = await createScorers({ kind: 'auto', clock, log: silent, isSynchronous: true });
  const usual = scorers.kind === 'silero' ? 'auto' : 'energy';
  const hearing = [await heardBy('energy', scorers, clock, usual === 'energy')];
  if (usual === 'auto') {
    hearing.push(await heardBy('auto', scorers, clock, true), await heardBy('silero', scorers, clock, false));
  }
  return { operations: [...hearing, await echo(scorers)], close: () => scorers.close() };
}

async function heardBy(
  kind: ScorerKind,
  scorers: Scorers,
  clock: SimulatedClock,
  isUsual: boolean,
): Promise<Operation> {
  const frames = await voicePieces(8000, 20);
  const ears = Array.from({ length: callers }, () => {
    const ear = new CallerEar({}, scorers.scorerFor({ kind, ...thresholds }));
    ear.setCallRate(8000);
    return ear;
  });
  let frame = 0;
  return {
    what: `detector by ${kind === 'auto' ? 'Silero, at rest on a quiet line' : kind}: hear a frame of 20 ms`,
    perCallSecond: framesPerSecond,
    ...(!isUsual && { within: 'not the usual detector' }),
    run: (times) => {
      for (let at = 0; at < times; at += callers) {
        frame += 1;
        // each caller is elsewhere in what is said
        for (const [caller, ear] of ears.entries()) {
          const pcm = frames[(frame + caller * 16) % frames.length];
          if (pcm) ear.hear(pcm);
        }
        clock.advance(20);
      }
    },
  };
}

async function echo(scorers: Scorers): Promise<Operation> {
  const next = inTurn(await voicePieces(8000, 40));
  const ear = new CallerEar({}, scorers.scorerFor({ kind: 'energy', ...thresholds }));
  ear.setCallRate(8000);
  return {
    what: 'echo gate: expect 40 ms of the agent',
    perCallSecond: chunksPerSecond,
    run: again(() => ear.expectEchoOf(next(), 200)),
  };
}
