import type { GeminiAccess } from './settings.ts';

/** What lets one connection in; never logged. */
export type GeminiPass =
  | { readonly kind: 'key'; readonly secret: string; readonly baseUrl: string | undefined }
  | { readonly kind: 'token'; readonly secret: string; readonly baseUrl: string | undefined }
  | { readonly kind: 'vertexKey'; readonly secret: string; readonly baseUrl: string | undefined }
  | {
      readonly kind: 'bearer';
      readonly secret: string;
      readonly project: string;
      readonly location: string;
      readonly baseUrl: string | undefined;
    };

/** The credentials for a connection could not be had; its message holds none of them. */
export class AccessError extends Error {
  /** Whether trying again is of no use before somebody changes the configuration. */
  readonly isLasting: boolean;

  constructor(message: string, isLasting: boolean) {
    super(message);
    this.name = 'AccessError';
    this.isLasting = isLasting;
  }
}

/** Google: what ephemeral tokens look like. */
const tokenForm = /^auth_tokens\/[A-Za-z0-9._~-]+$/;

/** The pass for one connection: at once where it is known, else a promise that rejects with an {@link AccessError}. */
export function passFor(access: GeminiAccess): GeminiPass | Promise<GeminiPass> {
  const { baseUrl } = access;
  if ('apiKey' in access) return { kind: 'key', secret: access.apiKey, baseUrl };
  if ('vertexKey' in access) return { kind: 'vertexKey', secret: access.vertexKey, baseUrl };
  if ('newToken' in access) {
    return access.newToken().then((secret) => ({ kind: 'token', secret: checkedToken(secret), baseUrl }));
  }
  const { project, location } = access;
  return access.bearer().then((secret) => ({ kind: 'bearer', secret, project, location, baseUrl }));
}

/** `token` itself. @throws AccessError when it is no ephemeral token; it is not quoted */
function checkedToken(token: string): string {
  if (tokenForm.test(token)) return token;
  throw new AccessError(
    `expected an ephemeral token, auth_tokens/ and a name, found ${token.length} characters of something else`,
    true,
  );
}
