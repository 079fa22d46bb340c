import type { MayWatch } from '../watch-door.ts';
import type { ApiGate } from './gate.ts';

/** Lets in who may read calls through the API too; numbers and words only for who may have both. */
export function watchBy(gate: ApiGate): MayWatch {
  return async ({ request, token }) => {
    const { socket, method = 'GET' } = request;
    const headers =
      token === undefined ? request.headers : { ...request.headers, authorization: `Bearer ${token}` };
    const principal = await gate.who({ headers, method, socket });
    if ('status' in principal) {
      const { status, message, waitS } = principal;
      return {
        status,
        reason: message,
        headers: {
          ...(status === 401 && { 'www-authenticate': 'Bearer realm="Baari"' }),
          ...(waitS !== undefined && { 'retry-after': String(waitS) }),
        },
      };
    }
    const { scopes, agents } = principal;
    if (!scopes.has('calls:read')) {
      return { status: 403, reason: 'expected a token with the scope calls:read, found one without it' };
    }
    return { agents, personal: scopes.has('numbers:read') && scopes.has('transcripts:read') };
  };
}
