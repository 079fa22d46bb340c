import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { BaariProcess } from '../helpers/baari-process.ts';

const secret = 'a-secret-that-nobody-may-read-3d7e';

interface WrongLine {
  readonly args: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
  /** The whole error stream. */
  readonly told: RegExp;
}

const wrongLines: readonly WrongLine[] = [
  { args: '', code: 2, told: /^Usage: baari \[options\] \[command\]\n/ },
  {
    args: 'serv',
    code: 2,
    told: /^error: unknown command 'serv'\n\(Did you mean serve\?\)\n\(baari --help tells what there is\)\n$/,
  },
  { args: 'serve --prot 1', code: 2, told: /^error: unknown option '--prot'\n\(Did you mean --port\?\)\n/ },
  { args: 'check bakery', code: 2, told: /^error: too many arguments for 'check'/ },
  {
    args: 'serve',
    env: { PORT: 'http' },
    code: 2,
    told: /^baari: PORT: expected a whole number from 0 to 65535, found "http"\n$/,
  },
  {
    args: 'serve --port 70000',
    code: 2,
    told: /^baari: PORT: expected a whole number from 0 to 65535, found "70000"\n$/,
  },
  {
    args: 'serve --gemini google',
    code: 2,
    told: /^baari: expected a key in GEMINI_API_KEY \(or GOOGLE_API_KEY\), tokens \(BAARI_GEMINI_TOKEN_URL\) or Vertex AI \(GOOGLE_GENAI_USE_VERTEXAI\), found none\n$/,
  },
  {
    args: 'serve --gemini vertex',
    code: 2,
    told: /^baari: --gemini: expected auto, google or simulated, found "vertex"\n$/,
  },
  {
    args: 'serve',
    env: { GEMINI_API_KEY: secret, BAARI_GEMINI_TOKEN_URL: 'http://tokens' },
    code: 2,
    told: /^baari: expected one way to Gemini, found GEMINI_API_KEY and BAARI_GEMINI_TOKEN_URL\n$/,
  },
  {
    args: 'serve',
    env: { BAARI_GEMINI_TOKEN: secret, BAARI_GEMINI_TOKEN_COMMAND: 'echo' },
    code: 2,
    told: /^baari: expected one way to Gemini, found BAARI_GEMINI_TOKEN and BAARI_GEMINI_TOKEN_COMMAND\n$/,
  },
  {
    args: 'serve',
    env: { BAARI_GEMINI_TOKEN_URL: `ftp://me:${secret}@tokens` },
    code: 2,
    told: /^baari: BAARI_GEMINI_TOKEN_URL: expected an http: or https: address, found ftp:\n$/,
  },
  {
    args: 'serve',
    env: { BAARI_GEMINI_TOKEN_AUTHORIZATION: secret },
    code: 2,
    told: /^baari: BAARI_GEMINI_TOKEN_AUTHORIZATION: expected BAARI_GEMINI_TOKEN_URL too, found none\n$/,
  },
  {
    args: 'serve',
    env: { GOOGLE_API_KEY: `${secret}#1` },
    code: 2,
    told: /^baari: GOOGLE_API_KEY: expected an API key, found characters that no key has\n$/,
  },
  {
    args: 'serve',
    env: { GEMINI_API_KEY: secret, GOOGLE_GEMINI_BASE_URL: 'ws://127.0.0.1:9' },
    code: 2,
    told: /^baari: GOOGLE_GEMINI_BASE_URL: expected an http: or https: address, found ws:\n$/,
  },
  {
    args: 'serve',
    env: { GEMINI_API_KEY: secret, HTTPS_PROXY: `socks5://me:${secret}@proxy` },
    code: 2,
    told: /^baari: HTTPS_PROXY: expected an http: or https: address, found socks5:\n$/,
  },
  {
    args: 'serve',
    env: { GOOGLE_GENAI_USE_VERTEXAI: 'yes' },
    code: 2,
    told: /^baari: GOOGLE_GENAI_USE_VERTEXAI: expected true or false, found "yes"\n$/,
  },
  {
    args: 'serve',
    env: { GOOGLE_GENAI_USE_VERTEXAI: 'true' },
    code: 2,
    told: /^baari: Vertex AI: expected GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION \(or GOOGLE_API_KEY\), found neither\n$/,
  },
  {
    args: 'serve',
    env: { GOOGLE_GENAI_USE_VERTEXAI: 'true', GOOGLE_CLOUD_PROJECT: 'shop' },
    code: 2,
    told: /^baari: Vertex AI: expected .*, found only GOOGLE_CLOUD_PROJECT\n$/,
  },
  {
    args: 'rehearse --gemini google',
    env: { GOOGLE_GENAI_USE_VERTEXAI: 'TRUE', GOOGLE_CLOUD_PROJECT: 'shop', GEMINI_API_KEY: secret },
    code: 2,
    told: /^baari: Vertex AI: expected either an API key or a project, found GEMINI_API_KEY and GOOGLE_CLOUD_PROJECT\n$/,
  },
  {
    args: 'serve',
    env: { GOOGLE_GENAI_USE_VERTEXAI: '1', BAARI_GEMINI_TOKEN: secret },
    code: 2,
    told: /^baari: Vertex AI: expected either an API key or a project, found BAARI_GEMINI_TOKEN\n$/,
  },
  {
    args: 'serve',
    env: {
      GOOGLE_GENAI_USE_VERTEXAI: '1',
      GOOGLE_CLOUD_PROJECT: 'shop',
      GOOGLE_CLOUD_LOCATION: 'asia-south1',
      GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json',
    },
    code: 2,
    told: /^baari: Vertex AI: GOOGLE_APPLICATION_CREDENTIALS: expected credentials of Google Cloud, found: .*key\.json.*\n$/,
  },
  {
    args: 'serve',
    env: { BAARI_LOG_LEVEL: 'loud' },
    code: 2,
    told: /^baari: log level: expected one of trace, debug, info, warn, error, silent, found "loud"\n$/,
  },
];

const titled = wrongLines.map((line) => {
  const settings = Object.entries(line.env ?? {}).map(([name, value]) =>
    `${name}=${value} `.replace(secret, '…'),
  );
  return { ...line, title: `${settings.join('')}baari ${line.args}`.trim() };
});

// each run of serve listens for the signals that end it
process.setMaxListeners(wrongLines.length + 10);

const asArgs = (line: string): string[] => (line === '' ? [] : line.split(' '));

test.each(titled)('$title', async ({ args, env = {}, code, told }) => {
  let [stdout, stderr] = ['', ''];
  const terminal = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env,
  };
  expect(await main(asArgs(args), terminal)).toBe(code);
  expect(stderr).toMatch(told);
  expect(stderr).not.toContain(secret);
  expect(stdout).toBe('');
});

const throughTheBinary = ['serv', 'serve --prot 1', 'serve --port 70000', 'serve --gemini google'];

test.concurrent.each(titled.filter(({ args }) => throughTheBinary.includes(args)))(
  '$title, as a process',
  async ({ args, env = {}, code, told }) => {
    await using baari = new BaariProcess(asArgs(args), { env });
    expect(await baari.ended()).toBe(code);
    expect(baari.stderr).toMatch(told);
    expect(baari.stderr).not.toMatch(/^\s+at /m);
    expect(baari.stdout).toBe('');
  },
);
