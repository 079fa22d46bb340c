import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList } from 'node:net';
import type { Agent } from '../agents/index.ts';
import { addRange } from '../agents/index.ts';
import type { Log } from '../observe/index.ts';
import { FailedAttempts } from './failed-attempts.ts';
import type { PathTokens, PathUse } from './path-tokens.ts';
import { isListed, type Proxies, type RequestFacts } from './proxies.ts';
import type { Refusal } from './refusal.ts';

/** Somebody at a door: which agent's, with what in hand. */
export interface Visit {
  readonly agent: Agent;
  readonly facts: RequestFacts;
  /** The token in the path, when there is one. */
  readonly token: string | undefined;
  readonly use: PathUse;
  /** A stream, which `security.path_token` may be demanded of; other addresses give tokens out or need none. */
  readonly isStream: boolean;
}

/** The way is free; a token may tie it to one call. */
export interface Admitted {
  readonly client: string;
  readonly callSid: string | undefined;
}

/** What a guard is built from. */
export interface GuardOptions {
  readonly proxies: Proxies;
  readonly tokens: PathTokens;
  /** The password of an agent's `security.basic_user`; undefined when it has none. */
  readonly passwordOf: (agent: Agent) => string | undefined;
  readonly log: Log;
}

/**
 * Decides who may enter.
 *
 * The rule: the address must be allowed, where addresses are listed. Then a valid token in the path opens, because it is
 * given out only to those who passed this guard; an invalid one never does. Without a token the Basic credentials
 * must be right, where there are any, and a stream that must have a token is refused.
 */
export class Guard {
  readonly #o: GuardOptions;
  readonly #failed = new FailedAttempts();
  #hasWarned = false;
  readonly #allowed = new Map<Agent, BlockList>();

  constructor(options: GuardOptions) {
    this.#o = options;
  }

  /** Lets a visit in, or says with which status it is refused. */
  async check(visit: Visit): Promise<Admitted | Refusal> {
    const { agent, facts } = visit;
    const { security } = agent;
    const client = this.#o.proxies.clientOf(facts);
    if (!this.#hasWarned && this.#o.proxies.isUnknownProxy(facts)) {
      this.#hasWarned = true;
      this.#o.log.warn({ peer: facts.peer }, 'proxy.notTrusted');
    }
    const isOpen = !security.basicUser && !security.pathToken && security.allow.length === 0;
    if (isOpen && visit.token === undefined) return { client, callSid: undefined };
    const waitS = await this.#failed.waitS(client);
    if (waitS > 0) {
      const reason = `too many failed attempts from this address; wait ${waitS} s`;
      return { status: 429, reason, headers: { 'retry-after': String(waitS) } };
    }
    const verdict = await this.#judge(visit, client);
    if ('status' in verdict && verdict.isFailure) await this.#failed.note(client);
    if (!('status' in verdict)) return verdict;
    const { isFailure: _, ...refusal } = verdict;
    return refusal;
  }

  async #judge(
    { agent, facts, token, use, isStream }: Visit,
    client: string,
  ): Promise<Admitted | (Refusal & { readonly isFailure: boolean })> {
    const { security } = agent;
    if (security.allow.length > 0 && !isListed(this.#listOf(agent), client)) {
      return {
        status: 403,
        reason: 'this address is not on the list of those who may enter',
        isFailure: true,
      };
    }
    if (token !== undefined) {
      const grant = await this.#o.tokens.check(token, use, agent.name);
      if (typeof grant !== 'string') return { client, callSid: grant.callSid };
      return { status: 403, reason: `expected a valid token in the path: ${grant}`, isFailure: true };
    }
    if (security.pathToken && isStream) {
      return { status: 403, reason: 'expected a token in the path, found none', isFailure: true };
    }
    if (!security.basicUser) return { client, callSid: undefined };
    const header = facts.headers.authorization;
    const password = this.#o.passwordOf(agent);
    if (header && password !== undefined && isRight(header, security.basicUser, password)) {
      return { client, callSid: undefined };
    }
    return {
      status: 401,
      reason: `expected Basic credentials, found ${header ? 'others' : 'none'}`,
      headers: { 'www-authenticate': 'Basic realm="Baari", charset="UTF-8"' },
      // a client that asks first what is wanted has not guessed
      isFailure: header !== undefined,
    };
  }

  #listOf(agent: Agent): BlockList {
    const known = this.#allowed.get(agent);
    if (known) return known;
    const list = new BlockList();
    for (const range of agent.security.allow) addRange(list, range);
    this.#allowed.set(agent, list);
    return list;
  }
}

/** Compares in a time that tells nothing of what was right. */
function isRight(header: string, user: string, password: string): boolean {
  const given = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header)?.[1] ?? '';
  return timingSafeEqual(digest(Buffer.from(given, 'base64')), digest(Buffer.from(`${user}:${password}`)));
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
