import { expect, it } from 'vitest';
import { AnswerGatherer } from '../../src/cli/service/gather-answers.ts';
import { type LiveAnswer, type LiveQuestion, liveCallsOfAll } from '../../src/cli/service/live-in-workers.ts';
import { systemClock } from '../../src/time/index.ts';
import { ApiRig } from './api-rig.ts';

const here = '00000000-0000-4000-8000-00000000000a';
const elsewhere = '00000000-0000-4000-8000-00000000000b';
const row: LiveAnswer['rows'][number] = {
  callId: here,
  agent: 'bakery',
  acceptedWallMs: 0,
  floor: 'nobody',
  because: 'quiet',
  floorSinceMs: 0,
  latenciesMs: [],
  health: 'good',
  isMuted: false,
};

/** What one worker answers that has a call. */
function answer(question: LiveQuestion): LiveAnswer {
  if (question.of === 'rows') return { rows: [row], outcome: 'over' };
  return { rows: [], outcome: question.callId === here ? 'taken' : 'over' };
}

/** The live calls of two workers, of which the second may not answer. */
function ofTwo(doesAnswer: boolean) {
  const gatherer = new AnswerGatherer<LiveAnswer>(systemClock, 20);
  return liveCallsOfAll(async (question) => {
    const { found, missing } = await gatherer.gather((id) => {
      queueMicrotask(() => {
        gatherer.given(id, answer(question));
        if (doesAnswer) gatherer.given(id, { rows: [], outcome: 'over' });
      });
      return 2;
    });
    return { answers: found, isPartial: missing > 0 };
  });
}

it.each([
  { doesAnswer: true, partial: {}, status: 404, code: 'api.no-such-call' },
  { doesAnswer: false, partial: { isPartial: true }, status: 503, code: 'api.worker-silent' },
])('one of two workers answers, the other: $doesAnswer', async ({ doesAnswer, partial, status, code }) => {
  await using api = await ApiRig.start({ live: ofTwo(doesAnswer) });
  const { calls, ...rest } = (await api.ask('GET /api/live')).json<{ calls: { callId: string }[] }>();
  expect(calls.map(({ callId }) => callId)).toEqual([here]);
  expect(rest).toEqual(partial);
  // what is known to be somewhere can be commanded
  expect((await api.ask(`POST /api/live/${here}/end`, { body: {} })).status).toBe(200);
  for (const route of [`GET /api/live/${elsewhere}`, `POST /api/live/${elsewhere}/end`]) {
    const refused = await api.ask(route);
    expect([refused.status, refused.json().code], route).toEqual([status, code]);
    expect(refused.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
  }
});
