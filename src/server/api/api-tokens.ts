import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { type Principal, scopes } from './scopes.ts';

/** Most tokens of a file, and the largest file, characters. */
const mostTokens = 1000;
const largestFile = 1_000_000;

const tokensSchema = z.strictObject({
  tokens: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w .@-]{1,64}$/, 'expected 1 to 64 letters, digits, spaces or . @ _ -'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'expected the 64 hexadecimal digits that baari token prints'),
        scopes: z.array(z.enum(scopes)).min(1),
        agents: z.union([z.literal('all'), z.array(z.string().min(1).max(63)).min(1).max(1000)]),
        expires: z.iso.date().optional(),
      }),
    )
    .max(mostTokens),
});

interface Known {
  readonly principal: Principal;
  /** ms since 1970; it counts no more from then on. */
  readonly expiresMs: number;
}

/** A file of tokens that cannot be used; says what was expected and what came, and shows no token. */
export class TokensError extends Error {}

/**
 * The tokens of the API and what each may do.
 *
 * They are known by their SHA-256 alone; looking a digest up tells nothing of the token by the time that it takes.
 */
export class ApiTokens {
  readonly #byDigest: ReadonlyMap<string, Known>;
  readonly #byName: ReadonlyMap<string, Known>;

  private constructor(known: ReadonlyMap<string, Known>) {
    this.#byDigest = known;
    this.#byName = new Map([...known.values()].map((one) => [one.principal.name, one]));
  }

  /**
   * The token of everything, where there is one, and those of a file.
   *
   * @param master in clear; undefined or `''` for none
   * @param file the text of a YAML file, `tokens: [{name, sha256, scopes, agents, expires?}]`
   * @throws TokensError
   */
  static read(master: string | undefined, file?: string): ApiTokens {
    const known = new Map<string, Known>();
    if (master) {
      const principal = { name: 'BAARI_API_TOKEN', scopes: new Set(scopes), agents: undefined };
      known.set(digestOf(master), { principal, expiresMs: Number.POSITIVE_INFINITY });
    }
    const names = new Set(['BAARI_API_TOKEN', 'this machine']);
    for (const { name, sha256, expires, ...may } of file === undefined ? [] : readTokens(file)) {
      if (names.has(name)) throw new TokensError(`expected a name for each token, found "${name}" twice`);
      if (known.has(sha256))
        throw new TokensError(`expected a token of its own for "${name}", found one of another`);
      names.add(name);
      const agents = may.agents === 'all' ? undefined : new Set(may.agents);
      const principal = { name, scopes: new Set(may.scopes), agents };
      // to the end of that day, wherever the business is
      const expiresMs =
        expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires) + 36 * 3_600_000;
      known.set(sha256, { principal, expiresMs });
    }
    return new ApiTokens(known);
  }

  /** How many there are. */
  get size(): number {
    return this.#byDigest.size;
  }

  /** Whose token it is; undefined for nobody's, and for one that has expired at `wallMs`, ms since 1970. */
  of(token: string, wallMs: number): Principal | undefined {
    return valid(this.#byDigest.get(digestOf(token)), wallMs);
  }

  /** The bearer of the token with this name, as long as it is the token that `mark` was made of. */
  named(name: string, mark: string, wallMs: number): Principal | undefined {
    return this.markOf(name) === mark ? valid(this.#byName.get(name), wallMs) : undefined;
  }

  /** What tells a token from a later one of the same name, and nothing else of it; undefined without such a token. */
  markOf(name: string): string | undefined {
    for (const [digest, { principal }] of this.#byDigest)
      if (principal.name === name) return digestOf(digest).slice(0, 16);
    return undefined;
  }
}

/** The SHA-256 of a token, 64 hexadecimal digits. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function valid(known: Known | undefined, wallMs: number): Principal | undefined {
  return known && wallMs < known.expiresMs ? known.principal : undefined;
}

function readTokens(text: string) {
  if (text.length > largestFile) {
    throw new TokensError(`expected at most ${largestFile} characters, found ${text.length}`);
  }
  const yaml = parseDocument(text);
  const [fault] = yaml.errors;
  // the message of the library shows the line, which may hold a token that somebody put there
  if (fault) throw new TokensError(`expected YAML, found ${fault.code} at ${fault.linePos?.[0]?.line ?? 1}`);
  const read = tokensSchema.safeParse(yaml.toJS());
  if (read.success) return read.data.tokens;
  const [issue] = read.error.issues;
  const place = issue?.path.join('.') || 'the file';
  const expected =
    issue?.code === 'custom' || issue?.message.startsWith('expected') ? issue.message : undefined;
  throw new TokensError(
    `${place}: ${expected ?? `expected tokens as described, found ${issue?.code ?? 'others'}`}`,
  );
}
