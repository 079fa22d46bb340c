import { describe, expect, it } from 'vitest';
import {
  defaultSpeechPolicy,
  EnergyScorer,
  SpeechDetector,
  type SpeechPolicy,
  type SpeechReport,
} from '../../src/speech/index.ts';
import { detect } from './detect.ts';
import { ScriptedScorer, script } from './scripted-scorer.ts';

/** type, at, onset, speech, silence: all ms */
type Row = [type: string, atMs: number, onsetMs: number, speechMs: number, silenceMs: number];

function rows(reports: readonly SpeechReport[]): Row[] {
  return reports.map((report) => [
    report.type === 'ended' ? `ended: ${report.reason}` : report.type,
    report.atSample / 8,
    report.onsetSample / 8,
    report.speechMs,
    report.silenceMs,
  ]);
}

const situations: [situation: string, audio: Int16Array, policy: Partial<SpeechPolicy>, expected: Row[]][] = [
  ['nothing but silence', script(2000), {}, []],
  [
    'a click of 40 ms: rises and falls',
    script(200, 40, 500),
    {},
    [
      ['scoreRose', 210, 170, 10, 0],
      ['scoreFell', 330, 170, 40, 90],
    ],
  ],
  [
    'a word of 300 ms: paused, then ended',
    script(200, 300, 1000),
    {},
    [
      ['scoreRose', 210, 170, 10, 0],
      ['onset', 270, 170, 70, 0],
      ['paused', 620, 170, 300, 120],
      ['ended: silence', 1000, 170, 300, 500],
    ],
  ],
  [
    'speech that starts at once: the onset is not before the stream',
    script(0, 100, 1000),
    {},
    [
      ['scoreRose', 10, 0, 10, 0],
      ['onset', 70, 0, 70, 0],
      ['paused', 220, 0, 100, 120],
      ['ended: silence', 600, 0, 100, 500],
    ],
  ],
  [
    'one frame dropped before the onset: the onset waits for it, and begins where speech began',
    script(200, 30, 10, 300, 1000),
    {},
    [
      ['scoreRose', 210, 170, 10, 0],
      ['onset', 280, 170, 80, 0],
      ['paused', 660, 170, 340, 120],
      ['ended: silence', 1040, 170, 340, 500],
    ],
  ],
  [
    'a sentence with a short gap and a pause: sustained without the pause',
    script(200, 300, 110, 60, 200, 200, 700),
    {},
    [
      ['scoreRose', 210, 170, 10, 0],
      ['onset', 270, 170, 70, 0],
      ['paused', 790, 170, 470, 120],
      ['resumed', 900, 170, 500, 0],
      ['sustained', 900, 170, 500, 0],
      ['paused', 1190, 170, 670, 120],
      ['ended: silence', 1570, 170, 670, 500],
    ],
  ],
  [
    'a click inside the last silence: the turn does not wait for it',
    script(200, 300, 200, 20, 700),
    {},
    [
      ['scoreRose', 210, 170, 10, 0],
      ['onset', 270, 170, 70, 0],
      ['paused', 620, 170, 300, 120],
      ['ended: silence', 1000, 170, 300, 500],
    ],
  ],
  [
    'a monologue: ended at the cap, and begun anew',
    script(200, 1500, 600),
    { longestMs: 1000, confirmMs: 600 },
    [
      ['scoreRose', 210, 170, 10, 0],
      ['onset', 270, 170, 70, 0],
      ['sustained', 800, 170, 600, 0],
      ['ended: longest', 1200, 170, 1000, 0],
      ['scoreRose', 1210, 1170, 10, 0],
      ['onset', 1270, 1170, 70, 0],
      ['paused', 1820, 1170, 500, 120],
      ['ended: silence', 2200, 1170, 500, 500],
    ],
  ],
  [
    'silence that ends a turn sooner than it pauses it',
    script(200, 300, 300),
    { rejectMs: 200, endSilenceMs: 100 },
    [
      ['scoreRose', 210, 170, 10, 0],
      ['onset', 270, 170, 70, 0],
      ['ended: silence', 600, 170, 300, 100],
    ],
  ],
  [
    'a stream that ends inside a word',
    script(200, 300),
    { onsetSafetyMs: 0 },
    [
      ['scoreRose', 210, 200, 10, 0],
      ['onset', 270, 200, 70, 0],
      ['ended: stream', 500, 200, 300, 0],
    ],
  ],
  [
    'a stream that ends before the onset',
    script(200, 50),
    {},
    [
      ['scoreRose', 210, 170, 10, 0],
      ['scoreFell', 250, 170, 50, 0],
    ],
  ],
];

describe('the detector reports', () => {
  it.each(situations)('%s', (_, audio, policy, expected) => {
    expect(rows(detect(audio, { scorer: new ScriptedScorer(), policy }))).toEqual(expected);
  });

  it('the same with frames of 32 ms, rounded up to whole frames', () => {
    expect(rows(detect(script(192, 320, 1000), { scorer: new ScriptedScorer(256) }))).toEqual([
      ['scoreRose', 224, 162, 32, 0],
      ['onset', 256, 162, 64, 0],
      ['paused', 640, 162, 320, 128],
      ['ended: silence', 1024, 162, 320, 512],
    ]);
  });
});

describe('in mid-call', () => {
  it('an onset takes longer while the agent is audible', () => {
    const onsetMs = [false, true].map((isAudible) => {
      const reports: SpeechReport[] = [];
      const detector = new SpeechDetector({
        scorer: new ScriptedScorer(),
        report: (one) => reports.push(one),
      });
      detector.setAgentAudible(isAudible);
      detector.push(script(200, 300, 1000));
      return rows(reports).find(([type]) => type === 'onset')?.[1];
    });
    expect(onsetMs).toEqual([270, 300]);
  });

  it.each([
    ['a short answer when one is expected', true, 300, 350],
    ['a long answer when a short one is expected', true, 700, 500],
    ['a short answer when none is expected', false, 300, 500],
  ])('%s', (_, isExpected, speechMs, silenceMs) => {
    const reports: SpeechReport[] = [];
    const detector = new SpeechDetector({ scorer: new ScriptedScorer(), report: (one) => reports.push(one) });
    detector.push(script(200, speechMs));
    detector.expectShortAnswer(isExpected);
    detector.push(silenceOf(1000));
    expect(reports.at(-1)).toMatchObject({ type: 'ended', speechMs, silenceMs });
  });

  it('the policy can change, and the rest of it stays', () => {
    const reports: SpeechReport[] = [];
    const detector = new SpeechDetector({
      scorer: new ScriptedScorer(),
      policy: { rejectMs: 200 },
      report: (one) => reports.push(one),
    });
    detector.push(script(200, 300));
    detector.setPolicy({ endSilenceMs: 800 });
    detector.push(silenceOf(1000));
    expect(rows(reports).slice(2)).toEqual([
      ['paused', 700, 170, 300, 200],
      ['ended: silence', 1300, 170, 300, 800],
    ]);
  });

  it('nothing is reported after the end', () => {
    const reports: SpeechReport[] = [];
    const detector = new SpeechDetector({ scorer: new ScriptedScorer(), report: (one) => reports.push(one) });
    detector.finish();
    detector.push(script(0, 1000));
    detector.finish();
    expect(reports).toEqual([]);
    expect(detector.state).toBe('silence');
  });
});

describe('a policy out of range', () => {
  it.each(Object.keys(defaultSpeechPolicy))('%s is refused by name', (field) => {
    const make = (): unknown =>
      new SpeechDetector({ scorer: new EnergyScorer(), policy: { [field]: -1 }, report: () => undefined });
    expect(make).toThrow(new RegExp(`expected ${field} from .* ms, found -1`));
  });
});

function silenceOf(ms: number): Int16Array {
  return script(ms);
}
