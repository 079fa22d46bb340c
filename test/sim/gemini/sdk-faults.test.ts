import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SimulatedGemini } from '../../../src/sim/index.ts';
import { seededChance, systemClock } from '../../../src/time/index.ts';
import { livePath } from './support/memory-client.ts';
import { plain, reply } from './support/scripts.ts';
import { listening, SdkClient } from './support/sdk-client.ts';

const script = { ...plain, greeting: reply('Hello!', 2000, { speed: 20, thinkMs: 0 }) };

async function greeted(apiKey: string): Promise<SdkClient> {
  const server = await listening(script);
  const client = new SdkClient();
  const session = await client.connect({ sessionResumption: {} }, { baseUrl: server.url, apiKey });
  session.sendRealtimeInput({ text: 'Hello.' });
  return client;
}

describe('a fault picked by the API key, as the unmodified SDK sees it', () => {
  test.each([
    ['sim-http-401', 'Unexpected server response: 401'],
    ['sim-http-429', 'Unexpected server response: 429'],
    ['sim-http-503', 'Unexpected server response: 503'],
    ['sim-reset-upgrade', 'socket hang up'],
    ['sim-bad-key', 'code 1007): API key not valid. Please pass a valid API key.'],
  ])('%s makes connect() reject', async (apiKey, message) => {
    const server = await listening(script);
    const client = new SdkClient();
    await expect(client.connect({}, { baseUrl: server.url, apiKey })).rejects.toThrow(message);
    expect(client.closed).toBeDefined();
  });

  test.each([['sim-hang-upgrade'], ['sim-no-setup-complete']])(
    '%s leaves connect() unsettled until the server goes',
    async (apiKey) => {
      const server = await listening(script);
      const client = new SdkClient();
      let isSettled = false;
      const connecting = client.connect({}, { baseUrl: server.url, apiKey }).finally(() => {
        isSettled = true;
      });
      // A second client gets through a whole connection meanwhile.
      await new SdkClient().connect({}, { baseUrl: server.url });
      expect(isSettled).toBe(false);
      await Promise.all([expect(connecting).rejects.toThrow(/before setup completed/), server.close()]);
    },
  );

  test.each([
    ['sim-kill', { code: 1006, reason: '' }],
    ['sim-close-1011', { code: 1011, reason: 'Simulated close.' }],
  ])('%s closes in the middle of a reply', async (apiKey, closed) => {
    const client = await greeted(apiKey);
    await client.until(() => client.closed !== undefined);
    expect(client.closed).toEqual(closed);
    expect(client.audioSamples).toBeGreaterThan(0);
    expect(client.audioSamples).toBeLessThan(48_000);
  });

  test('sim-phantom-interrupted interrupts though nobody spoke', async () => {
    const client = await greeted('sim-phantom-interrupted');
    await client.first((message) => message.serverContent?.interrupted);
    expect(client.audioSamples).toBeLessThan(48_000);
  });

  test('sim-rejected-turn ends a turn with a reason', async () => {
    const client = await greeted('sim-rejected-turn');
    expect(await client.first((message) => message.serverContent?.turnCompleteReason)).toBe(
      'RESPONSE_REJECTED',
    );
  });

  test('sim-empty-turn ends a turn without a word', async () => {
    const client = await greeted('sim-empty-turn');
    await client.first((message) => message.serverContent?.turnComplete);
    expect(client.audioSamples).toBe(0);
  });

  test('sim-no-close-handshake never answers a close', async () => {
    const server = await listening(script);
    const client = new SdkClient();
    const session = await client.connect({}, { baseUrl: server.url, apiKey: 'sim-no-close-handshake' });
    session.sendRealtimeInput({ text: 'Hello.' });
    await client.first((message) => message.serverContent?.modelTurn);
    session.close();
    // A close of another client, begun later, goes through both ways.
    const other = new SdkClient();
    (await other.connect({}, { baseUrl: server.url })).close();
    await other.until(() => other.closed !== undefined);
    expect(client.closed).toBeUndefined();
  });
});

describe('over HTTP', () => {
  test('a refused upgrade carries status, Retry-After and a JSON body', async () => {
    const server = await listening(script);
    const ws = new WebSocket(`${server.url}${livePath.replace('key=k', 'key=sim-http-429')}`);
    const response = await new Promise<{
      status: number | undefined;
      retryAfter: string | undefined;
      body: string;
    }>((resolve) => {
      ws.on('unexpected-response', (_request, incoming) => {
        let body = '';
        incoming.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        incoming.on('end', () => {
          resolve({ status: incoming.statusCode, retryAfter: incoming.headers['retry-after'], body });
        });
      });
    });
    expect(response).toMatchObject({ status: 429, retryAfter: '2' });
    expect(JSON.parse(response.body)).toMatchObject({ error: { code: 429 } });
  });

  test('other paths are not found', async () => {
    const server = await listening(script);
    expect((await fetch(`${server.url}/anything`)).status).toBe(404);
    const ws = new WebSocket(`${server.url}/ws/else`);
    const error = await new Promise<Error>((resolve) => ws.on('error', resolve));
    expect(error.message).toBe('Unexpected server response: 404');
  });

  test('a raw client learns of an unknown field by the close', async () => {
    const server = await listening(script);
    const ws = new WebSocket(`${server.url}${livePath}`);
    ws.on('open', () =>
      ws.send(JSON.stringify({ setup: { model: 'models/gemini-3.8-live', voice_activity_detection: {} } })),
    );
    const closed = await new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    expect(closed).toEqual({
      code: 1007,
      reason: `Invalid JSON payload received. Unknown name "voice_activity_detection" at 'setup': Cannot find field.`,
    });
  });

  test('listening on a port that is taken rejects', async () => {
    const server = await listening(script);
    await expect(
      SimulatedGemini.listen({ clock: systemClock, chance: seededChance(1), script, port: server.port }),
    ).rejects.toThrow('EADDRINUSE');
  });
});
