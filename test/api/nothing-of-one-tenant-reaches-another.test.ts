import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/server/api/scopes.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { ApiRig, entry, master, past, tokenOf } from './api-rig.ts';

withoutDoneWarnings();

const tokens = `tokens:\n${entry('clinic', scopes, '[clinic]')}`;
const token = tokenOf('clinic');
const agents = {
  bakery: { prompt: 'The secret of our crust is rye.', transfer: { number: '+919000000077' } },
  clinic: { prompt: 'You make appointments.', limits: { calls: 1 } },
};
const secrets = { apiKey: 'a-key-of-gemini', doors: { secret: 'what-paths-are-signed-with' } };

/** Everything that can be asked without changing anything. */
const questions = [
  'GET /api/agents',
  'GET /api/session',
  'GET /api/records',
  'GET /api/live',
  'GET /api/openapi.json',
  ...Object.values(past).flatMap((callId) => [
    `GET /api/records/${callId}`,
    `GET /api/records/${callId}/transcript`,
    `GET /api/live/${callId}`,
  ]),
  'POST /api/agents/bakery/stream',
  'POST /api/agents/clinic/stream',
  'GET /api/elsewhere',
];

describe('the token of one tenant', () => {
  it('learns nothing of the prompt, the numbers and the words of another', async () => {
    await using api = await ApiRig.start({ tokens, agents });
    const answers = await Promise.all(questions.map((question) => api.ask(question, { token })));
    const told = answers.map(({ text }) => text).join('\n');
    expect(told).toContain('"name":"clinic"');
    expect(told).not.toMatch(/"bakery"|of our crust|9000000077|09000000001|brown loaves/);
  });
});

describe('no answer', () => {
  it('has a secret of the service in it', async () => {
    await using api = await ApiRig.start({ tokens, agents, ...secrets });
    for (const asker of [token, master, 'another', '']) {
      for (const question of questions) {
        const { text, headers } = await api.ask(question, { token: asker });
        const told = `${text}\n${JSON.stringify([...headers])}`;
        for (const secret of [secrets.apiKey, secrets.doors.secret, master, token]) {
          expect(told, question).not.toContain(secret);
        }
      }
    }
  });
});

describe('a tenant whose calls are all taken', () => {
  it('keeps no caller of another out', async () => {
    await using api = await ApiRig.start({ tokens, agents });
    const { service } = api;
    const first = service.call({ agent: 'clinic' });
    await service.callId(first);
    await service.call({ agent: 'clinic' }).caller.wait.ended({ withinMs: 8000 });
    await service.callId(service.call({ agent: 'bakery' }));
    const { calls } = (await api.ask('GET /api/live')).json<{ calls: { agent: string }[] }>();
    expect(calls.map(({ agent }) => agent)).toEqual(['clinic', 'bakery']);
  });
});
