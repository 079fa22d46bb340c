/** What a client's path says. */
export interface RequestTarget {
  readonly apiVersion: string;
  /** The API key or ephemeral token; empty when there is none. */
  readonly key: string;
}

const service =
  /^\/+(?:[^?]*\/)?ws\/google\.ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent(?:Constrained)?$/;

/**
 * Reads the path and query of an upgrade; undefined when this server has nothing there.
 * The SDK sends two leading slashes when its base URL has no path, so leading slashes collapse.
 */
export function readRequestPath(pathWithQuery: string): RequestTarget | undefined {
  const queryAt = pathWithQuery.indexOf('?');
  const path = queryAt === -1 ? pathWithQuery : pathWithQuery.slice(0, queryAt);
  const apiVersion = service.exec(path)?.[1];
  if (!apiVersion) return undefined;
  const query = new URLSearchParams(queryAt === -1 ? '' : pathWithQuery.slice(queryAt + 1));
  return { apiVersion, key: query.get('key') ?? query.get('access_token') ?? '' };
}
