import { execFile } from 'node:child_process';
import { type Clock, within } from '../time/index.ts';
import { AccessError } from './pass.ts';

/** Longest wait for credentials, ms; it leaves time for the set-up itself within `limits.setup_ms`. */
export const credentialsMs = 8000;
/** Longest answer of a token service or a command, bytes. */
const maxAnswerBytes = 64 * 1024;

/** A service that mints ephemeral tokens. */
export interface TokenService {
  /** Asked by POST, without a body, for each connection. */
  readonly url: URL;
  /** Value of the `Authorization` header. */
  readonly authorization: string | undefined;
}

/** The token as it is given: Google takes it for one connection, unless it was made for more. */
export function givenToken(token: string): () => Promise<string> {
  return async () => token;
}

/** Mints a token for each connection by a service that answers `{"name": "auth_tokens/…"}`, `{"token": …}` or the bare token. */
export function tokensFromService({ url, authorization }: TokenService, clock: Clock): () => Promise<string> {
  const headers = { accept: 'application/json', ...(authorization ? { authorization } : {}) };
  return () =>
    bounded(clock, 'the token service', async (signal) => {
      const response = await fetch(url, { method: 'POST', headers, signal });
      if (!response.ok) {
        const isLasting = [400, 401, 403, 404].includes(response.status);
        throw new AccessError(
          `expected a token of the token service, found HTTP ${response.status}`,
          isLasting,
        );
      }
      return tokenIn(await bodyOf(response));
    });
}

/** Mints a token for each connection by a command of the shell that prints it as the service would answer it. */
export function tokensFromCommand(command: string, clock: Clock): () => Promise<string> {
  return () =>
    bounded(clock, 'the token command', (signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      execFile('/bin/sh', ['-c', command], { signal, maxBuffer: maxAnswerBytes }, (error, stdout) => {
        // neither its output nor its errors are told: they may hold the token
        if (!error) return resolve(tokenIn(stdout));
        reject(new AccessError(`expected a token of the token command, found ${endOf(error)}`, false));
      });
      return promise;
    });
}

/** Runs `work` for at most {@link credentialsMs}; whatever goes wrong becomes an {@link AccessError}. */
async function bounded(
  clock: Clock,
  who: string,
  work: (signal: AbortSignal) => Promise<string>,
): Promise<string> {
  const over = new AbortController();
  try {
    const token = await within(clock, credentialsMs, work(over.signal));
    if (token !== undefined) return token;
    throw new AccessError(`expected a token of ${who} within ${credentialsMs} ms, found no answer`, false);
  } catch (error) {
    if (error instanceof AccessError) throw error;
    throw new AccessError(`${who} could not be asked: ${reasonOf(error)}`, false);
  } finally {
    over.abort();
  }
}

function tokenIn(text: string): string {
  const answer = text.trim();
  if (!answer.startsWith('{')) return answer;
  try {
    const { name, token }: Record<string, unknown> = JSON.parse(answer);
    const found = name ?? token;
    if (typeof found === 'string') return found;
  } catch {
    // told below
  }
  throw new AccessError('expected JSON with the token as "name" or "token", found neither', true);
}

async function bodyOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) {
      throw new AccessError(`expected a token, found an answer of more than ${maxAnswerBytes} bytes`, true);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function endOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return `exit code ${code}`;
  return code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' ? `more than ${maxAnswerBytes} bytes` : 'no exit code';
}

/** The reason without addresses: fetch hides it in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return error instanceof Error ? error.name : 'an unknown error';
  return 'code' in cause ? String(cause.code) : cause.message;
}
