import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSPKI, jwtVerify } from 'jose';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { GeminiWireReport } from '../../machines/index.ts';
import { findGoogle, type WayToGemini } from '../../src/cli/gemini-access.ts';
import { GeminiWire, googleBearer, tokensFromCommand, tokensFromService } from '../../src/gemini/index.ts';
import { type ListeningGemini, SimulatedGemini, type SimulatedGeminiOptions } from '../../src/sim/index.ts';
import { SimulatedClock, systemChance, systemClock } from '../../src/time/index.ts';
import { plainSettings } from '../gemini/settings.ts';
import { freePort } from '../helpers/baari-process.ts';
import { ConnectProxy } from '../helpers/connect-proxy.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { collectPrinted } from '../helpers/printed.ts';
import { script } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-ways-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = 'AIzaSyNever-Show_This0123456789abcdef';
const bearer = 'ya29.never-show-this-bearer';
const serviceSecret = 'Bearer never-show-this-authorization';
const tokens = ['auth_tokens/never-show-1', 'auth_tokens/never-show-2'];
const secrets = [key, bearer, 'never-show'];

async function listen(options: Partial<SimulatedGeminiOptions> = {}): Promise<ListeningGemini> {
  const accepts = { keys: [key], tokens, bearers: [bearer] };
  const gemini = await SimulatedGemini.listen({
    clock: systemClock,
    chance: systemChance,
    script,
    setupMs: 0,
    accepts,
    ...options,
  });
  onTestFinished(() => gemini.close());
  return gemini;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A local HTTP server that answers as it is told. */
async function service(
  answer: (asked: Asked, count: number) => { status?: number; body: string } | undefined,
) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, path, headers, body });
    const found = answer({ method, path, headers, body }, asked.length);
    if (found)
      response.writeHead(found.status ?? 200, { 'content-type': 'application/json' }).end(found.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** One line to the model, and all it told. */
function line({ access, dial }: WayToGemini, model = plainSettings.model) {
  const memory = new MemoryLog();
  const reports: GeminiWireReport[] = [];
  let samples = 0;
  const wire = new GeminiWire({
    clock: systemClock,
    log: memory.log,
    access,
    dial,
    settings: { ...plainSettings, model },
    preRollMs: 400,
    transcript: () => '',
    heardOfReply: () => '',
    lastOfCaller: () => '',
    onAudio: (pcm) => {
      samples += pcm.length;
    },
    onTranscript: () => undefined,
    onToolCalls: () => undefined,
    onToolsCancelled: () => undefined,
  });
  wire.listen((report) => reports.push(report));
  onTestFinished(() => wire.dispose());
  return {
    memory,
    wire,
    reports,
    heard: () => samples,
    async connect(how: 'first' | 'resume' = 'first'): Promise<GeminiWireReport> {
      const before = reports.length;
      wire.handle({ type: 'wire.connect', how });
      const ends = ['wire.setUp', 'wire.lost'];
      return until('an answer', () => reports.slice(before).find(({ type }) => ends.includes(type)));
    },
    async greeted(): Promise<void> {
      wire.handle({ type: 'gemini.greet' });
      await until(
        'the greeting',
        () => reports.some(({ type }) => type === 'wire.generationComplete') || undefined,
      );
      expect(samples).toBeGreaterThan(10_000);
    },
  };
}

async function wayOf(env: Readonly<Record<string, string>>): Promise<WayToGemini> {
  const way = await findGoogle(env, systemClock);
  if (!way) throw new Error('expected a way to Gemini, found none');
  return way;
}

const vertex = (gemini: ListeningGemini) => ({
  GOOGLE_GENAI_USE_VERTEXAI: 'true',
  GOOGLE_VERTEX_BASE_URL: gemini.url,
});
const project = { GOOGLE_CLOUD_PROJECT: 'shop-1', GOOGLE_CLOUD_LOCATION: 'asia-south1' };

/** A file of credentials of another cloud that the security token service at `url` exchanges for a token. */
function federatedFile(url: string): string {
  const subject = join(folder, 'subject-token');
  writeFileSync(subject, 'never-show-this-subject');
  const file = join(folder, `federated-${systemChance.hexId(4)}.json`);
  const content = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/shop',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/token`,
    credential_source: { file: subject },
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('the greeting is heard', () => {
  it('with an API key', async () => {
    const gemini = await listen();
    const call = line(await wayOf({ GEMINI_API_KEY: `${key}\n`, GOOGLE_GEMINI_BASE_URL: gemini.url }));
    expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
    await call.greeted();
    expect(gemini.gemini.sessions[0]?.observation).toMatchObject({ apiVersion: 'v1beta' });
  });

  it.each([
    {
      by: 'a token service, one for each connection',
      source: 'url',
      answer: (name: string) => JSON.stringify({ name }),
    },
    {
      by: 'a token service that answers "token"',
      source: 'url',
      answer: (token: string) => JSON.stringify({ token }),
    },
    {
      by: 'a token service that answers in plain text',
      source: 'url',
      answer: (token: string) => `${token}\n`,
    },
    { by: 'a command, one for each connection', source: 'command', answer: (token: string) => token },
  ])('with ephemeral tokens of $by', async ({ source, answer }) => {
    const gemini = await listen();
    const mint = await service((_, count) => ({ body: answer(tokens[count - 1] ?? '') }));
    const command = `curl -s -X POST -H 'authorization: ${serviceSecret}' ${mint.url}/mint`;
    const env =
      source === 'url'
        ? { BAARI_GEMINI_TOKEN_URL: `${mint.url}/mint`, BAARI_GEMINI_TOKEN_AUTHORIZATION: serviceSecret }
        : { BAARI_GEMINI_TOKEN_COMMAND: command };
    const call = line(await wayOf({ ...env, GOOGLE_GEMINI_BASE_URL: gemini.url }));
    expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
    await call.greeted();
    call.wire.handle({ type: 'wire.close' });
    // each opens one connection only
    expect(await call.connect('resume')).toMatchObject({ type: 'wire.setUp', resumed: true });
    expect(mint.asked).toMatchObject([
      { method: 'POST', path: '/mint', headers: { authorization: serviceSecret } },
      { method: 'POST', path: '/mint' },
    ]);
    expect(gemini.gemini.sessions.map(({ observation }) => observation.apiVersion)).toEqual([
      'v1alpha',
      'v1alpha',
    ]);
  });

  it.each(['BAARI_GEMINI_TOKEN', 'GEMINI_API_KEY'])(
    'with one ephemeral token that is given in %s, until it is used up',
    async (name) => {
      const gemini = await listen();
      const call = line(await wayOf({ [name]: tokens[0] ?? '', GOOGLE_GEMINI_BASE_URL: gemini.url }));
      expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
      await call.greeted();
      call.wire.handle({ type: 'wire.close' });
      expect(await call.connect('resume')).toMatchObject({
        type: 'wire.lost',
        failure: { message: expect.stringContaining('1011') },
      });
      expect(call.memory.text).not.toContain('never-show');
    },
  );

  it('by Vertex AI with an API key', async () => {
    const gemini = await listen();
    const call = line(
      await wayOf({ ...vertex(gemini), GOOGLE_API_KEY: key }),
      'gemini-live-2.5-flash-native-audio',
    );
    expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
    await call.greeted();
    expect(gemini.gemini.sessions[0]?.observation).toMatchObject({
      apiVersion: 'v1beta1',
      setup: { model: 'publishers/google/models/gemini-live-2.5-flash-native-audio' },
    });
  });

  it('by Vertex AI as a project, with the application default credentials in a file', async () => {
    const gemini = await listen();
    const sts = await service(() => ({
      body: JSON.stringify({
        access_token: bearer,
        token_type: 'Bearer',
        expires_in: 3600,
        issued_token_type: 'x',
      }),
    }));
    const env = { ...vertex(gemini), ...project, GOOGLE_APPLICATION_CREDENTIALS: federatedFile(sts.url) };
    const call = line(await wayOf(env));
    expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
    await call.greeted();
    call.wire.handle({ type: 'wire.close' });
    expect(await call.connect('resume')).toMatchObject({ type: 'wire.setUp', resumed: true });
    // one token serves until shortly before its end
    expect(sts.asked.map(({ path }) => path)).toEqual(['/token']);
    expect(gemini.gemini.sessions[0]?.observation).toMatchObject({
      apiVersion: 'v1beta1',
      setup: { model: 'projects/shop-1/locations/asia-south1/publishers/google/models/gemini-3.8-live' },
    });
    expect(call.memory.text).not.toContain('never-show');
  });

  it('by Vertex AI as a project, with a service account', async () => {
    const gemini = await listen();
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyFile = join(folder, 'service-account.json');
    const account = {
      type: 'service_account',
      client_email: 'baari@shop-1.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
    writeFileSync(keyFile, JSON.stringify(account));
    const google = await service(() => ({
      body: JSON.stringify({ access_token: bearer, token_type: 'Bearer', expires_in: 3600 }),
    }));
    const access = {
      project: 'shop-1',
      location: 'us-central1',
      baseUrl: gemini.url,
      bearer: await googleBearer({
        keyFile,
        clock: systemClock,
        fetch: (_, init) => fetch(google.url, init),
      }),
    };
    const { dial } = await wayOf({ GEMINI_API_KEY: key });
    const call = line({ access, dial });
    expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
    await call.greeted();
    const assertion = new URLSearchParams(google.asked[0]?.body).get('assertion') ?? '';
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { payload } = await jwtVerify(assertion, await importSPKI(pem, 'RS256'));
    expect(payload).toMatchObject({
      iss: account.client_email,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
    });
  });

  it('through a proxy that wants credentials', async () => {
    const gemini = await listen();
    await using proxy = await ConnectProxy.listen({ credentials: 'me:never-show-this' });
    const env = { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: gemini.url };
    const call = line(await wayOf({ ...env, HTTP_PROXY: proxy.url('me:never-show-this').toString() }));
    expect(await call.connect()).toMatchObject({ type: 'wire.setUp' });
    await call.greeted();
    expect(proxy.asked).toEqual([`127.0.0.1:${gemini.port}`]);
    const past = line(await wayOf({ ...env, http_proxy: proxy.url().toString(), no_proxy: 'x,127.0.0.1' }));
    expect(await past.connect()).toMatchObject({ type: 'wire.setUp' });
    expect(proxy.asked).toHaveLength(1);
  });
});

interface Failing {
  readonly what: string;
  readonly code: string;
  readonly message: RegExp;
  readonly remedy: 'none' | 'resume';
  readonly env: (gemini: ListeningGemini) => Promise<Readonly<Record<string, string>>>;
}

const minted = async (answer: Parameters<typeof service>[0]) => ({
  BAARI_GEMINI_TOKEN_URL: `${(await service(answer)).url}/?token=never-show-in-query`,
});
const command = (text: string) => async () => ({ BAARI_GEMINI_TOKEN_COMMAND: text });
const federated = async (gemini: ListeningGemini, status: number, body: object) => {
  const sts = await service(() => ({ status, body: JSON.stringify(body) }));
  return { ...vertex(gemini), ...project, GOOGLE_APPLICATION_CREDENTIALS: federatedFile(sts.url) };
};
const proxied = async (way: ConnectProxy['way']) => {
  const proxy = await ConnectProxy.listen(way);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return { GEMINI_API_KEY: key, HTTP_PROXY: proxy.url('me:never-show').toString() };
};

const failing: readonly Failing[] = [
  {
    what: 'a key that is not valid',
    code: 'gemini.unauthorised',
    message: /1007: API key not valid/,
    remedy: 'none',
    env: async () => ({ GEMINI_API_KEY: 'never-show-another' }),
  },
  {
    what: 'a token that is not valid',
    code: 'gemini.unauthorised',
    message: /1007: API key not valid/,
    remedy: 'none',
    env: async () => ({ BAARI_GEMINI_TOKEN: 'auth_tokens/never-show-another' }),
  },
  {
    what: 'a token service that says no',
    code: 'gemini.credentials',
    message: /^expected a token of the token service, found HTTP 403$/,
    remedy: 'none',
    env: () => minted(() => ({ status: 403, body: 'never-show' })),
  },
  {
    what: 'a token service that is down',
    code: 'gemini.credentials',
    message: /^expected a token of the token service, found HTTP 503$/,
    remedy: 'resume',
    env: () => minted(() => ({ status: 503, body: '' })),
  },
  {
    what: 'a token service that nobody answers for',
    code: 'gemini.credentials',
    message: /^the token service could not be asked: ECONNREFUSED$/,
    remedy: 'resume',
    env: async () => ({ BAARI_GEMINI_TOKEN_URL: `http://127.0.0.1:${await freePort()}/?token=never-show` }),
  },
  {
    what: 'a token service that answers something else',
    code: 'gemini.credentials',
    message: /^expected JSON with the token as "name" or "token", found neither$/,
    remedy: 'none',
    env: () => minted(() => ({ body: '{"secret":"never-show"}' })),
  },
  {
    what: 'a token service that answers a page',
    code: 'gemini.credentials',
    message: /^expected an ephemeral token, auth_tokens\/ and a name, found 19 characters of something else$/,
    remedy: 'none',
    env: () => minted(() => ({ body: '<p>never-show-1</p>' })),
  },
  {
    what: 'a token service that answers without end',
    code: 'gemini.credentials',
    message: /^expected a token, found an answer of more than 65536 bytes$/,
    remedy: 'none',
    env: () => minted(() => ({ body: 'never-show'.repeat(20_000) })),
  },
  {
    what: 'a command that fails',
    code: 'gemini.credentials',
    message: /^expected a token of the token command, found exit code 3$/,
    remedy: 'resume',
    env: command('echo never-show; echo never-show >&2; exit 3'),
  },
  {
    what: 'a command that prints nothing',
    code: 'gemini.credentials',
    message: /found 0 characters of something else$/,
    remedy: 'none',
    env: command('true'),
  },
  {
    what: 'a bearer token that Vertex AI refuses',
    code: 'gemini.unauthorised',
    message: /HTTP 401/,
    remedy: 'none',
    env: (gemini) =>
      federated(gemini, 200, {
        access_token: 'ya29.never-show-another',
        token_type: 'Bearer',
        expires_in: 3600,
        issued_token_type: 'x',
      }),
  },
  {
    what: 'an account that Google does not know',
    code: 'gemini.credentials',
    message: /^expected an access token of Google Cloud, found: .*invalid_grant/,
    remedy: 'none',
    env: (gemini) => federated(gemini, 400, { error: 'invalid_grant', error_description: 'no such account' }),
  },
  {
    what: 'a key that Vertex AI refuses',
    code: 'gemini.unauthorised',
    message: /HTTP 401/,
    remedy: 'none',
    env: async (gemini) => ({ ...vertex(gemini), GOOGLE_API_KEY: 'never-show-another' }),
  },
  {
    what: 'a proxy that wants other credentials',
    code: 'gemini.proxy-unauthorised',
    message: /407/,
    remedy: 'none',
    env: () => proxied({ credentials: 'me:another' }),
  },
  {
    what: 'a proxy that refuses',
    code: 'gemini.proxy-refused',
    message: /with 403$/,
    remedy: 'resume',
    env: () => proxied('refuse'),
  },
  {
    what: 'a proxy that drops the connection',
    code: 'gemini.proxy-unreachable',
    message: /^the proxy 127.0.0.1:\d+ cannot be used/,
    remedy: 'resume',
    env: () => proxied('drop'),
  },
];

describe('without a secret in the log, the report or the output, and with its own code:', () => {
  it.each(failing)('$what', async ({ code, message, remedy, env }) => {
    const printed = collectPrinted();
    const gemini = await listen();
    const found = await env(gemini);
    const call = line(await wayOf({ GOOGLE_GEMINI_BASE_URL: gemini.url, ...found }));
    expect(await call.connect()).toMatchObject({
      type: 'wire.lost',
      remedy,
      failure: { code, message: expect.stringMatching(message) },
    });
    const told = call.memory.text + JSON.stringify(call.reports) + printed.text;
    expect(call.memory.all('gemini.lost')).toHaveLength(1);
    for (const secret of secrets) expect(told).not.toContain(secret);
    expect(call.heard()).toBe(0);
  });
});

it('gives up a token service that never answers, and a command that never ends, after 8 s', async () => {
  const clock = new SimulatedClock();
  const silent = await service(() => undefined);
  const marker = join(folder, 'the-command-runs');
  const waiting = [
    tokensFromService({ url: new URL(silent.url), authorization: undefined }, clock)(),
    tokensFromCommand(`touch ${marker}; exec sleep 60`, clock)(),
  ];
  const ends = Promise.allSettled(waiting);
  await until('both to be asked', () => (silent.asked.length > 0 && existsSync(marker)) || undefined);
  clock.advance(7999);
  clock.advance(1);
  const reason = { name: 'AccessError', isLasting: false };
  expect(await ends).toMatchObject([
    {
      reason: { ...reason, message: 'expected a token of the token service within 8000 ms, found no answer' },
    },
    {
      reason: { ...reason, message: 'expected a token of the token command within 8000 ms, found no answer' },
    },
  ]);
});
