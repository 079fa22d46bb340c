import type { SecretReference } from '../agents/index.ts';

/** The secret that a reference leads to; undefined when there is none. */
export type SecretOf = (reference: SecretReference) => string | undefined;
