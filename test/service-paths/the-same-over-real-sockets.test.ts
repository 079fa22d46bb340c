import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { perform } from './acts.ts';
import { generated, greeting, type OutsideStory, patient, quiet, speaks, until } from './outside.ts';
import { ServiceStage } from './service-stage.ts';
import { realWorld, simulatedWorld, type World } from './world.ts';

withoutDoneWarnings();

/** Told apart by who speaks first; a lead of a second, so that a machine that is busy tears no reply. */
const agents = {
  greets: 'turns: { nudge_ms: 1500, new_session_ms: 3000, apology_ms: 4500 }\nplayout: { lead_ms: 1000 }',
  listens:
    'greeting: { by: none }\nturns: { nudge_ms: 1500, new_session_ms: 3000, apology_ms: 4500 }\nplayout: { lead_ms: 1000 }',
};

type RealStory = Pick<OutsideStory, 'title' | 'acts'> & { readonly agent: keyof typeof agents };

/** What leaves room for the time that a busy machine takes. */
const stories: readonly RealStory[] = [
  {
    title: 'a question, and a backchannel into the answer',
    agent: 'listens',
    acts: [
      ...patient,
      { audio: 3000 },
      until('modelSpeaking.speaking'),
      generated,
      until('draining.playingOut'),
      ...speaks(200, 'draining.yielding'),
      until('draining.playingOut'),
      until('listening.quiet'),
    ],
  },
  {
    title: 'a question, and an interruption of the answer',
    agent: 'listens',
    acts: [
      ...patient,
      { audio: 5000 },
      until('modelSpeaking.speaking'),
      ...speaks(1500, 'modelSpeaking.yielding'),
      until('listening.callerSpeaking'),
      { model: 'interrupted' },
      { model: 'turnComplete' },
      until('awaitingReply.patient'),
      { audio: 500 },
      generated,
      until('listening.quiet'),
    ],
  },
  {
    title: 'a "hello?" into the greeting',
    agent: 'greets',
    acts: [
      ...greeting(3000),
      ...speaks(200, 'greeting.protected.disturbed'),
      until('modelSpeaking.speaking'),
      generated,
      until('listening.quiet'),
    ],
  },
  {
    title: 'a model that gives way to nobody',
    agent: 'listens',
    acts: [
      ...patient,
      { audio: 3000 },
      until('modelSpeaking.speaking'),
      { model: 'interrupted' },
      { model: 'turnComplete' },
      until('awaitingReply.patient'),
      { audio: 500 },
      generated,
      until('listening.quiet'),
    ],
  },
  {
    title: 'a connection that drops in mid-answer',
    agent: 'listens',
    acts: [
      ...patient,
      { audio: 2000 },
      until('modelSpeaking.speaking'),
      { model: 'drops' },
      until('awaitingReply.patient'),
      { audio: 500 },
      generated,
      ...quiet,
    ],
  },
  {
    title: 'a silent model, asked again',
    agent: 'listens',
    acts: [
      ...patient,
      until('awaitingReply.nudged.quiet'),
      ...speaks(200, 'awaitingReply.nudged.callerSpeaking'),
      until('awaitingReply.nudged.quiet'),
      until('awaitingReply.renewing.quiet'),
      { pass: 600 },
      { audio: 500 },
      generated,
      until('listening.quiet'),
    ],
  },
];

interface Played {
  /** Every change of the turn's state, and what the call was told with it. */
  readonly changes: readonly string[];
  readonly differences: readonly string[];
}

async function play(world: World, { agent, acts }: RealStory): Promise<Played> {
  const stage = await ServiceStage.open(world, { agent: agents[agent] });
  try {
    for (const act of acts) await perform(stage, act);
    expect(await stage.end()).toBe(true);
    const changes = stage.turn.steps
      .filter(({ from, to }) => from !== to)
      .map(({ from, event, to, told }) =>
        [`${from} × ${event} → ${to}`, ...told.map((words) => words.replace(/ \d+$/, ''))].join(', '),
      );
    return { changes, differences: stage.turn.differences };
  } finally {
    if (world.isReal) await stage.close();
  }
}

describe('a call over real sockets, in real time', () => {
  const gemini = { script: { turns: [], afterwards: 'silent' as const }, setupMs: 20 };
  const real: Played[] = [];
  const simulated: Played[] = [];

  beforeAll(async () => {
    real.push(...(await Promise.all(stories.map(async (story) => play(await realWorld(gemini), story)))));
    for (const story of stories) simulated.push(await play(simulatedWorld(gemini), story));
  });
  afterAll(() =>
    console.log(
      `over real sockets: ${real.map(({ changes }) => changes.length).join(' + ')} changes of state`,
    ),
  );

  it.each(stories.map(({ title }, at) => ({ title, at })))('follows the table: $title', ({ at }) => {
    expect(real[at]?.differences).toEqual([]);
  });

  it.each(stories.map(({ title }, at) => ({ title, at })))(
    'changes as it does in memory on a simulated clock: $title',
    ({ at }) => {
      expect(real[at]?.changes).toEqual(simulated[at]?.changes);
    },
  );
});
