import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/server/api/scopes.ts';
import { ApiTokens } from '../../src/server/index.ts';
import { ApiRig, entry, master, past, tokenOf } from './api-rig.ts';

const unknownCall = '00000000-0000-4000-8000-000000000000';

/** Every address, the scope it needs, and what it answers to a token that has it. */
const routes: readonly { route: string; needs: Scope | undefined; status: number; body?: object }[] = [
  { route: 'GET /api/session', needs: undefined, status: 200 },
  { route: 'GET /api/agents', needs: 'agents:read', status: 200 },
  { route: 'POST /api/agents/bakery/stream', needs: 'calls:control', status: 200, body: {} },
  { route: 'GET /api/records', needs: 'calls:read', status: 200 },
  { route: `GET /api/records/${past.bakery}`, needs: 'calls:read', status: 200 },
  { route: `GET /api/records/${past.bakery}/transcript`, needs: 'transcripts:read', status: 200 },
  { route: `GET /api/records/${past.bakery}/audio`, needs: 'audio:read', status: 200 },
  { route: `DELETE /api/records/${unknownCall}`, needs: 'records:delete', status: 404 },
  { route: 'DELETE /api/numbers/09111111111', needs: 'records:delete', status: 200 },
  { route: 'GET /api/live', needs: 'calls:read', status: 200 },
  { route: `GET /api/live/${unknownCall}`, needs: 'calls:read', status: 404 },
  { route: `POST /api/live/${unknownCall}/end`, needs: 'calls:control', status: 404, body: {} },
  {
    route: `POST /api/live/${unknownCall}/say`,
    needs: 'calls:control',
    status: 404,
    body: { sentence: 'One moment.' },
  },
  {
    route: `POST /api/live/${unknownCall}/transfer`,
    needs: 'calls:control',
    status: 404,
    body: { to: '08012345678' },
  },
  {
    route: `POST /api/live/${unknownCall}/mute`,
    needs: 'calls:control',
    status: 404,
    body: { isMuted: true },
  },
];

describe('the scopes of a token', () => {
  it('open the addresses that need them, and no others', async () => {
    const tokens = `tokens:\n${scopes.map((scope) => entry(scope.replace(':', '-'), [scope], 'all')).join('')}`;
    await using api = await ApiRig.start({ tokens });
    for (const { route, needs, status, body } of routes) {
      for (const scope of scopes) {
        const token = tokenOf(scope.replace(':', '-'));
        const answer = await api.ask(route, { token, body });
        const isOpen = needs === undefined || needs === scope;
        expect(answer.status, `${route} with ${scope}`).toBe(isOpen ? status : 403);
        if (!isOpen) {
          expect(answer.json()).toEqual({
            code: 'api.scope-missing',
            error: `expected a token with the scope ${needs}, found one without it`,
          });
        }
      }
    }
  });

  it('are all of them for BAARI_API_TOKEN, and none for anybody else', async () => {
    await using api = await ApiRig.start();
    for (const { route, status, body } of routes) {
      expect((await api.ask(route, { body })).status, route).toBe(status);
      expect((await api.ask(route, { token: '', body })).status, route).toBe(401);
    }
    expect((await api.ask('GET /api/records', { token: 'another' })).status).toBe(401);
  });

  it('hide numbers and words without the scopes for them', async () => {
    const tokens = `tokens:\n${entry('reader', ['calls:read'], 'all')}`;
    await using api = await ApiRig.start({ tokens });
    const token = tokenOf('reader');
    const list = await api.ask('GET /api/records', { token });
    expect(list.text).not.toContain('0900000000');
    expect(
      list
        .json<{ calls: { from: string }[] }>()
        .calls.map(({ from }) => from)
        .sort(),
    ).toEqual(['••••••••001', '••••••••002']);
    const one = await api.ask(`GET /api/records/${past.bakery}`, { token });
    expect(one.json()).toMatchObject({ callId: past.bakery, parties: { from: '••••••••001' } });
    expect((await api.ask('GET /api/records?text=loaves', { token })).status).toBe(403);
    expect((await api.ask('GET /api/records?text=loaves')).json()).toMatchObject({
      calls: [{ callId: past.bakery, from: '09000000001' }],
    });
  });
});

describe('one tenant', () => {
  const tokens = `tokens:\n${entry('clinic', scopes, '[clinic]')}`;
  const token = tokenOf('clinic');

  it('sees its own calls, and of another’s not even that they are there', async () => {
    await using api = await ApiRig.start({ tokens });
    const list = await api.ask('GET /api/records', { token });
    expect(list.json()).toMatchObject({ calls: [{ callId: past.clinic, agent: 'clinic' }] });
    expect(list.json<{ calls: unknown[] }>().calls).toHaveLength(1);
    for (const search of ['agent=bakery', 'number=09000000001', 'text=loaves']) {
      expect((await api.ask(`GET /api/records?${search}`, { token })).json()).toEqual({ calls: [] });
    }
    for (const part of ['', '/transcript', '/audio']) {
      const foreign = await api.ask(`GET /api/records/${past.bakery}${part}`, { token });
      const nowhere = await api.ask(`GET /api/records/${unknownCall}${part}`, { token });
      expect([foreign.status, foreign.text]).toEqual([404, nowhere.text]);
      expect((await api.ask(`GET /api/records/${past.clinic}${part}`, { token })).status).toBe(200);
    }
    const agents = await api.ask('GET /api/agents', { token });
    expect(agents.json<{ agents: { name: string }[] }>().agents.map(({ name }) => name)).toEqual(['clinic']);
    expect((await api.ask('POST /api/agents/bakery/stream', { token })).status).toBe(404);
  });

  it('deletes nothing of another', async () => {
    await using api = await ApiRig.start({ tokens });
    expect((await api.ask(`DELETE /api/records/${past.bakery}`, { token })).status).toBe(404);
    expect((await api.ask('DELETE /api/numbers/09000000001', { token })).json()).toEqual({ removed: 0 });
    expect((await api.ask(`GET /api/records/${past.bakery}`)).status).toBe(200);
    expect((await api.ask('DELETE /api/numbers/09000000002', { token })).json()).toEqual({ removed: 1 });
    expect((await api.ask(`GET /api/records/${past.clinic}`)).status).toBe(404);
    expect((await api.ask(`GET /api/records/${past.clinic}/audio`)).status).toBe(404);
    expect((await api.ask('GET /api/records')).json<{ calls: unknown[] }>().calls).toHaveLength(1);
  });

  it('sees and ends its own live calls only', async () => {
    await using api = await ApiRig.start({ tokens });
    const { service } = api;
    const [own, foreign] = [service.call({ agent: 'clinic' }), service.call({ agent: 'bakery' })];
    const [ownId, foreignId] = [await service.callId(own), await service.callId(foreign)];
    const list = await api.ask('GET /api/live', { token });
    expect(list.json<{ calls: { callId: string }[] }>().calls.map(({ callId }) => callId)).toEqual([ownId]);
    expect((await api.ask(`GET /api/live/${foreignId}`, { token })).status).toBe(404);
    expect((await api.ask(`POST /api/live/${foreignId}/end`, { token })).status).toBe(404);
    expect((await api.ask(`POST /api/live/${ownId}/end`, { token })).status).toBe(200);
    expect((await service.ending(own)).summary.outcome).toBe('agentEnded');
    expect((await api.ask('GET /api/live')).json()).toMatchObject({ calls: [{ callId: foreignId }] });
  });
});

describe('a token that asks too often', () => {
  it('is told to wait, and keeps no other waiting', async () => {
    const tokens = `tokens:\n${entry('wild', ['calls:read'], 'all')}${entry('calm', ['calls:read'], 'all')}`;
    await using api = await ApiRig.start({ tokens, requestsPerMinute: 3 });
    const ask = (name: string) => api.ask('GET /api/live', { token: tokenOf(name) });
    for (let asked = 0; asked < 3; asked += 1) expect((await ask('wild')).status).toBe(200);
    const refused = await ask('wild');
    expect([refused.status, refused.json().code]).toEqual([429, 'api.too-many-requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('calm')).status).toBe(200);
  });
});

describe('a file of tokens', () => {
  it('says what is wrong with it, and shows no token', () => {
    const wrong = [
      ['tokens: [{name: a}]', 'tokens.0.sha256'],
      [
        'tokens: [{name: a, sha256: my-secret-token, scopes: [calls:read], agents: all}]',
        '64 hexadecimal digits',
      ],
      [`tokens:\n${entry('a', ['calls:everything'], 'all')}`, 'tokens.0.scopes.0'],
      [`tokens:\n${entry('a', ['calls:read'], 'all')}${entry('a', ['calls:read'], 'all')}`, '"a" twice'],
      ['tokens: [my-secret-token', 'expected YAML'],
      ['my-secret-token', 'the file'],
    ] as const;
    for (const [text, expected] of wrong) {
      expect(() => ApiTokens.read(master, text), text).toThrow(expected);
      try {
        ApiTokens.read(master, text);
      } catch (error) {
        expect(String(error)).not.toContain('my-secret-token');
      }
    }
  });

  it('lets a token expire', () => {
    const tokens = ApiTokens.read(
      undefined,
      `tokens:\n${entry('a', ['calls:read'], 'all', ', expires: 2026-01-31')}`,
    );
    expect(tokens.of(tokenOf('a'), Date.parse('2026-01-31T20:00:00Z'))).toMatchObject({ name: 'a' });
    expect(tokens.of(tokenOf('a'), Date.parse('2026-02-02T00:00:00Z'))).toBeUndefined();
  });
});
