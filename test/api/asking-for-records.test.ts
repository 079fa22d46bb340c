import { describe, expect, it } from 'vitest';
import { readRange } from '../../src/server/api/byte-range.ts';
import { ApiRig, master, past, recording } from './api-rig.ts';

const audio = `GET /api/records/${past.bakery}/audio`;

describe('a recording', () => {
  it('is served whole, and by parts', async () => {
    await using api = await ApiRig.start();
    const get = async (range?: string) => {
      const answer = await fetch(`${api.service.base}/api/records/${past.bakery}/audio`, {
        headers: { authorization: `Bearer ${master}`, ...(range !== undefined && { range }) },
      });
      const { status, headers } = answer;
      return {
        status,
        range: headers.get('content-range'),
        bytes: Buffer.from(await answer.arrayBuffer()),
        headers,
      };
    };
    const whole = await get();
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual([
      200,
      'audio/wav',
      'bytes',
    ]);
    expect(whole.bytes).toEqual(recording);
    expect(await get('bytes=0-43')).toMatchObject({
      status: 206,
      range: 'bytes 0-43/1044',
      bytes: recording.subarray(0, 44),
    });
    expect(await get('bytes=1000-')).toMatchObject({
      status: 206,
      range: 'bytes 1000-1043/1044',
      bytes: recording.subarray(1000),
    });
    expect(await get('bytes=-4')).toMatchObject({ status: 206, bytes: recording.subarray(1040) });
    expect(await get('bytes=2000-')).toMatchObject({ status: 416, range: 'bytes */1044' });
    expect((await api.ask(audio.replace('GET', 'HEAD'))).headers.get('content-length')).toBe('1044');
    expect((await api.ask(`${audio}?download=true`)).headers.get('content-disposition')).toBe(
      `attachment; filename="${past.bakery}.wav"`,
    );
  });

  it.each([
    [undefined, 'whole'],
    ['', 'whole'],
    ['bytes=-', 'whole'],
    ['items=0-1', 'whole'],
    ['bytes=0-1,4-5', 'whole'],
    ['bytes=5-2', 'whole'],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=9-99', { start: 9, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-99', { start: 0, end: 9 }],
  ] as const)('of 10 bytes, asked for by %s', (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected);
  });
});

describe('the marks of a call', () => {
  it('are those of its journal, without digits and arguments', async () => {
    await using api = await ApiRig.start();
    const answer = await api.ask(`GET /api/records/${past.bakery}/marks`);
    expect(answer.json()).toEqual({
      startedMs: 21,
      marks: [
        { atMs: 90, kind: 'ready' },
        { atMs: 400, kind: 'hold' },
        { atMs: 500, kind: 'bargeIn.rejected' },
        { atMs: 600, kind: 'key' },
        { atMs: 700, kind: 'tool', what: 'order_status answered', tookMs: 12 },
      ],
    });
    expect((await api.ask(`GET /api/records/${past.bakery.replace('b', 'a')}/marks`)).status).toBe(404);
  });
});

describe('a search', () => {
  it.each([
    ['from=2026-03-01T10:00:00Z', 2],
    ['from=2026-03-01T10:00:01Z', 0],
    ['to=2026-03-01T10:00:00Z', 0],
    ['agent=clinic', 1],
    ['outcome=callerHungUp', 2],
    ['outcome=transferred', 0],
    ['number=%2B919000000001', 1],
    ['text=brown+loa', 1],
    ['limit=1', 1],
  ])('finds by %s', async (query, found) => {
    await using api = await ApiRig.start();
    const { calls } = (await api.ask(`GET /api/records?${query}`)).json<{ calls: unknown[] }>();
    expect(calls).toHaveLength(found);
  });

  it('goes on from page to page', async () => {
    await using api = await ApiRig.start();
    const first = (await api.ask('GET /api/records?limit=1')).json<{
      calls: { callId: string }[];
      next: number;
    }>();
    const second = (await api.ask(`GET /api/records?limit=1&after=${first.next}`)).json<typeof first>();
    expect(new Set([...first.calls, ...second.calls].map(({ callId }) => callId))).toEqual(
      new Set(Object.values(past)),
    );
    expect(second.next).toBeUndefined();
  });

  it.each([
    ['GET /api/records?from=yesterday', 'the query.from: expected a time'],
    ['GET /api/records?limit=1000', 'the query.limit'],
    ['GET /api/records?color=red', 'the query'],
    ['GET /api/records/..%2F..%2Fetc', 'the path.callId: expected the id of a call'],
    ['DELETE /api/numbers/abc', 'the path.number: expected a phone number'],
  ])('says what is wrong with %s', async (route, error) => {
    await using api = await ApiRig.start();
    const answer = await api.ask(route);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'api.bad-request', error: expect.stringContaining(error) });
  });
});

describe('the OpenAPI document', () => {
  it('describes every address of the API', async () => {
    await using api = await ApiRig.start();
    const answer = await api.ask('GET /api/openapi.json', { token: '' });
    const document = answer.json<{ openapi: string; paths: Record<string, Record<string, object>> }>();
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toMatchInlineSnapshot(`
      [
        "DELETE /api/numbers/{number}",
        "DELETE /api/records/{callId}",
        "DELETE /api/session",
        "GET /api/agents",
        "GET /api/live",
        "GET /api/live/{callId}",
        "GET /api/records",
        "GET /api/records/{callId}",
        "GET /api/records/{callId}/audio",
        "GET /api/records/{callId}/marks",
        "GET /api/records/{callId}/transcript",
        "GET /api/session",
        "HEAD /api/records/{callId}/audio",
        "POST /api/agents/{name}/stream",
        "POST /api/live/{callId}/end",
        "POST /api/live/{callId}/mute",
        "POST /api/live/{callId}/say",
        "POST /api/live/{callId}/transfer",
        "POST /api/session",
      ]
    `);
  });
});

describe('a person at this machine', () => {
  it('needs no token where none is configured, if the console’s own page asks', async () => {
    await using api = await ApiRig.start({ isMasterKnown: false });
    const ask = (headers: Record<string, string> = {}) => api.ask('GET /api/records', { token: '', headers });
    expect((await ask()).status).toBe(200);
    expect((await ask({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await ask({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await ask({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
    expect((await api.ask('POST /api/calls', { token: '', body: {} })).status).toBe(404);
  });
});

describe('a session of the console', () => {
  it('is opened with a token, counts for its own page only, and can be ended', async () => {
    await using api = await ApiRig.start();
    const opened = await api.ask('POST /api/session', { body: {} });
    const set = opened.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^baari_session=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(set).not.toContain(master);
    const [cookie = ''] = set.split(';');
    const ask = (headers: Record<string, string>) => api.ask('GET /api/records', { token: '', headers });
    expect((await ask({ cookie })).status).toBe(200);
    expect((await ask({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask({ cookie: `${cookie}x` })).status).toBe(401);
    const ended = await api.ask('DELETE /api/session');
    expect([ended.status, ended.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringContaining('Max-Age=0'),
    ]);
  });
});
