import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientWithOwnSocket, type SdkCallbacks } from '../../src/gemini/sdk-seam.ts';
import { audioFrame } from '../../src/gemini/session.ts';
import { secretKey } from './settings.ts';

const Manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

function manifest(file: string | URL): z.infer<typeof Manifest> {
  return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
}

describe('the version of the SDK', () => {
  it('is pinned to the one that these tests are about', () => {
    const wanted = manifest(new URL('../../package.json', import.meta.url)).dependencies['@google/genai'];
    const entry = createRequire(import.meta.url).resolve('@google/genai');
    const root = entry.slice(0, entry.lastIndexOf('/dist/'));
    expect(wanted).toMatch(/^\d+\.\d+\.\d+$/);
    expect(manifest(`${root}/package.json`).version).toBe(wanted);
  });
});

interface Opened {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly callbacks: SdkCallbacks;
  readonly sent: string[];
}

/** Connects over a socket that only notes what the SDK does with it. */
function connecting(baseUrl: string | undefined = 'http://127.0.0.1:9/base') {
  const opened = Promise.withResolvers<Opened>();
  const messages: unknown[] = [];
  const client = clientWithOwnSocket(
    { kind: 'key', secret: secretKey, baseUrl },
    (url, headers, callbacks) => {
      const sent: string[] = [];
      return {
        connect: () => opened.resolve({ url, headers, callbacks, sent }),
        send: (frame) => sent.push(frame),
        close: () => sent.push('close'),
      };
    },
  );
  const session = client.live.connect({
    model: 'gemini-3.8-live',
    config: {},
    callbacks: { onmessage: (message) => messages.push(message) },
  });
  return { opened: opened.promise, session, messages };
}

/** Opens the socket and completes the set-up; the SDK takes no frame before its promises have run. */
async function setUp(callbacks: SdkCallbacks): Promise<void> {
  callbacks.onopen();
  await new Promise((resolve) => setImmediate(resolve));
  callbacks.onmessage({ data: '{"setupComplete":{}}' });
}

describe('the socket of our own', () => {
  it('is asked for v1beta, with the key in the query only', async () => {
    const { opened, session } = connecting();
    const { url, headers, callbacks } = await opened;
    const { pathname, searchParams, origin } = new URL(url);
    expect(origin).toBe('ws://127.0.0.1:9');
    expect(pathname).toBe(
      '/base/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    );
    expect([...searchParams.keys()]).toEqual(['key']);
    expect(JSON.stringify(headers)).not.toContain(secretKey);
    callbacks.onclose({ code: 1000, reason: '' });
    await expect(session).rejects.toThrow();
  });

  it('is asked for Google’s address over TLS when no other is set', async () => {
    const { opened, session } = connecting('https://generativelanguage.googleapis.com/');
    const { url, callbacks } = await opened;
    expect(new URL(url).protocol).toBe('wss:');
    callbacks.onclose({ code: 1000, reason: '' });
    await expect(session).rejects.toThrow();
  });

  it('is sent the set-up as its first frame once open, in text, with the model’s full name', async () => {
    const { opened, session } = connecting();
    const { callbacks, sent } = await opened;
    expect(sent).toEqual([]);
    await setUp(callbacks);
    await session;
    expect(JSON.parse(sent[0] ?? '')).toMatchObject({ setup: { model: 'models/gemini-3.8-live' } });
  });

  it('carries what the session sends, one JSON frame each', async () => {
    const { opened, session } = connecting();
    const { callbacks, sent } = await opened;
    await setUp(callbacks);
    const live = await session;
    live.sendRealtimeInput({ activityStart: {} });
    live.sendRealtimeInput({ audio: { data: 'AAAA', mimeType: 'audio/pcm;rate=16000' } });
    live.sendRealtimeInput({ activityEnd: {} });
    live.sendRealtimeInput({ text: 'Hello' });
    live.sendRealtimeInput({ audio: { data: 'AAABAA==', mimeType: 'audio/pcm;rate=16000' } });
    // audio is written without the SDK, as the SDK writes it
    expect(sent.at(-1)).toBe(audioFrame(Int16Array.of(0, 1)));
    sent.pop();
    live.sendToolResponse({ functionResponses: [{ id: 'call_1', name: 'book', response: { error: 'no' } }] });
    live.close();
    expect(sent.slice(1, -1).map((frame) => JSON.parse(frame))).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { audio: { data: 'AAAA', mimeType: 'audio/pcm;rate=16000' } } },
      { realtimeInput: { activityEnd: {} } },
      { realtimeInput: { text: 'Hello' } },
      {
        toolResponse: {
          functionResponses: [{ id: 'call_1', name: 'book', response: { error: 'no' } }],
        },
      },
    ]);
    expect(sent.at(-1)).toBe('close');
  });

  it('makes connecting fail, and not hang, when it closes before the set-up is complete', async () => {
    const { opened, session } = connecting();
    const { callbacks } = await opened;
    callbacks.onopen();
    callbacks.onclose({ code: 1007, reason: '' });
    await expect(session).rejects.toThrow();
  });
});
