import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAgent } from '../../src/agents/index.ts';
import { Extractor } from '../../src/extraction/index.ts';
import { askForJson, type GeminiAccess } from '../../src/gemini/index.ts';
import { callRecordSchema } from '../../src/records/index.ts';
import { bakeryScript, SimulatedGemini, type TextScript } from '../../src/sim/index.ts';
import { SimulatedClock, seededChance, systemClock } from '../../src/time/index.ts';
import { fetchThrough } from '../../src/wire/index.ts';
import { ConnectProxy } from '../helpers/connect-proxy.ts';
import { until } from '../helpers/until.ts';
import { storedCall } from '../records/stored-calls.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-extraction-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const apiKey = 'an-opaque-key/of+another=kind';
const line = (who: string, text: string) => ({ who, atMs: 0, text, unheard: '' });
const said = [line('agent', 'Hello?'), line('caller', 'One mango cake for 4111 1111 1111 1111, please.')];

interface Trial {
  readonly texts?: TextScript;
  readonly extraction?: string;
  readonly outcome?: string;
  readonly access?: (url: string) => GeminiAccess;
  readonly by?: typeof fetch;
}

/** Lets one call be read out, on a simulated clock, by the real SDK over a real socket. */
async function tried({ texts, extraction = '', outcome = 'callerHungUp', access: accessTo, by }: Trial) {
  const clock = new SimulatedClock();
  const gemini = await SimulatedGemini.listen({
    clock: systemClock,
    chance: seededChance(1),
    script: bakeryScript(),
    ...(texts && { texts }),
  });
  const folder = mkdtempSync(join(root, 'records-'));
  mkdirSync(join(folder, 'one'));
  const { record } = storedCall('one', '2026-01-01T10:00:00.000Z', { agent: 'shop', outcome });
  writeFileSync(join(folder, 'one', 'call.json'), JSON.stringify(record));
  writeFileSync(
    join(folder, 'one', 'transcript.jsonl'),
    said.map((one) => `${JSON.stringify(one)}\n`).join(''),
  );
  const parsed = parseAgent(
    `prompt: Sell cakes.\nextraction:\n  schema: {type: object, properties: {cake: {type: string}}, required: [cake]}\n${extraction}`,
    'agents/shop.yaml',
  );
  if (!parsed.ok) throw new Error('a good file was refused');
  const told: unknown[] = [];
  const hangs = Array.isArray(texts) && texts.some(({ kind }) => kind === 'never');
  let asking = 0;
  const extractor = new Extractor({
    folder,
    agents: new Map([['shop', parsed.agent]]),
    clock,
    chance: seededChance(2),
    ask: (question, signal) => {
      asking += 1;
      const access = accessTo?.(gemini.url) ?? { apiKey, baseUrl: gemini.url };
      return askForJson(access, question, { signal, fetch: by }).finally(() => {
        asking -= 1;
      });
    },
    tell: (...all) => told.push(all),
  });
  let isDone = false;
  const done = extractor.extract('one', new AbortController().signal).then(() => {
    isDone = true;
  });
  await until('the end', () => {
    if (isDone) return true;
    // a question over a real socket takes no simulated time, unless it is never answered
    if (asking === 0 || hangs) clock.advance(1000);
    return undefined;
  });
  await done;
  await gemini.close();
  const after = callRecordSchema.parse(JSON.parse(readFileSync(join(folder, 'one', 'call.json'), 'utf8')));
  return {
    extraction: after.extraction,
    requests: gemini.gemini.texts.requests,
    told,
    tookMs: clock.nowMs(),
  };
}

const good = { kind: 'json', value: { cake: 'mango' } } as const;

describe('what is read out of a call', () => {
  it('goes into its record, as the schema says, without numbers that are not to be kept', async () => {
    const { extraction, requests, told } = await tried({
      texts: [{ kind: 'json', value: { cake: 'mango, paid by 4111 1111 1111 1111' } }],
      extraction: '  model: gemini-2.5-flash\n  instruction: Cakes only.\n',
    });
    expect(extraction).toMatchObject({
      model: 'gemini-2.5-flash',
      data: { cake: 'mango, paid by [card]' },
      tokens: { prompt: expect.any(Number) },
      cost: { usd: expect.any(Number) },
    });
    expect(extraction?.failure).toBeUndefined();
    expect(requests).toMatchObject([
      {
        model: 'gemini-2.5-flash',
        body: { generationConfig: { temperature: 0, responseJsonSchema: { required: ['cake'] } } },
      },
    ]);
    const asked = JSON.stringify(requests[0]?.body);
    expect(asked).toContain('Caller: One mango cake');
    expect(asked).toContain('Cakes only.');
    expect(told).toEqual([['one', 'shop', 'ok', undefined]]);
  });

  it.each<[string, TextScript, number]>([
    ['too many questions', [{ kind: 'status', status: 429, retryAfterSec: 20 }, good], 2],
    ['a server that fails', [{ kind: 'status', status: 500 }, { kind: 'status', status: 503 }, good], 3],
    ['text that is no JSON', [{ kind: 'text', text: 'I think it was mango.' }, good], 2],
    ['JSON that does not fit', [{ kind: 'json', value: { cake: 3 } }, good], 2],
    ['half an answer', [{ kind: 'text', text: '{"ca', finishReason: 'MAX_TOKENS' }, good], 2],
    ['a server that never answers', [{ kind: 'never' }, good], 2],
  ])('is asked for again after %s', async (what, texts, questions) => {
    const { extraction, requests, tookMs } = await tried({ texts });
    expect(extraction).toMatchObject({ data: { cake: 'mango' } });
    expect(requests).toHaveLength(questions);
    if (what === 'too many questions') expect(tookMs).toBeGreaterThanOrEqual(20_000);
    if (what === 'JSON that does not fit')
      expect(JSON.stringify(requests[1]?.body)).toContain('/cake must be string');
  });

  it.each<[string, Trial, string, number]>([
    [
      'a key that is refused',
      { texts: [{ kind: 'status', status: 403, message: `bad key ${apiKey}` }] },
      'gemini.unauthorised',
      1,
    ],
    ['a question that is refused', { texts: [{ kind: 'status', status: 400 }] }, 'gemini.refused', 1],
    ['answers that never fit', { texts: [{ kind: 'json', value: {} }] }, 'extraction.misfit', 3],
    [
      'a server that never answers, at the deadline',
      { texts: [{ kind: 'never' }], extraction: '  deadline_s: 90\n' },
      'gemini.late',
      2,
    ],
    [
      'a server that is not there',
      { access: () => ({ apiKey, baseUrl: 'http://127.0.0.1:9' }), extraction: '  deadline_s: 20\n' },
      'gemini.unreachable',
      0,
    ],
    [
      'ephemeral tokens',
      { access: (baseUrl) => ({ newToken: async () => 'auth_tokens/x', baseUrl }) },
      'gemini.noTextAccess',
      0,
    ],
  ])('is a failure in the record after %s', async (_, trial, code, questions) => {
    const { extraction, requests, told } = await tried(trial);
    expect(extraction).toMatchObject({ failure: { code } });
    expect(extraction?.data).toBeUndefined();
    expect(requests).toHaveLength(questions);
    expect(JSON.stringify([extraction, told])).not.toContain(apiKey);
  });

  it.each<[string, Trial]>([
    ['ended otherwise', { extraction: '  outcomes: [transferred]\n' }],
    ['in which less was said', { extraction: '  min_words: 50\n' }],
  ])('is nothing for a call that %s', async (_, trial) => {
    const { extraction, requests } = await tried(trial);
    expect([extraction, requests]).toEqual([undefined, []]);
  });

  it('comes through a proxy too', async () => {
    await using proxy = await ConnectProxy.listen({ credentials: 'anna:secret' });
    const by = fetchThrough({ http: proxy.url('anna:secret'), https: undefined, except: [] });
    expect((await tried({ by })).extraction).toMatchObject({ data: { cake: '' } });
    expect(proxy.asked).toHaveLength(1);
    const shut = fetchThrough({ http: proxy.url('anna:wrong'), https: undefined, except: [] });
    const { extraction, told } = await tried({ by: shut, extraction: '  deadline_s: 5\n' });
    expect(extraction).toMatchObject({ failure: { code: 'gemini.unreachable' } });
    expect(JSON.stringify([extraction, told])).not.toContain('wrong');
  });

  it('comes by Vertex AI too', async () => {
    const project = (baseUrl: string): GeminiAccess => ({
      project: 'cakes',
      location: 'asia-south1',
      bearer: async () => 'a-bearer',
      baseUrl,
    });
    const { extraction, requests } = await tried({ access: project });
    // without a script, the least that fits
    expect(extraction).toMatchObject({ data: { cake: '' } });
    expect(requests[0]?.path).toContain('/projects/cakes/locations/asia-south1/publishers/google/models/');
    expect(requests[0]?.headers.authorization).toBe('Bearer a-bearer');
  });
});
