import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { formatProblem, parseAgent } from '../../src/agents/index.ts';
import { seededChance, systemClock } from '../../src/time/index.ts';
import { AgentTools, noPowers } from '../../src/tools/index.ts';
import { weatherServer } from '../helpers/mcp-weather.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { until } from '../helpers/until.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const program = JSON.stringify([process.execPath, `${import.meta.dirname}/../helpers/mcp-weather.ts`]);

interface Opened {
  readonly tools: AgentTools;
  readonly troubles: string[];
  readonly memory: MemoryLog;
}

function open(server: string, secrets: Readonly<Record<string, string>> = {}): Opened {
  const parsed = parseAgent(
    `prompt: Say hello.\ntools:\n  hosts: [127.0.0.1]\n  mcp:\n    - { name: weather, ${server} }\n`,
    'agents/shop.yaml',
  );
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  const troubles: string[] = [];
  const memory = new MemoryLog();
  const tools = new AgentTools(parsed.agent, {
    clock: systemClock,
    chance: seededChance(1),
    log: memory.log,
    secretOf: ({ env = '' }) => secrets[env],
    serverTroubled: (agent, name) => troubles.push(`${agent} ${name}`),
  });
  closing.push(() => tools.close());
  return { tools, troubles, memory };
}

function call({ tools }: Opened, name: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const tool = tools.set.find(name)?.tool;
  if (!tool) throw new Error(`there is no tool ${name}`);
  const { signal } = new AbortController();
  return tool.run(args, { callId: 'call-1', facts: undefined, call: noPowers, clock: systemClock, signal });
}

/** The weather over HTTP, for those who know the token. */
async function listening(): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== 'Bearer s3cret') return void response.writeHead(401).end();
    const transport = new StreamableHTTPServerTransport({});
    await weatherServer().connect(transport);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

describe('tools of an MCP server', () => {
  it('that is a program are those chosen, run in an environment of their own', async () => {
    const opened = open(
      `command: ${program}, env: { CITY_TOKEN: { env: SECRET } }, tools: [forecast, surroundings, fail, gone]`,
      { SECRET: 's3cret' },
    );
    const { tools } = opened;
    // callable before the server has told anything of them
    expect(tools.set.names).toEqual(['forecast', 'surroundings', 'fail', 'gone']);
    expect(await call(opened, 'forecast', { city: 'Pune' })).toEqual({ city: 'Pune', sky: 'clear' });
    expect(tools.set.names).toEqual(['forecast', 'surroundings', 'fail']);
    expect(tools.set.find('forecast')?.tool.description).toBe('Tells the weather.');
    expect(tools.set.find('forecast')?.faultOf({})).toContain("must have required property 'city'");
    expect(tools.set.find('die')).toBeUndefined();
    const variables = String(await call(opened, 'surroundings')).split(' ');
    expect(variables).toContain('CITY_TOKEN');
    const usual = ['CITY_TOKEN', 'HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'];
    expect(variables.filter((name) => !usual.includes(name))).toEqual([]);
    await expect(call(opened, 'fail')).rejects.toThrow('no such city');
    expect(opened.troubles).toEqual([]);
  });

  it('are those of one agent: another has a program and secrets of its own', async () => {
    const [a, b] = ['SECRET_A', 'SECRET_B'].map((name) =>
      open(`command: ${program}, env: { ${name}: { env: ${name} } }, tools: [surroundings, die]`, {
        [name]: 's3cret',
      }),
    );
    if (!a || !b) throw new Error('two agents were opened');
    expect(await call(a, 'surroundings')).not.toContain('SECRET_B');
    expect(await call(b, 'surroundings')).not.toContain('SECRET_A');
    await expect(call(a, 'die')).rejects.toThrow();
    expect(await call(b, 'surroundings')).toContain('SECRET_B');
  });

  it('come back when the program dies, and calls meanwhile are told at once', async () => {
    const opened = open(`command: ${program}, tools: [forecast, die]`);
    await opened.tools.start();
    await expect(call(opened, 'die')).rejects.toThrow('cannot be reached');
    await expect(call(opened, 'forecast', { city: 'Pune' })).rejects.toThrow('not there at the moment');
    expect(opened.troubles).toEqual(['shop weather']);
    await until('the server to be back', () => opened.memory.all('mcp.ready')[1]);
    expect(await call(opened, 'forecast', { city: 'Pune' })).toEqual({ city: 'Pune', sky: 'clear' });
  });

  it('that listens over HTTP are called with its secret', async () => {
    const headers = 'headers: { Authorization: { env: SECRET, prefix: "Bearer " } }';
    const opened = open(`url: "${await listening()}", ${headers}, tools: [forecast]`, { SECRET: 's3cret' });
    expect(await call(opened, 'forecast', { city: 'Pune' })).toEqual({ city: 'Pune', sky: 'clear' });
  });

  it.each<{ what: string; server: string; says: string }>([
    { what: 'a program that is not there', server: 'command: [/no/such/program]', says: 'not there' },
    { what: 'a program that ends', server: `command: ["${process.execPath}", -e, "0"]`, says: 'not there' },
    { what: 'an address where nobody listens', server: 'url: "http://127.0.0.1:9/"', says: 'not there' },
    { what: 'a private address', server: 'url: "http://127.0.0.2:9/"', says: 'not there' },
    {
      what: 'a missing secret',
      server: `command: ${program}, env: { A: { env: NOT_THERE } }`,
      says: 'its secret is missing',
    },
  ])('$what is told to the model, and counted', async ({ server, says }) => {
    const opened = open(`${server}, tools: [forecast]`);
    await opened.tools.start();
    expect(opened.tools.set.names).toEqual(['forecast']);
    await expect(call(opened, 'forecast', { city: 'Pune' })).rejects.toThrow(says);
    expect(opened.troubles).toEqual(['shop weather']);
  });
});
