import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallObserver } from '../../src/call/index.ts';
import type { GeminiScript } from '../../src/sim/index.ts';
import { seededChance, systemClock } from '../../src/time/index.ts';
import { AgentTools, type ToolCallRecord } from '../../src/tools/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { agentOf, SimulatedService } from '../helpers/simulated-call.ts';
import { until } from '../helpers/until.ts';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';

withoutDoneWarnings();

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const voice = (ms: number) => ({
  samples: Int16Array.from({ length: ms * 16 }, (_, at) => Math.round(9000 * Math.sin(at / 4))),
  sampleRateHz: 16_000,
});

const script: GeminiScript = {
  greeting: { text: 'Hello.', voice: voice(600) },
  turns: [
    {
      heard: 'A mango cake, please.',
      toolCalls: [{ name: 'order', args: { cake: 'mango' } }],
      reply: { text: 'It is ordered.', voice: voice(1000) },
    },
  ],
  afterwards: 'silent',
};

interface Shop {
  readonly base: string;
  readonly orders: { readonly body: string; readonly token: string | undefined }[];
}

async function openShop(status: number): Promise<Shop> {
  const orders: Shop['orders'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    orders.push({ body, token: request.headers.authorization });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ order: { id: 41, internal: 'x' }, error: 'sold out' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, orders };
}

function toolsIn(base: string, secret: string): string {
  return `
tools:
  hosts: [127.0.0.1]
  http:
    - name: order
      description: Orders a cake.
      method: POST
      url: ${base}/orders
      headers: { Authorization: { env: ${secret}, prefix: "Bearer " } }
      body: { cake: "{cake}", by: "{{caller.number}}" }
      result: '{ "id": order.id }'
      parameters:
        type: object
        properties: { cake: { type: string } }
        required: [cake]
`;
}

const environment: Readonly<Record<string, string>> = { SHOP_A: 'token of a', SHOP_B: 'token of b' };

/** A caller asks for a cake; simulated time waits for the shop, which is real. */
async function callThatOrders(shop: Shop, secret: string) {
  const file = toolsIn(shop.base, secret);
  const memory = new MemoryLog();
  const tools = new AgentTools(agentOf(file), {
    clock: systemClock,
    chance: seededChance(1),
    log: memory.log,
    secretOf: ({ env = '' }) => environment[env],
  });
  closing.push(() => tools.close());
  const service = new SimulatedService({ script, tools: tools.set, agent: file, log: memory.log });
  const records: ToolCallRecord[] = [];
  const observer: CallObserver = { tool: (record) => records.push(record) };
  const { caller, call, seen } = service.dial({ observers: [observer] });
  await service.clock.run(4000);
  caller.say(voice(1500).samples.filter((_, at) => at % 2 === 0));
  await service.clock.run(1500 + 490 + 400);
  await until('the shop to answer', () => records[0]);
  await service.clock.run(4000);
  call.end();
  await service.clock.run(10_000);
  return { seen, record: records[0], memory };
}

describe('a call that orders', () => {
  it('asks the shop, speaks of the answer, and has it in its record', async () => {
    const shop = await openShop(201);
    const { seen, record, memory } = await callThatOrders(shop, 'SHOP_A');
    expect(shop.orders).toEqual([
      { body: '{"cake":"mango","by":"09000000001"}', token: 'Bearer token of a' },
    ]);
    expect(record).toMatchObject({
      name: 'order',
      arguments: { cake: 'mango' },
      outcome: 'answered',
      result: { id: 41 },
    });
    expect(record?.durationMs).toBeGreaterThanOrEqual(0);
    expect(seen.lines.map(({ who, text }) => `${who}: ${text}`)).toEqual([
      'agent: Hello.',
      'caller: A mango cake, please.',
      'agent: It is ordered.',
    ]);
    // neither secrets nor what was asked and answered
    expect(memory.text).not.toMatch(/token of a|mango|9000000001/);
  });

  it('is told when the shop refuses, and asks it once', async () => {
    const shop = await openShop(409);
    const { record } = await callThatOrders(shop, 'SHOP_A');
    expect(record).toMatchObject({ outcome: 'failed', failure: { code: 'tool.http-status' } });
    expect(record?.failure?.message).toContain('409');
    expect(shop.orders.length).toBe(1);
  });

  it('sends the secret of its own agent and of no other', async () => {
    const [a, b] = [await openShop(201), await openShop(201)];
    await Promise.all([callThatOrders(a, 'SHOP_A'), callThatOrders(b, 'SHOP_B')]);
    expect(a.orders.map(({ token }) => token)).toEqual(['Bearer token of a']);
    expect(b.orders.map(({ token }) => token)).toEqual(['Bearer token of b']);
  });
});
