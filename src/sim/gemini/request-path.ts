import type { GeminiRequest } from './admission.ts';

/** How a client says who it is; `value` is empty for `none`. */
export interface Credential {
  readonly kind: 'key' | 'token' | 'bearer' | 'none';
  readonly value: string;
}

/** What a client's path and headers say. */
export interface RequestTarget {
  readonly apiVersion: string;
  readonly platform: 'developer' | 'vertex';
  readonly credential: Credential;
}

const developer =
  /^\/+(?:[^?]*\/)?ws\/google\.ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent(?:Constrained)?$/;
const vertex =
  /^\/+(?:[^?]*\/)?ws\/google\.cloud\.aiplatform\.(v1|v1beta1)\.LlmBidiService\/BidiGenerateContent$/;

/**
 * Reads an upgrade; undefined when this server has nothing at its path.
 * The SDK sends two leading slashes when its base URL has no path, so leading slashes collapse.
 */
export function readRequest({ path: pathWithQuery, headers }: GeminiRequest): RequestTarget | undefined {
  const queryAt = pathWithQuery.indexOf('?');
  const path = queryAt === -1 ? pathWithQuery : pathWithQuery.slice(0, queryAt);
  const apiVersion = developer.exec(path)?.[1];
  if (apiVersion) {
    const query = new URLSearchParams(queryAt === -1 ? '' : pathWithQuery.slice(queryAt + 1));
    return { apiVersion, platform: 'developer', credential: ofQuery(query) };
  }
  const vertexVersion = vertex.exec(path)?.[1];
  if (!vertexVersion) return undefined;
  return { apiVersion: vertexVersion, platform: 'vertex', credential: ofHeaders(headers) };
}

function ofQuery(query: URLSearchParams): Credential {
  const token = query.get('access_token');
  if (token) return { kind: 'token', value: token };
  const key = query.get('key');
  return key ? { kind: 'key', value: key } : { kind: 'none', value: '' };
}

function ofHeaders(headers: GeminiRequest['headers']): Credential {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const bearer = /^Bearer (\S+)$/i.exec(named.get('authorization') ?? '')?.[1];
  if (bearer) return { kind: 'bearer', value: bearer };
  const key = named.get('x-goog-api-key');
  return key ? { kind: 'key', value: key } : { kind: 'none', value: '' };
}
