import { readFileSync } from 'node:fs';
import type { Log } from '../observe/index.ts';
import { ApiTokens, digestOf, scopes, TokensError } from '../server/index.ts';
import { systemChance } from '../time/index.ts';
import { type Terminal, UserError } from './output.ts';

/** The tokens of the API from the environment, and how to read them anew. */
export interface ServedTokens {
  readonly inForce: () => ApiTokens;
  /** Reads the file again; one that cannot be used leaves the tokens as they were, and says so. */
  reload(log: Log): void;
}

/** @throws UserError naming what came, never a token */
export function serveTokens(env: Terminal['env']): ServedTokens {
  let tokens = readTokens(env);
  return {
    inForce: () => tokens,
    reload(log) {
      try {
        tokens = readTokens(env);
        log.info({ tokens: tokens.size }, 'api.tokensRead');
      } catch (error) {
        log.error({ message: error instanceof Error ? error.message : 'unknown' }, 'api.tokensUnusable');
      }
    },
  };
}

function readTokens({ BAARI_API_TOKEN: master, BAARI_API_TOKENS_FILE: file }: Terminal['env']): ApiTokens {
  if (master && !/^\S{16,}$/.test(master)) {
    throw new UserError('BAARI_API_TOKEN: expected at least 16 characters without spaces, found less', 2);
  }
  if (!file) return ApiTokens.read(master);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UserError(`BAARI_API_TOKENS_FILE: expected a readable file, found none at "${file}"`, 2);
  }
  try {
    return ApiTokens.read(master, text);
  } catch (error) {
    if (error instanceof TokensError) throw new UserError(`BAARI_API_TOKENS_FILE: ${error.message}`, 2);
    throw error;
  }
}

/** `baari token`: makes a token, and the entry by which BAARI_API_TOKENS_FILE knows it. */
export function runToken(name: string, { stdout }: Terminal): number {
  const token = `baari_${systemChance.hexId(24)}`;
  stdout.write(
    `${token}\n\nIt is shown this once. In the file of BAARI_API_TOKENS_FILE, under "tokens:", write\n\n` +
      `  - name: ${name}\n    sha256: ${digestOf(token)}\n    scopes: [${scopes.join(', ')}]\n    agents: all\n`,
  );
  return 0;
}
