import { GoogleAuth } from 'google-auth-library';
import { scrub } from '../observe/index.ts';
import { type Clock, within } from '../time/index.ts';
import { AccessError } from './pass.ts';
import { credentialsMs } from './token-source.ts';

/** Google: the one scope that Vertex AI wants. */
const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
/** Longest reason of Google's library that is told, characters. */
const maxReason = 300;

/** Where the credentials of Google Cloud come from. */
export interface GoogleCredentials {
  /** A file of credentials, such as a service account's; without it, the application default credentials. */
  readonly keyFile: string | undefined;
  readonly clock: Clock;
  /** How Google is asked for tokens; the library's own way when it is not given. */
  readonly fetch?: typeof fetch;
}

/**
 * Finds credentials of Google Cloud, and resolves to what gives an access token that is valid now; the library keeps
 * a token until shortly before its end.
 *
 * @throws AccessError when there are no credentials
 */
export async function googleBearer({
  keyFile,
  clock,
  fetch,
}: GoogleCredentials): Promise<() => Promise<string>> {
  const auth = new GoogleAuth({
    scopes,
    ...(keyFile ? { keyFilename: keyFile } : {}),
    ...(fetch ? { clientOptions: { transporterOptions: { fetchImplementation: fetch } } } : {}),
  });
  const client = await bounded(clock, 'credentials of Google Cloud', auth.getClient());
  return () =>
    bounded(
      clock,
      'an access token of Google Cloud',
      client.getAccessToken().then(({ token }) => {
        if (token) return token;
        throw new Error('an answer without one');
      }),
    );
}

async function bounded<T>(clock: Clock, what: string, work: Promise<T>): Promise<T> {
  try {
    const found = await within(clock, credentialsMs, work);
    if (found !== undefined) return found;
  } catch (error) {
    throw new AccessError(`expected ${what}, found: ${reasonOf(error)}`, isLasting(error));
  }
  throw new AccessError(`expected ${what} within ${credentialsMs} ms, found no answer`, false);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? scrub(error.message).slice(0, maxReason) : 'an unknown error';
}

/** Google answers 400 and 401 to an account or a key that it does not know. */
function isLasting(error: unknown): boolean {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return error.status === 400 || error.status === 401 || error.status === 403;
}
