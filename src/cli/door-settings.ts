import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { type Agent, type AgentProblem, addRange } from '../agents/index.ts';
import { loadPleaseHold } from '../call/index.ts';
import { type DoorOptions, usualLimits, watchLoopLag } from '../server/index.ts';
import { systemClock } from '../time/index.ts';
import { type Terminal, UserError } from './output.ts';

/** Shortest secret that signs paths, characters. */
const shortestSecret = 32;

/** Who may enter and how many, from the environment. @throws UserError naming what came, never a secret */
export function readDoors(env: Terminal['env'], stderr: Terminal['stderr']): DoorOptions {
  return {
    secret: readSecret(env),
    publicUrl: readPublicUrl(env.BAARI_PUBLIC_URL),
    trustedProxies: readRanges('BAARI_TRUSTED_PROXIES', env.BAARI_TRUSTED_PROXIES),
    limits: {
      maxCalls: readCount('BAARI_MAX_CALLS', env, usualLimits.maxCalls, 1, 100_000),
      maxParked: readCount('BAARI_MAX_PARKED', env, usualLimits.maxParked, 0, 10_000),
      maxLagMs: readCount('BAARI_MAX_LAG_MS', env, usualLimits.maxLagMs, 10, 10_000),
    },
    loopLag: watchLoopLag(systemClock),
    passwordOf: ({ security }) => readPassword(security, env),
    pleaseHoldFor: pleaseHold(stderr),
  };
}

/** Why a good agent file cannot be served here. */
export type AgentFault = Pick<AgentProblem, 'path' | 'expected' | 'found'>;

/** An agent whose password cannot be had is not served, since it would be open to all. */
export function passwordFault({ security }: Agent, env: Terminal['env']): AgentFault | undefined {
  const { basicUser, basicPasswordEnv, basicPasswordFile } = security;
  if (!basicUser || readPassword(security, env)) return undefined;
  const place = basicPasswordEnv
    ? `in the environment variable ${basicPasswordEnv}`
    : `in the file ${basicPasswordFile}`;
  return { path: 'security', expected: `a password ${place}`, found: 'none; not served' };
}

/** Reads passwords anew when they are asked for next. */
export function forgetPasswords(): void {
  files.clear();
}

/** What is to be said about who may enter, one warning a line. */
export function doorWarnings(
  agents: ReadonlyMap<string, Agent>,
  env: Terminal['env'],
  openTo: string | undefined,
): string[] {
  const all = [...agents.values()];
  const open = all.filter(
    ({ security }) => !security.basicUser && !security.pathToken && security.allow.length === 0,
  );
  const names = open.length === all.length ? '' : ` for ${open.map(({ name }) => name).join(', ')}`;
  const warnings: string[] = [];
  if (open.length > 0) {
    warnings.push(
      openTo === undefined
        ? `no credentials are configured${names}; fine on loopback, not on the internet`
        : `open to everyone who reaches ${openTo}: no credentials are configured${names}`,
    );
  }
  if (readSecret(env) === undefined && all.some(({ security }) => security.pathToken)) {
    warnings.push('no BAARI_SECRET: paths that are given out hold for this process only, until it stops');
  }
  return warnings;
}

function readPassword(
  { basicPasswordEnv, basicPasswordFile }: Agent['security'],
  env: Terminal['env'],
): string | undefined {
  if (basicPasswordEnv) return env[basicPasswordEnv] || undefined;
  return basicPasswordFile ? readSmallFile(basicPasswordFile) || undefined : undefined;
}

const files = new Map<string, string | undefined>();

/** The content of a small file without the line break at its end, read once; undefined when it cannot be read. */
export function readSmallFile(file: string): string | undefined {
  if (!files.has(file)) {
    try {
      files.set(file, readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
    } catch {
      files.set(file, undefined);
    }
  }
  return files.get(file);
}

function readSecret({ BAARI_SECRET: text, BAARI_SECRET_FILE: file }: Terminal['env']): string | undefined {
  if (text && file) throw new UserError('expected one of BAARI_SECRET and BAARI_SECRET_FILE, found both', 2);
  const secret = file ? readSmallFile(file) : text;
  if (file && secret === undefined) {
    throw new UserError(`BAARI_SECRET_FILE: expected a readable file, found none at "${file}"`, 2);
  }
  if (!secret && !file) return undefined;
  if (secret && secret.length >= shortestSecret) return secret;
  const name = file ? 'BAARI_SECRET_FILE' : 'BAARI_SECRET';
  throw new UserError(`${name}: expected at least ${shortestSecret} characters, found ${secret?.length}`, 2);
}

function readPublicUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  const isPlain =
    url && ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && !url.search && !url.hash;
  if (isPlain && !url.username && !url.password) return text;
  // what came is not shown: an address may hold a password
  throw new UserError(
    'BAARI_PUBLIC_URL: expected an address such as https://voice.example.com, without credentials and query',
    2,
  );
}

function readRanges(name: string, text: string | undefined): string[] {
  const ranges = (text ?? '').split(/[\s,]+/).filter(Boolean);
  const list = new BlockList();
  for (const range of ranges) {
    if (addRange(list, range)) continue;
    throw new UserError(`${name}: expected addresses or ranges such as 10.0.0.0/8, found "${range}"`, 2);
  }
  return ranges;
}

function readCount(name: string, env: Terminal['env'], usual: number, least: number, most: number): number {
  const text = env[name];
  if (!text) return usual;
  const count = Number(text);
  if (Number.isInteger(count) && count >= least && count <= most) return count;
  throw new UserError(`${name}: expected a whole number from ${least} to ${most}, found "${text}"`, 2);
}

/** What parked callers of an agent hear; a clip that cannot be used is told once, and the shipped one is played. */
function pleaseHold(stderr: Terminal['stderr']) {
  const unusable = new Set<string>();
  return ({ overload: { clip }, source }: Agent) => {
    const version = `${source.file} ${source.hash}`;
    if (clip === undefined || unusable.has(version)) return loadPleaseHold();
    try {
      return loadPleaseHold(clip);
    } catch (error) {
      unusable.add(version);
      const reason = error instanceof Error ? error.message : 'unknown';
      stderr.write(`${source.file}: overload.clip: ${reason}; the shipped one is used\n`);
      return loadPleaseHold();
    }
  };
}
