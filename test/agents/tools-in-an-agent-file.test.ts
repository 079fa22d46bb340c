import { describe, expect, it } from 'vitest';
import { agentJsonSchema, explainAgent, formatProblem, parseAgent } from '../../src/agents/index.ts';

const http = 'name: order, description: Orders., url: "https://shop.example/orders"';

function problemsOf(tools: string): string[] {
  const parsed = parseAgent(`prompt: Say hello.\ntools: {${tools}}\n`, 'agents/shop.yaml');
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

describe('tools in an agent file', () => {
  it('have defaults that follow the method', () => {
    const parsed = parseAgent(
      `prompt: Hi.\ntools: {http: [{${http}}, {${http.replace('order,', 'buy,')}, method: POST}]}\n`,
      'agents/shop.yaml',
    );
    if (!parsed.ok) throw new Error('a good file was refused');
    expect(parsed.agent.tools.http).toMatchObject([
      { name: 'order', method: 'GET', retries: 2, sideEffects: false, timeoutMs: 10_000, blocking: true },
      { name: 'buy', method: 'POST', retries: 0, sideEffects: true, maxResultBytes: 65_536 },
    ]);
    expect(explainAgent(parsed.agent).find(({ path }) => path === 'tools.http')?.value).toEqual([
      'order: GET https://shop.example/orders',
      'buy: POST https://shop.example/orders',
    ]);
    expect(JSON.stringify(agentJsonSchema())).toContain('"idempotency_key"');
  });

  it.each<[string, string]>([
    ['http: yes', 'tools.http: expected a list of at most 40 tools'],
    [
      'http: [{name: order, url: "https://a.example"}]',
      'tools.http[0].description: expected text, found nothing',
    ],
    [
      `http: [{${http}, name2: x}]`,
      'expected a field of tools.http, found the unknown name "name2" (did you mean name?)',
    ],
    [
      `http: [{${http.replace('order,', '"or der",')}}]`,
      'tools.http[0].name: expected a name of up to 64 letters',
    ],
    [`http: [{${http}, method: FETCH}]`, 'tools.http[0].method: expected one of GET, HEAD, POST'],
    [
      `http: [{${http.replace('https:', 'ftp:')}}]`,
      'expected an http:// or https:// address with a fixed host',
    ],
    [
      `http: [{${http.replace('shop.example', '{host}')}}]`,
      'expected an http:// or https:// address with a fixed host',
    ],
    [
      `http: [{${http.replace('shop', 'a:b@shop')}}]`,
      'expected an address without credentials, found some, not shown',
    ],
    [
      `http: [{${http.replace('/orders', '/{id}')}}]`,
      'expected no argument: parameters has none, found {id}',
    ],
    [`http: [{${http.replace('/orders', '/{{caller.name}}')}}]`, 'found {{caller.name}}'],
    [`http: [{${http.replace('/orders', '/?api_key=abcdef')}}]`, 'expected no secret'],
    [
      `http: [{${http}, headers: {Authorization: abc}}]`,
      'headers.Authorization: expected a secret by reference',
    ],
    [
      `http: [{${http}, headers: {X-Shop: sk_live_abcdefgh}}]`,
      'found a text that may be a secret, not shown',
    ],
    [
      `http: [{${http}, headers: {X-Key: {env: "s3cret/x"}}}]`,
      'never the secret, found another text, not shown',
    ],
    [
      `http: [{${http}, headers: {X-Key: {env: GEMINI_API_KEY}}}]`,
      'a variable that is not one of Baari’s own secrets',
    ],
    [`http: [{${http}, headers: {X-Key: {}}}]`, 'expected one of env and file, found neither'],
    [`http: [{${http}, headers: {"X Key": a}}]`, 'expected the name of a header, found "X Key"'],
    [`http: [{${http}, query: {token: abc}}]`, 'expected no secret: send it in a header'],
    [
      `http: [{${http}, parameters: {type: array}}]`,
      'expected a JSON Schema of type object, found type "array"',
    ],
    [
      `http: [{${http}, parameters: {type: object, properties: {a: {type: "no"}}}}]`,
      'expected a JSON Schema (2020-12)',
    ],
    [`http: [{${http}, body: {a: 1}}]`, 'tools.http[0].body: expected no body with GET'],
    [
      `http: [{${http}, method: POST, retries: 1}]`,
      'expected 0 with POST: a retry could do it twice, found 1',
    ],
    [`http: [{${http}, retries: 9}]`, 'tools.http[0].retries: expected a whole number from 0 to 5, found 9'],
    [
      `http: [{${http}, timeout_ms: 90000}]`,
      'tools.http[0].timeout_ms: expected a whole number from 100 to 60000 ms, found 90000',
    ],
    [`http: [{${http}, result: "a["}]`, 'tools.http[0].result: expected a JSONata expression, found a fault'],
    [
      `http: [{${http}, sign: {secret: abc}}]`,
      'that says where the secret is, never the secret, found another text',
    ],
    [`http: [{${http}}, {${http}}]`, 'expected tools with different names'],
    ['hosts: ["http://shop"]', 'tools.hosts[0]: expected a host name'],
    ['mcp: [{name: a, tools: [b]}]', 'tools.mcp[0]: expected either command or url, found neither'],
    [
      'mcp: [{name: a, tools: [b], command: [x], url: "https://x.example"}]',
      'either command or url, found both',
    ],
    ['mcp: [{name: a, command: [x]}]', 'tools.mcp[0].tools: expected a list of the names of tools'],
    ['mcp: [{name: a, tools: [b], command: [x], env: {TOKEN: abc}}]', 'expected a secret by reference'],
    ['mcp: [{name: a, tools: [b], command: [x], headers: {A: b}}]', 'expected url beside them'],
    ['mcp: [{name: a, tools: [b], url: "ftp://x"}]', 'expected an http: or https: address'],
    [
      'mcp: [{name: a, tools: [b], command: [x]}, {name: c, tools: [b], command: [y]}]',
      'expected tools with different names',
    ],
  ])('%s', (tools, problem) => {
    const problems = problemsOf(tools);
    expect(problems.join('\n')).toContain(problem);
    expect(problems.length).toBe(1);
    expect(problems.join()).not.toMatch(/s3cret|sk_live|abcdef/);
  });
});
