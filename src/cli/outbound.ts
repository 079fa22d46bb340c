import type { Agent } from '../agents/index.ts';
import { type ExotelAccess, ExotelCalls, exotelBaseUrl, subdomainForm } from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { Dialler, OutboundBook } from '../outbound/index.ts';
import { streamAddress } from '../server/index.ts';
import { systemChance, systemClock } from '../time/index.ts';
import { type Terminal, UserError } from './output.ts';

const names = ['EXOTEL_API_KEY', 'EXOTEL_API_TOKEN', 'EXOTEL_SID', 'EXOTEL_SUBDOMAIN'] as const;

/**
 * Exotel's credentials from the environment; undefined when none of them is set.
 *
 * @throws UserError naming those that are missing, never what they hold
 */
export function readExotelAccess(env: Terminal['env']): ExotelAccess | undefined {
  const missing = names.filter((name) => !env[name]);
  if (missing.length === names.length) return undefined;
  const { EXOTEL_API_KEY, EXOTEL_API_TOKEN, EXOTEL_SID, EXOTEL_SUBDOMAIN } = env;
  if (!EXOTEL_API_KEY || !EXOTEL_API_TOKEN || !EXOTEL_SID || !EXOTEL_SUBDOMAIN) {
    throw new UserError(`expected ${names.join(', ')}; ${missing.join(', ')} not set`, 2);
  }
  const baseUrl = exotelBaseUrl(EXOTEL_SUBDOMAIN);
  if (!baseUrl) throw new UserError(`EXOTEL_SUBDOMAIN: expected ${subdomainForm}, found something else`, 2);
  return { apiKey: EXOTEL_API_KEY, apiToken: EXOTEL_API_TOKEN, accountSid: EXOTEL_SID, baseUrl };
}

/** What a running service does for the calls that it places. */
export interface ServiceOfCalls {
  /** The path at which status callbacks about calls with an agent are taken. */
  readonly callbackPath: (agent: string) => Promise<string>;
  /** A call was placed: callbacks about it may come before its stream. */
  readonly expectCall: (callSid: string, agent: string) => void;
}

/**
 * What the service places calls by: nothing without credentials, and for nobody without a token. Each worker would have
 * Idempotency-Keys of its own, so that several of them could place a call twice: they place none.
 *
 * @throws UserError
 */
export function outboundService(env: Terminal['env'], log: Log, isWorker: boolean, service: ServiceOfCalls) {
  const access = readExotelAccess(env);
  const dialler = access && !isWorker ? openDialler(access, env, log, service.callbackPath) : undefined;
  const book = dialler && new OutboundBook(dialler, systemClock, log, service.expectCall);
  if (book && !env.BAARI_PUBLIC_URL) {
    log.info({ expected: 'BAARI_PUBLIC_URL, for status callbacks', found: 'none' }, 'outbound.pollingOnly');
  }
  const whyNot = isWorker
    ? 'expected a service of one process, found BAARI_WORKERS above 1: several could place a call twice'
    : `expected ${names.join(', ')}, found none`;
  return { book, whyNot };
}

/**
 * What places calls by these credentials.
 *
 * @param callbackPath where status callbacks about an agent's calls are taken; without it none are asked for
 */
export function openDialler(
  access: ExotelAccess,
  env: Terminal['env'],
  log: Log,
  callbackPath?: ServiceOfCalls['callbackPath'],
): Dialler {
  const publicUrl = env.BAARI_PUBLIC_URL?.replace(/\/+$/, '');
  return new Dialler({
    exotel: new ExotelCalls(access, systemClock),
    clock: systemClock,
    chance: systemChance,
    log,
    ...(publicUrl && callbackPath
      ? { statusCallbackOf: async ({ name }: Agent) => publicUrl + (await callbackPath(name)) }
      : {}),
    streamUrlOf: ({ name }: Agent) => (publicUrl ? streamAddress(publicUrl, name) : undefined),
  });
}
