import type { GeminiFault } from './faults.ts';
import type { Credential, RequestTarget } from './request-path.ts';

/** The credentials that a server takes; of a kind that is left out it takes any. */
export interface AcceptedCredentials {
  readonly keys?: readonly string[];
  /** Ephemeral tokens; each opens one connection, as by default at Google. */
  readonly tokens?: readonly string[];
  /** Access tokens of Google Cloud. */
  readonly bearers?: readonly string[];
}

/** What a client is told whose credentials are not taken. */
export type Rebuff = { readonly status: number } | { readonly fault: GeminiFault };

const atSetup = { at: 'setup' } as const;

/** Judges credentials: the Developer API answers bad ones with a close after the upgrade, Vertex AI with HTTP 401. */
export class Door {
  readonly #accepts: AcceptedCredentials;
  readonly #used = new Set<string>();

  constructor(accepts: AcceptedCredentials) {
    this.#accepts = accepts;
  }

  /** Why a client is not let in; undefined when it is. */
  judge({ platform, credential }: RequestTarget): Rebuff | undefined {
    if (platform === 'vertex') return this.#knows(credential) ? undefined : { status: 401 };
    if (credential.kind === 'token' && this.#accepts.tokens) {
      if (this.#used.has(credential.value)) {
        return {
          fault: { kind: 'close', code: 1011, reason: 'Token has been used too many times.', at: atSetup },
        };
      }
      this.#used.add(credential.value);
    }
    if (this.#knows(credential) || (credential.kind === 'none' && !this.#accepts.keys)) return undefined;
    const reason = 'API key not valid. Please pass a valid API key.';
    return { fault: { kind: 'close', code: 1007, reason, at: atSetup } };
  }

  #knows({ kind, value }: Credential): boolean {
    const { keys, tokens, bearers } = this.#accepts;
    if (kind === 'none') return false;
    const taken = { key: keys, token: tokens, bearer: bearers }[kind];
    return taken === undefined || taken.includes(value);
  }
}
