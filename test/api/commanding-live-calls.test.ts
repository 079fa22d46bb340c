import { describe, expect, it } from 'vitest';
import type { TestCall } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { ApiRig, entry, tokenOf } from './api-rig.ts';

withoutDoneWarnings();

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const person = { description: '', hours: [], closed: [] };
const targets = [
  { ...person, name: 'owner', number: '+919000000001' },
  // there at no time
  {
    ...person,
    name: 'baker',
    number: '+919000000002',
    hours: [{ days: [...everyDay], from: '00:00', to: '00:00' }],
  },
];
const desk = {
  tokens: `tokens:\n${entry('desk', ['calls:read', 'calls:control'], 'all')}`,
  agents: { clinic: { transfer: { targets } } },
};

/** A call in conversation, and what is asked of it over HTTP in the name of the token `desk`. */
async function talking(api: ApiRig) {
  const call = api.service.call({ agent: 'clinic' });
  const callId = await api.service.callId(call);
  await call.caller.wait.agentAudible({ withinMs: 8000 });
  const post = (command: string, body: object = {}) =>
    api.ask(`POST /api/live/${callId}/${command}`, { token: tokenOf('desk'), body });
  return { call, callId, post };
}

async function recordOf(api: ApiRig, call: TestCall): Promise<Record<string, unknown>> {
  const { callId } = await api.service.ending(call);
  await api.service.log.line('record.complete', { callId });
  return (await api.ask(`GET /api/records/${callId}`)).json();
}

describe('a live call that is commanded over HTTP', () => {
  it('ends, and its record tells who wanted it so', async () => {
    await using api = await ApiRig.start(desk);
    const { call, post } = await talking(api);
    expect((await post('end')).status).toBe(200);
    expect(await recordOf(api, call)).toMatchObject({
      outcome: 'agentEnded',
      commands: [{ command: 'end', by: 'desk', atMs: expect.any(Number) }],
    });
  });

  it.each([
    ['a number', { to: '+919000000009' }, '+919000000009'],
    ['somebody whom its agent knows', { target: 'owner' }, '+919000000001'],
    ['somebody who is not there, when that is forced', { target: 'baker', force: true }, '+919000000002'],
  ])('is passed on to %s', async (_, body, transferTo) => {
    await using api = await ApiRig.start(desk);
    const { call, post } = await talking(api);
    const answer = await post('transfer', { ...body, announce: false });
    expect([answer.status, answer.text.includes(transferTo)]).toEqual([200, false]);
    expect(await recordOf(api, call)).toMatchObject({
      outcome: 'transferred',
      transferTo,
      commands: [{ command: 'transfer', by: 'desk' }],
    });
  });

  it('is passed on neither to nobody, nor to somebody who is not there', async () => {
    await using api = await ApiRig.start(desk);
    const { post } = await talking(api);
    const refused = [
      [{ target: 'baker' }, 409, 'api.target-closed'],
      [{ target: 'mayor' }, 404, 'api.no-such-target'],
      [{ target: 'owner', to: '+919000000009' }, 400, 'api.bad-request'],
      [{}, 400, 'api.bad-request'],
    ] as const;
    for (const [body, status, code] of refused) {
      const answer = await post('transfer', body);
      expect([answer.status, answer.json().code], JSON.stringify(body)).toEqual([status, code]);
      expect(answer.text).not.toContain('9000000002');
    }
    expect((await api.ask('GET /api/live')).json()).toMatchObject({ calls: [{ agent: 'clinic' }] });
  });

  it('is spoken in; one sentence at a time', async () => {
    await using api = await ApiRig.start(desk);
    const { post } = await talking(api);
    expect((await post('say', { sentence: 'The van has left.' })).status).toBe(200);
    const second = await post('say', { sentence: 'It is blue.' });
    expect([second.status, second.json().code]).toEqual([409, 'api.not-now']);
    const asked = () =>
      api.service.gemini.gemini.sessions
        .flatMap(({ observation }) => observation.received)
        .find(({ text }) => text?.includes('The van has left.'));
    expect(await until('the model to be asked', asked)).toBeDefined();
  });

  it('shows that its caller is muted', async () => {
    await using api = await ApiRig.start(desk);
    const { callId, post } = await talking(api);
    const isMuted = async () => (await api.ask(`GET /api/live/${callId}`)).json().isMuted;
    expect((await post('mute', { isMuted: true })).status).toBe(200);
    expect(await isMuted()).toBe(true);
    expect((await post('mute', { isMuted: false })).status).toBe(200);
    expect(await isMuted()).toBe(false);
    expect((await post('mute', { isMuted: 'yes' })).status).toBe(400);
  });
});
