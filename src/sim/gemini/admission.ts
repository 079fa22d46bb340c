import type { GeminiFault } from './faults.ts';
import type { RequestTarget } from './request-path.ts';

/** What a client asks for when it connects; `path` with its query. */
export interface GeminiRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What becomes of a connection attempt. */
export type Admission =
  | {
      readonly kind: 'accept';
      readonly connection: number;
      readonly target: RequestTarget;
      readonly faults: readonly GeminiFault[];
    }
  | { readonly kind: 'refuse'; readonly status: number; readonly retryAfterSec?: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' };
