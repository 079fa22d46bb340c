/** What a token may do; a token names some of these. */
export const scopes = [
  'calls:read',
  'transcripts:read',
  'audio:read',
  'numbers:read',
  'agents:read',
  'calls:control',
  'calls:place',
  'records:delete',
] as const;

export type Scope = (typeof scopes)[number];

/** Whoever asks: a token of the API, or a person before this very machine. */
export interface Principal {
  /** The token's name, for the log; never the token. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The agents, each a tenant's, whose calls it may know of; undefined: all. */
  readonly agents: ReadonlySet<string> | undefined;
}

/** Whether `principal` may know of the calls of `agent`. */
export function knows({ agents }: Principal, agent: string): boolean {
  return agents === undefined || agents.has(agent);
}

/** A person at this machine, where no token is configured: everything but what costs money at once. */
export const local: Principal = {
  name: 'this machine',
  scopes: new Set(scopes.filter((scope) => scope !== 'calls:place')),
  agents: undefined,
};
