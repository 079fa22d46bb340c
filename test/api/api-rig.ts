import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FolderStore, type RecordStore } from '../../src/records/index.ts';
import { ApiTokens, digestOf, type LiveCalls } from '../../src/server/index.ts';
import { type ServiceOptions, TestService } from '../helpers/service.ts';
import { storedCall } from '../records/stored-calls.ts';
import { type DocumentedAnswers, documentedAnswers } from './documented-answers.ts';

/** Two tenants' past calls. */
export const past = {
  bakery: 'b0000000-0000-4000-8000-000000000001',
  clinic: 'c0000000-0000-4000-8000-000000000002',
} as const;
/** 44 bytes of a header, and 1000 of sound. */
export const recording = Buffer.from(Array.from({ length: 1044 }, (_, at) => at % 251));

/** Lines of a call's journal. */
const journal = [
  {
    kind: 'started',
    atMs: 21,
    parties: { callSid: 'c', streamSid: 's', from: '1', to: '2', sampleRateHz: 8000, parameters: {} },
  },
  { kind: 'event', atMs: 90, type: 'gemini.ready', resumed: false },
  { kind: 'event', atMs: 400, type: 'queue.hold' },
  { kind: 'event', atMs: 500, type: 'turn.verdict', verdict: 'rejected' },
  { kind: 'event', atMs: 600, type: 'exotel.digit', digit: '7' },
  { kind: 'event', atMs: 650, type: 'speech.started', onsetSample: 1 },
  {
    kind: 'tool',
    atMs: 700,
    tool: {
      name: 'order_status',
      outcome: 'answered',
      durationMs: 12.4,
      endedMs: 700,
      arguments: { id: '77' },
    },
  },
] as const;

/** The token of everything in these tests. */
export const master = 'the-token-of-everything';

/** What an API of these tests differs in from the ordinary. */
export interface ApiRigOptions extends Pick<ServiceOptions, 'apiKey' | 'doors'> {
  /** YAML lines of the tokens file. */
  readonly tokens?: string;
  /** Whether there is a token of everything; so by default. */
  readonly isMasterKnown?: boolean;
  /** How the agents differ, beside `bakery` as it is. */
  readonly agents?: ServiceOptions['agents'];
  readonly requestsPerMinute?: number;
  /** In place of the live calls of the one process that there is. */
  readonly live?: LiveCalls;
  /** In place of the records in the folder. */
  readonly store?: RecordStore;
}

/** The API of a real server over a folder with two calls, for tokens with the scopes that are asked for. */
export class ApiRig implements AsyncDisposable {
  readonly service: TestService;
  readonly folder: string;
  readonly store: FolderStore;
  #described: Promise<DocumentedAnswers> | undefined;

  private constructor(service: TestService, folder: string, store: FolderStore) {
    this.service = service;
    this.folder = folder;
    this.store = store;
  }

  static async start(options: ApiRigOptions = {}): Promise<ApiRig> {
    const folder = await mkdtemp(path.join(tmpdir(), 'baari-api-'));
    const store = new FolderStore({ folder, numberKey: undefined });
    for (const [agent, callId] of Object.entries(past)) {
      const { record, text } = storedCall(callId, '2026-03-01T10:00:00.000Z', {
        agent,
        from: agent === 'bakery' ? '09000000001' : '09000000002',
        text: agent === 'bakery' ? 'two brown loaves' : 'a sore throat',
      });
      await mkdir(path.join(folder, callId));
      await writeFile(path.join(folder, callId, 'call.json'), JSON.stringify(record));
      const line = { who: 'caller', startedMs: 0, endedMs: 1000, text, unheard: '' };
      await writeFile(path.join(folder, callId, 'transcript.jsonl'), `${JSON.stringify(line)}\n`);
      await writeFile(path.join(folder, callId, 'journal.jsonl'), journal.map(asLine).join(''));
      await writeFile(path.join(folder, callId, 'audio.wav'), recording);
      await store.put([{ record, text }]);
    }
    const {
      tokens,
      isMasterKnown = true,
      agents,
      store: records = store,
      requestsPerMinute,
      live,
      ...more
    } = options;
    const known = ApiTokens.read(isMasterKnown ? master : undefined, tokens);
    const service = await TestService.start({
      ...more,
      records: folder,
      api: { tokens: () => known, records, requestsPerMinute, live },
      agents: { clinic: {}, ...agents },
    });
    return new ApiRig(service, folder, store);
  }

  /** Asks over HTTP, and fails when the answer is not as the OpenAPI document says; with the token of everything unless another is given. */
  async ask(
    route: string,
    {
      token = master,
      headers = {},
      body,
    }: { token?: string; headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<{ status: number; headers: Headers; text: string; json: <T = Record<string, unknown>>() => T }> {
    const [method = 'GET', url = '/'] = route.split(' ');
    const answer = await fetch(this.service.base + url, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    this.#described ??= documentedAnswers(this.service.base);
    (await this.#described).check({ method, url, status: answer.status, headers: answer.headers, text });
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
    await this.store.close();
    // the records of calls that were just dropped are still being completed
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function asLine(entry: object): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The entry of a token in the file of tokens. */
export function entry(name: string, scopes: readonly string[], agents: string, more = ''): string {
  return `  - { name: ${name}, sha256: ${digestOf(tokenOf(name))}, scopes: [${scopes.join(', ')}], agents: ${agents}${more} }\n`;
}

/** The token that has this name in these tests. */
export function tokenOf(name: string): string {
  return `token-of-${name}`;
}
