/** Why a request is not served, as an HTTP status and a sentence without secrets. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 429 | 503;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The words of the statuses, for answers that are written by hand. */
export const statusText: Readonly<Record<Refusal['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** What is answered to whoever asks for a new call while the server is stopping. */
export const stopping: Refusal = {
  status: 503,
  reason: 'the server is stopping and takes no new calls',
  headers: { 'retry-after': '10' },
};
