import { ask } from './ask.ts';

/** Who looks at the console, and what they may do. */
export interface Session {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly agents: 'all' | readonly string[];
}

/** Who looks, as the service knows them. @throws ApiError when it does not */
export function readSession(): Promise<Session> {
  return ask<Session>('api/session');
}

/** Shows a token once; from then on a cookie stands for it, that this page alone can use. @throws ApiError for a wrong one */
export function openSession(token: string): Promise<Session> {
  return ask<Session>('api/session', { method: 'POST', body: {}, token });
}

/** Forgets who looks. */
export async function closeSession(): Promise<void> {
  await ask('api/session', { method: 'DELETE' });
}
