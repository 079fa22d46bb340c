import type { Act } from './acts.ts';
import { generated, greeting, greetingAwaited, type OutsideStory, speaks, until } from './outside.ts';

/** A caller who has begun to speak before anyone listened, and has just paused when somebody does. */
const heardLate: Act[] = [{ pass: 60 }, { speak: 320 }, until('greeting.awaited.disturbed')];
/** The caller speaks into a greeting that stalls, and has paused since. */
const stalledAndPaused: Act[] = [
  ...greeting(900),
  { pass: 500 },
  ...speaks(300, 'greeting.protected.disturbed'),
  until('modelSpeaking.stalled'),
];
/** Situations of a greeting that take more than coming to a state. */
export const greetingStories: readonly OutsideStory[] = [
  {
    title: 'the caller has fallen silent again before the greeting is asked for',
    agent: 'greetsLate',
    acts: [...heardLate, { pass: 700 }],
  },
  {
    title: 'the caller has fallen silent again before the greeting is heard',
    agent: 'greetsLate',
    acts: [...heardLate, { audio: 2000 }, until('greeting.protected.disturbed'), { pass: 700 }],
  },
  ...[900, 1900, 2900].map((atMs) => ({
    title: `the caller says hello ${atMs} ms into a greeting that does not come`,
    agent: 'greets' as const,
    acts: [...greetingAwaited, { pass: atMs - 100 }, { speak: 300 }, { pass: 700 }],
  })),
  {
    title: 'a greeting shorter than its protection',
    agent: 'greets',
    acts: [...greeting(600), generated, until('listening.quiet')],
  },
  {
    title: 'a short greeting ends under the caller’s hello',
    agent: 'greets',
    acts: [...greeting(600), generated, { pass: 300 }, { speak: 700 }, until('listening.callerSpeaking')],
  },
  {
    title: 'a short greeting ends under a caller who insists',
    agent: 'greets',
    acts: [...greeting(1000), generated, { pass: 200 }, { speak: 1500 }, until('listening.callerSpeaking')],
  },
  {
    title: 'the protection ends under the caller’s hello',
    agent: 'greets',
    acts: [...greeting(3000), { pass: 1250 }, { speak: 400 }, { pass: 600 }],
  },
  {
    title: 'the protection ends under a caller who insists',
    agent: 'greets',
    acts: [...greeting(3000), { pass: 500 }, { speak: 1500 }, { pass: 1700 }],
  },
  {
    title: 'the greeting stalls under a caller who insists',
    agent: 'greets',
    acts: [...greeting(1100), { pass: 200 }, { speak: 1500 }, { pass: 1700 }],
  },
  {
    title: 'a caller talks without a pause into a greeting that is protected for long',
    agent: 'greetsUnstoppably',
    acts: [...greeting(9000), { speak: 6000 }, { pass: 6000 }],
  },
  {
    title: 'the longest utterance ends while a verdict on it is awaited',
    agent: 'greetsUninterrupted',
    acts: [...greeting(9000), { pass: 60 }, { speak: 4300 }, { pass: 4500 }, { speak: 1500 }, { pass: 1500 }],
  },
  {
    title: 'the longest utterance ends while a verdict on it is awaited, the reply being generated',
    agent: 'greetsUninterrupted',
    acts: [
      ...greeting(9000),
      { pass: 60 },
      { speak: 4300 },
      { pass: 4500 },
      { speak: 1500 },
      until('modelSpeaking.yielding'),
      generated,
      { pass: 1500 },
    ],
  },
  {
    title: 'the tail of a greeting is heard out under the caller’s hello',
    agent: 'greets',
    acts: [...greeting(2000), generated, { pass: 1760 }, { speak: 400 }, { pass: 900 }],
  },
  {
    title: 'the caller goes on after a greeting that stalled',
    agent: 'greets',
    acts: [...stalledAndPaused, { pass: 250 }, { speak: 300 }, { pass: 300 }],
  },
  {
    title: 'the caller is done before a greeting that stalled is given up',
    agent: 'greets',
    acts: [...stalledAndPaused, { pass: 950 }],
  },
  {
    title: 'the caller goes on talking after a greeting that stalled',
    agent: 'greets',
    acts: [...greeting(900), { pass: 600 }, { speak: 1500 }, until('modelSpeaking.stalled'), { pass: 600 }],
  },
  ...(['nudged', 'renewing'] as const).flatMap((rung) => {
    const lostIn: Act[] = [
      ...stalledAndPaused,
      { pass: 150 },
      { uplink: 'lost' },
      until(`awaitingReply.${rung}.quiet`),
      { pass: 50 },
      { uplink: 'back' },
    ];
    const lostSpeaking: Act[] = [
      ...greeting(900),
      { pass: 650 },
      { speak: 5000 },
      until('greeting.protected.disturbed'),
      { uplink: 'lost' },
      until(`awaitingReply.${rung}.quiet`),
    ];
    return [
      {
        title: `the line is back in a pause of the caller, the model being ${rung}`,
        agent: 'greets' as const,
        acts: [...lostIn, { speak: 300 }, { pass: 300 }],
      },
      {
        title: `the line is back and the caller is done, the model being ${rung}`,
        agent: 'greets' as const,
        acts: [...lostIn, { pass: 700 }],
      },
      {
        title: `the line is back under a caller who talks, the model being ${rung}`,
        agent: 'greets' as const,
        acts: [...lostSpeaking, { uplink: 'back' as const }, { pass: 600 }],
      },
    ];
  }),
  {
    title: 'the line is back under a caller who has just stopped, the model being nudged',
    agent: 'greets',
    acts: [
      ...greeting(900),
      { pass: 650 },
      { speak: 1000 },
      until('greeting.protected.disturbed'),
      { uplink: 'lost' },
      until('awaitingReply.nudged.quiet'),
      { uplink: 'back' },
      { pass: 700 },
    ],
  },
  {
    title: 'the line is back under a caller who has just stopped, the model being renewed',
    agent: 'greets',
    acts: [
      ...greeting(900),
      { pass: 650 },
      { speak: 1000 },
      until('greeting.protected.disturbed'),
      { uplink: 'lost' },
      until('awaitingReply.renewing.quiet'),
      { uplink: 'back' },
      { pass: 700 },
    ],
  },
  {
    title: 'the connection drops when a greeting has begun to come',
    agent: 'greets',
    acts: [...greetingAwaited, { audio: 20 }, { pass: 20 }, { model: 'drops' }, { pass: 500 }],
  },
  {
    title: 'the connection drops when a greeting has begun to come and the caller says hello',
    agent: 'greets',
    acts: [
      ...greetingAwaited,
      { speak: 400 },
      until('greeting.awaited.disturbed'),
      { audio: 20 },
      { pass: 20 },
      { model: 'drops' },
      { pass: 500 },
    ],
  },
  {
    title: 'the connection drops in a short greeting',
    agent: 'greets',
    acts: [...greeting(900), { model: 'drops' }, until('awaitingReply.patient'), { pass: 500 }],
  },
  {
    title: 'a tool is called in a short greeting',
    agent: 'greets',
    acts: [...greeting(900), { tool: 'called' }, until('working.quiet'), { pass: 100 }],
  },
  {
    title: 'a tool is called in a short greeting and answers in it',
    agent: 'greets',
    acts: [
      ...greeting(900),
      { tool: 'called' },
      { pass: 100 },
      { tool: 'answers' },
      until('awaitingReply.patient'),
    ],
  },
  {
    title: 'a tool is called in a short greeting that ends under the caller’s word',
    agent: 'greets',
    acts: [...greeting(900), { tool: 'called' }, { pass: 600 }, { speak: 600 }, { pass: 900 }],
  },
  {
    title: 'a tool is called in a short greeting that ends under a caller who insists',
    agent: 'greets',
    acts: [...greeting(900), { tool: 'called' }, { speak: 1500 }, { pass: 1500 }],
  },
  {
    title: 'the connection drops in a greeting and is back under the caller’s hello',
    agent: 'greets',
    acts: [...greeting(3000), { model: 'drops' }, { pass: 250 }, { speak: 400 }, { pass: 900 }],
  },
  {
    title: 'the connection drops near the end of a short greeting',
    agent: 'greets',
    acts: [
      ...greeting(900),
      { pass: 600 },
      { model: 'drops' },
      until('awaitingReply.patient'),
      { pass: 500 },
    ],
  },
];
