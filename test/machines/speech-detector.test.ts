import { describe, expect, it } from 'vitest';
import {
  type DetectorReport,
  type SpeechCommand,
  type SpeechReport,
  speechDetectorMachine,
} from '../../machines/index.ts';
import type { FakeEdge } from '../helpers/machines.ts';
import { play, type Situation } from './situations.ts';

type DetectorEvent = DetectorReport | SpeechCommand;

const rose: DetectorEvent = { type: 'score.rose' };
const fell: DetectorEvent = { type: 'score.fell' };
const onset: DetectorEvent = { type: 'score.onset', onsetSample: 800 };
const sustained: DetectorEvent = { type: 'score.sustained', onsetSample: 800 };
const paused: DetectorEvent = { type: 'score.paused' };
const resumed: DetectorEvent = { type: 'score.resumed', onsetSample: 800 };
const ended: DetectorEvent = { type: 'score.ended' };
const repeat: DetectorEvent = { type: 'speech.repeat' };

const situations: readonly Situation<DetectorEvent>[] = [
  {
    title: 'says nothing of a click',
    steps: [rose, fell],
    state: 'silence',
    reported: [],
    commanded: [],
  },
  {
    title: 'is not sure yet of a score that rose',
    steps: [rose],
    state: 'maybeSpeech',
    reported: [],
    commanded: [],
  },
  {
    title: 'reports where speech began',
    steps: [rose, onset],
    state: 'speech',
    reported: ['speech.started 800'],
    commanded: [],
  },
  {
    title: 'takes an onset without a rise',
    steps: [onset],
    state: 'speech',
    reported: ['speech.started 800'],
    commanded: [],
  },
  {
    title: 'reports speech that lasts',
    steps: [onset, sustained],
    state: 'speech',
    reported: ['speech.started 800', 'speech.sustained 800'],
    commanded: [],
  },
  {
    title: 'reports a pause and the speech after it, with the onset of the whole',
    steps: [onset, paused, resumed],
    state: 'speech',
    reported: ['speech.started 800', 'speech.paused', 'speech.resumed 800'],
    commanded: [],
  },
  {
    title: 'reports the end after a pause',
    steps: [onset, paused, ended],
    state: 'silence',
    reported: ['speech.started 800', 'speech.paused', 'speech.ended'],
    commanded: [],
  },
  {
    title: 'reports an end that comes without a pause',
    steps: [onset, ended],
    state: 'silence',
    reported: ['speech.started 800', 'speech.ended'],
    commanded: [],
  },
  {
    title: 'repeats the onset while the caller speaks',
    steps: [onset, repeat],
    state: 'speech',
    reported: ['speech.started 800', 'speech.started 800'],
    commanded: [],
  },
  {
    title: 'repeats that the speech lasts',
    steps: [onset, sustained, repeat],
    state: 'speech',
    reported: ['speech.started 800', 'speech.sustained 800', 'speech.started 800', 'speech.sustained 800'],
    commanded: [],
  },
  {
    title: 'repeats that the speech lasts when it goes on after a pause',
    steps: [onset, sustained, paused, resumed, repeat],
    state: 'speech',
    reported: [
      'speech.started 800',
      'speech.sustained 800',
      'speech.paused',
      'speech.resumed 800',
      'speech.started 800',
      'speech.sustained 800',
    ],
    commanded: [],
  },
  {
    title: 'does not take a new utterance for the long one before it',
    steps: [onset, sustained, ended, onset, repeat],
    state: 'speech',
    reported: [
      'speech.started 800',
      'speech.sustained 800',
      'speech.ended',
      'speech.started 800',
      'speech.started 800',
    ],
    commanded: [],
  },
  {
    title: 'repeats the onset within a pause',
    steps: [onset, paused, repeat],
    state: 'maybeSilence',
    reported: ['speech.started 800', 'speech.paused', 'speech.started 800'],
    commanded: [],
  },
  {
    title: 'has nothing to repeat in silence',
    steps: [repeat],
    state: 'silence',
    reported: [],
    commanded: ['speech.repeat'],
  },
  {
    title: 'tells the detector when the agent is audible',
    steps: [{ type: 'speech.agentAudible' }, onset, { type: 'speech.agentSilent' }],
    state: 'speech',
    reported: ['speech.started 800'],
    commanded: ['speech.agentAudible', 'speech.agentSilent'],
  },
];

describe('the speech detector', () => {
  it.each(situations)('$title', ({ steps, state, reported, commanded }) => {
    const outcome = play(
      (edge: FakeEdge<SpeechCommand, DetectorReport>) =>
        speechDetectorMachine.provide({ actors: { detector: edge.logic } }),
      undefined,
      steps,
    );
    expect(outcome).toMatchObject({ state, reported, commanded });
    expect(outcome.isDisposed).toBe(true);
  });

  it('has a word for every report of the vocabulary', () => {
    const words: Record<SpeechReport['type'], boolean> = {
      'speech.started': false,
      'speech.sustained': false,
      'speech.paused': false,
      'speech.resumed': false,
      'speech.ended': false,
    };
    const told = situations.flatMap(({ reported }) => reported.map((report) => report.split(' ')[0]));
    expect(Object.keys(words).filter((word) => !told.includes(word))).toEqual([]);
  });
});
