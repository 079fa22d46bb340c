import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { BaariProcess } from '../helpers/baari-process.ts';

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
    told: /^baari: expected a key in GEMINI_API_KEY \(or GOOGLE_API_KEY\), found none\n$/,
  },
  {
    args: 'serve --gemini vertex',
    code: 2,
    told: /^baari: --gemini: expected auto, google or simulated, found "vertex"\n$/,
  },
  {
    args: 'serve',
    env: { BAARI_LOG_LEVEL: 'loud' },
    code: 2,
    told: /^baari: log level: expected one of trace, debug, info, warn, error, silent, found "loud"\n$/,
  },
];

const titled = wrongLines.map((line) => {
  const settings = Object.entries(line.env ?? {}).map(([name, value]) => `${name}=${value} `);
  return { ...line, title: `${settings.join('')}baari ${line.args}`.trim() };
});

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
