/** An answer of the service that is not what was asked for. */
export class ApiError extends Error {
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Longest wait for an answer, ms. */
const answerMs = 15_000;

/** Asks the service's API, `path` such as `api/agents`. @throws ApiError with what the service says is wrong */
export async function ask<T>(
  path: string,
  request: { method?: string; body?: unknown; token?: string } = {},
): Promise<T> {
  const { method = 'GET', body, token } = request;
  const answer = await fetch(path, {
    method,
    signal: AbortSignal.timeout(answerMs),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new ApiError(0, 'no-answer', error instanceof Error ? error.message : 'no answer');
  });
  const told: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return told as T;
  const { code, error } = (told ?? {}) as { code?: string; error?: string };
  throw new ApiError(answer.status, code ?? 'unknown', error ?? `the service answered ${answer.status}`);
}
