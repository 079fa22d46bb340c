import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../../src/server/api/api-routes.ts';
import { ApiTokens } from '../../src/server/api/api-tokens.ts';
import { ApiGate } from '../../src/server/api/gate.ts';
import type { RestFault } from '../../src/sim/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { OutboundRig, outboundAgent } from './rig.ts';

const token = 'a-token-of-some-length';
const agents = new Map([['shop', outboundAgent()]]);
const order = { agent: 'shop', number: '09000000001' };
const authorization = `Bearer ${token}`;

/** The addresses before a dialler; `inject` goes through fastify whole, without a socket. */
class Api implements AsyncDisposable {
  readonly rig: OutboundRig;
  readonly http: FastifyInstance;

  private constructor(rig: OutboundRig, configured: string | undefined, hasExotel: boolean) {
    this.rig = rig;
    this.http = fastify();
    const book = hasExotel ? rig.book : undefined;
    const { log } = rig.log;
    const { clock } = rig;
    const known = ApiTokens.read(configured);
    const tokens = () => known;
    const gate = new ApiGate({ clock, chance: seededChance(1), log, tokens, clientOf: () => '127.0.0.1' });
    const live = { rows: async () => ({ rows: [], isPartial: false }), command: async () => 'over' as const };
    const outbound = { book, whyNot: 'expected it' };
    const nowhere = { addressOf: () => '', streamPathFor: async () => '', isSecure: () => false };
    this.http.register(
      apiRoutes({ clock, log, gate, tokens, agents, outbound, live, records: undefined, ...nowhere }),
    );
  }

  static async start(
    configured: string | undefined = token,
    faults: readonly RestFault[] = [],
    hasExotel = true,
  ): Promise<Api> {
    return new Api(await OutboundRig.start({ faults }), configured, hasExotel);
  }

  post(payload: object | string, headers: Record<string, string> = { authorization }) {
    const type = { 'content-type': 'application/json' };
    const asked = this.http.inject({
      method: 'POST',
      url: '/api/calls',
      payload,
      headers: { ...type, ...headers },
    });
    return this.rig.settle(Promise.resolve(asked));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.http.close();
    await this.rig[Symbol.asyncDispose]();
  }
}

describe('POST /api/calls', () => {
  it('places a call, and tells how it stands', async () => {
    await using api = await Api.start();
    const placed = await api.post({ ...order, fields: { name: 'Asha' } });
    expect(placed.statusCode).toBe(202);
    expect(placed.json()).toMatchObject({ agent: 'shop', status: 'queued' });
    const url = String(placed.headers.location);
    await api.rig.clock.run(6000);
    const told = await api.http.inject({ url, headers: { authorization } });
    expect(told.json()).toMatchObject({ id: placed.json().id, callSid: api.rig.exotel.calls[0]?.sid });
    expect(told.body).not.toContain('9000000001');
  });

  it.each([
    { title: 'no token is sent', configured: token, headers: {} },
    {
      title: 'another token is sent',
      configured: token,
      headers: { authorization: 'Bearer another-token-here' },
    },
    {
      title: 'the token is sent in another way',
      configured: token,
      headers: { authorization: `Basic ${token}` },
    },
    { title: 'no token is configured', configured: '', headers: { authorization } },
    {
      title: 'no token is configured, and an empty one sent',
      configured: '',
      headers: { authorization: 'Bearer ' },
    },
  ])('is refused with 401 when $title', async ({ configured, headers }) => {
    await using api = await Api.start(configured);
    const refused = await api.post(order, headers);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Bearer');
    expect((await api.http.inject({ url: '/api/calls/x', headers })).statusCode).toBe(401);
    expect(api.rig.dialled).toBe(0);
  });

  it.each([
    { title: 'no JSON', payload: '{', status: 400, code: 'api.bad-request' },
    { title: 'no number', payload: { agent: 'shop' }, status: 400, code: 'api.bad-request' },
    { title: 'an unknown field', payload: { ...order, hours: 'any' }, status: 400, code: 'api.bad-request' },
    {
      title: 'too much',
      payload: { ...order, fields: { a: 'x'.repeat(20_000) } },
      status: 413,
      code: 'api.bad-request',
    },
    {
      title: 'another agent',
      payload: { ...order, agent: 'nobody' },
      status: 404,
      code: 'api.no-such-agent',
    },
    {
      title: 'no telephone number',
      payload: { ...order, number: '12' },
      status: 400,
      code: 'outbound.bad-number',
    },
  ])('says what is wrong with $title', async ({ payload, status, code }) => {
    await using api = await Api.start();
    const refused = await api.post(payload);
    expect(refused.json().code).toBe(code);
    expect([status, 400]).toContain(refused.statusCode);
    expect(refused.json().error).toContain('expected');
    expect(api.rig.dialled).toBe(0);
  });

  it('says so when Exotel’s credentials are not configured', async () => {
    await using api = await Api.start(token, [], false);
    expect((await api.post(order)).statusCode).toBe(503);
  });

  it.each<{ fault: RestFault; status: number }>([
    { fault: { kind: 'answer', status: 429, retryAfterS: 600 }, status: 503 },
    { fault: { kind: 'answer', status: 401 }, status: 502 },
    { fault: { kind: 'answer', status: 400 }, status: 502 },
  ])('passes on what Exotel says: $fault.status becomes $status', async ({ fault, status }) => {
    await using api = await Api.start(token, [fault]);
    const refused = await api.post(order);
    expect(refused.statusCode).toBe(status);
    if (status === 503) expect(refused.headers['retry-after']).toBe('600');
  });
});

describe('an Idempotency-Key', () => {
  const headers = { authorization, 'idempotency-key': 'order-1' };

  it('places one call, however often it comes, also at once', async () => {
    await using api = await Api.start();
    const [one, two] = await Promise.all([api.post(order, headers), api.post(order, headers)]);
    const three = await api.post(order, headers);
    expect(new Set([one, two, three].map((reply) => reply.json().id)).size).toBe(1);
    expect(api.rig.dialled).toBe(1);
  });

  it('is refused for another call', async () => {
    await using api = await Api.start();
    await api.post(order, headers);
    expect((await api.post({ ...order, number: '09000000002' }, headers)).statusCode).toBe(422);
    expect(api.rig.dialled).toBe(1);
  });

  it('dials never again when nobody knows what came of it', async () => {
    await using api = await Api.start(token, [{ kind: 'answer', status: 502 }]);
    expect((await api.post(order, headers)).statusCode).toBe(504);
    expect((await api.post(order, headers)).statusCode).toBe(504);
    expect(api.rig.dialled).toBe(1);
  });

  it('may be used again when nothing came of it', async () => {
    await using api = await Api.start(token, [{ kind: 'answer', status: 400 }]);
    expect((await api.post(order, headers)).statusCode).toBe(502);
    expect((await api.post(order, headers)).statusCode).toBe(202);
  });

  it.each(['', 'with a space', 'x'.repeat(201)])('must be one: "%s"', async (key) => {
    await using api = await Api.start();
    expect((await api.post(order, { authorization, 'idempotency-key': key })).statusCode).toBe(400);
  });
});
