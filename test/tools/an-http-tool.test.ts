import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { formatProblem, parseAgent } from '../../src/agents/index.ts';
import { type Clock, seededChance, systemClock } from '../../src/time/index.ts';
import { AgentTools, noPowers } from '../../src/tools/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, asked: Asked, count: number) => void;

const unasked: Asked = { method: '', url: '', headers: {}, body: '' };

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A web service on this machine that keeps what it was asked. */
async function service(answer: Answer): Promise<{ base: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    asked.push(one);
    answer(response, one, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const json =
  (value: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

/** The tools of an agent file with one HTTP tool. */
function toolsOf(base: string, tool: string, secrets: Readonly<Record<string, string>> = {}): AgentTools {
  const text = `prompt: Say hello.\ntools:\n  hosts: [127.0.0.1]\n  http:\n    - name: order\n      description: Orders.\n${tool.replaceAll('BASE', base).replace(/^/gm, '      ')}\n`;
  const parsed = parseAgent(text, 'agents/shop.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  const tools = new AgentTools(parsed.agent, {
    clock: systemClock,
    log: new MemoryLog().log,
    chance: seededChance(1),
    secretOf: ({ env = '' }) => secrets[env],
  });
  closing.push(() => tools.close());
  return tools;
}

const facts = {
  from: '+919900112233',
  to: '08012345678',
  parameters: { shop: 'North & South' },
  wallMs: 0,
  memory: '',
};

/** Pauses are a tenth as long. */
const hurried: Clock = {
  ...systemClock,
  setTimeout: (fn, delayMs) => systemClock.setTimeout(fn, delayMs < 2_000 ? delayMs / 10 : delayMs),
};

function run({ set }: AgentTools, args: Record<string, unknown> = {}) {
  const { signal } = new AbortController();
  const ready = set.find('order');
  if (!ready) throw new Error('there is no such tool');
  return ready.tool.run(args, { callId: 'call-1', facts, call: noPowers, clock: hurried, signal });
}

const parameters = `parameters:
  type: object
  properties: { cake: { type: string }, people: { type: integer }, note: { type: string } }
  required: [cake]`;

describe('an HTTP tool', () => {
  it('asks as the file says, and tells what was answered', async () => {
    const { base, asked } = await service(json({ id: 7 }));
    const tools = toolsOf(
      base,
      `method: POST
url: BASE/orders
headers: { Authorization: { env: SHOP_TOKEN, prefix: "Bearer " }, X-From: "{{caller.number}}" }
${parameters}`,
      { SHOP_TOKEN: 's3cret' },
    );
    expect(await run(tools, { cake: 'mango', people: 4 })).toEqual({ id: 7 });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/orders',
        headers: {
          authorization: 'Bearer s3cret',
          'x-from': '+919900112233',
          'content-type': 'application/json',
        },
        body: '{"cake":"mango","people":4}',
      },
    ]);
  });

  it.each<{ what: string; tool: string; args: Record<string, unknown>; says: Partial<Asked> }>([
    {
      what: 'arguments are encoded in the address',
      tool: `url: BASE/cakes/{cake}?shop={{parameters.shop}}\n${parameters}`,
      args: { cake: 'a/b?c=d&e#f' },
      says: { method: 'GET', url: '/cakes/a%2Fb%3Fc%3Dd%26e%23f?shop=North%20%26%20South' },
    },
    {
      what: 'a part of the query whose argument is missing is left out',
      tool: `url: BASE/cakes\nquery: { cake: "{cake}", note: "{note}", for: "people {people}" }\n${parameters}`,
      args: { cake: 'mango', people: 3 },
      says: { url: '/cakes?cake=mango&for=people+3' },
    },
    {
      what: 'arguments without a place are parts of the query',
      tool: `method: DELETE\nurl: BASE/cakes/{cake}\n${parameters}`,
      args: { cake: 'mango', people: 3, note: 'no nuts & co' },
      says: { method: 'DELETE', url: '/cakes/mango?people=3&note=no+nuts+%26+co', body: '' },
    },
    {
      what: 'a body is filled in, values keep their kinds',
      tool: `method: PUT\nurl: BASE/cakes\nbody: { order: { cake: "{cake}", people: "{people}", note: "{note}" }, by: "phone {{caller.number}}", n: 1 }\n${parameters}`,
      args: { cake: 'mango', people: 3 },
      says: { body: '{"order":{"cake":"mango","people":3},"by":"phone +919900112233","n":1}' },
    },
  ])('$what', async ({ tool, args, says }) => {
    const { base, asked } = await service(json('done'));
    expect(await run(toolsOf(base, tool), args)).toBe('done');
    expect(asked).toMatchObject([says]);
  });

  it.each(['..', '.', ''])('an argument of %j leads to no other resource', async (cake) => {
    const { base, asked } = await service(json('done'));
    for (const place of ['{cake}/price', '{cake}', '{cake}?a=b']) {
      const tools = toolsOf(base, `url: BASE/cakes/${place}\n${parameters}`);
      await expect(run(tools, { cake })).rejects.toThrow('cannot be part of the address');
    }
    expect(asked).toEqual([]);
  });

  it.each<{ what: string; tool: string; answer: Answer; result?: unknown; error?: string }>([
    {
      what: 'a mapping picks what the model is told',
      tool: `result: '{ "names": cakes.name, "asked": $arguments.cake, "status": $status }'`,
      answer: json({ cakes: [{ name: 'mango', cost: 1 }, { name: 'rum' }] }),
      result: { names: ['mango', 'rum'], asked: 'mango', status: 200 },
    },
    { what: 'a mapping that finds nothing is null', tool: `result: nowhere`, answer: json({}), result: null },
    {
      what: 'a mapping that never ends is ended',
      tool: `result: '($f := function($x) { $f($x + 1) }; $f(1))'`,
      answer: json({}),
      error: 'cannot be read',
    },
    {
      what: 'text is text',
      tool: '',
      answer: (r) => void r.setHeader('content-type', 'text/plain').end('ok'),
      result: 'ok',
    },
    {
      what: 'nothing is the status',
      tool: '',
      answer: (r) => void r.writeHead(204).end(),
      result: { status: 204 },
    },
    {
      what: 'a refusal is told',
      tool: '',
      answer: json({ error: 'sold out' }, 409),
      error: '409: {"error":"sold out"}',
    },
    {
      what: 'a redirect is not followed',
      tool: '',
      answer: (r) => void r.writeHead(307, { location: '/x' }).end(),
      error: '307, a redirect',
    },
    {
      what: 'an answer that is too large is not read',
      tool: 'max_result_bytes: 256',
      answer: json('x'.repeat(300)),
      error: 'at most 256 bytes',
    },
    { what: 'silence ends', tool: 'timeout_ms: 100', answer: () => undefined, error: 'within 100 ms' },
    {
      what: 'a missing secret is told, and nothing is asked',
      tool: 'headers: { X-Key: { env: NOT_THERE } }',
      answer: json({}),
      error: 'its secret is missing',
    },
  ])('$what', async ({ tool, answer, result, error }) => {
    const { base } = await service(answer);
    const ran = run(toolsOf(base, `url: BASE/cakes\n${tool}\n${parameters}`), { cake: 'mango' });
    if (error === undefined) expect(JSON.parse(JSON.stringify(await ran))).toEqual(result);
    else await expect(ran).rejects.toThrow(error);
  });

  it.each<{ what: string; tool: string; answer: Answer; attempts: number; isGood: boolean }>([
    { what: 'GET', tool: '', answer: json({}, 503), attempts: 3, isGood: false },
    {
      what: 'GET that succeeds',
      tool: '',
      answer: (r, a, n) => json({}, n < 2 ? 503 : 200)(r, a, n),
      attempts: 2,
      isGood: true,
    },
    { what: 'GET that is refused', tool: '', answer: json({}, 404), attempts: 1, isGood: false },
    {
      what: 'GET that is cut off',
      tool: '',
      answer: (r, a, n) => (n < 2 ? r.destroy() : json({})(r, a, n)),
      attempts: 2,
      isGood: true,
    },
    { what: 'GET without', tool: 'retries: 0', answer: json({}, 503), attempts: 1, isGood: false },
    { what: 'PUT', tool: 'method: PUT', answer: json({}, 502), attempts: 3, isGood: false },
    { what: 'POST', tool: 'method: POST', answer: json({}, 503), attempts: 1, isGood: false },
    {
      what: 'POST that is cut off',
      tool: 'method: POST',
      answer: (r) => r.destroy(),
      attempts: 1,
      isGood: false,
    },
    {
      what: 'POST with a key',
      tool: 'method: POST\nidempotency_key: true',
      answer: json({}, 503),
      attempts: 3,
      isGood: false,
    },
    {
      what: 'GET that is asked to wait for longer than there is',
      tool: '',
      answer: (r) => void r.writeHead(429, { 'retry-after': '3600' }).end(),
      attempts: 1,
      isGood: false,
    },
  ])('$what is tried $attempts times', async ({ tool, answer, attempts, isGood }) => {
    const { base, asked } = await service(answer);
    const ran = run(toolsOf(base, `url: BASE/cakes\n${tool}\n${parameters}`), { cake: 'mango' });
    if (isGood) await ran;
    else await expect(ran).rejects.toThrow();
    expect(asked.length).toBe(attempts);
    const keys = new Set(asked.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect(keys.has(undefined)).toBe(!tool.includes('idempotency_key'));
  });

  it('signs time, method, address and body', async () => {
    const { base, asked } = await service(json({}));
    const tool = `method: POST\nurl: BASE/cakes?a=1\nsign: { secret: { env: SIGN } }\n${parameters}`;
    await run(toolsOf(base, tool, { SIGN: 'common secret' }), { cake: 'mango' });
    const { headers, body } = asked[0] ?? unasked;
    const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['baari-signature'])) ?? [];
    const text = `${seconds}.POST./cakes?a=1.${body}`;
    expect(digest).toBe(createHmac('sha256', 'common secret').update(text).digest('hex'));
  });

  it('reaches no private address that the file does not name', async () => {
    const { base, asked } = await service(json({}));
    const text = `prompt: Hi.\ntools: { http: [{ name: order, description: Orders., url: "${base}" }] }\n`;
    const parsed = parseAgent(text, 'agents/shop.yaml');
    if (!parsed.ok) throw new Error('a good file was refused');
    const tools = new AgentTools(parsed.agent, {
      clock: systemClock,
      log: new MemoryLog().log,
      chance: seededChance(1),
      secretOf: () => undefined,
    });
    closing.push(() => tools.close());
    await expect(run(tools)).rejects.toMatchObject({ code: 'fetch.address-refused' });
    expect(asked).toEqual([]);
  });
});
