import type { Failure } from '../../machines/index.ts';
import { ProxyFailed, UpgradeRefused } from '../wire/index.ts';
import { AccessError } from './pass.ts';

/** What helps after a connection is lost. */
export type Remedy = 'resume' | 'renew' | 'none';

/** A lost connection, classified. */
export interface Loss {
  readonly failure: Failure;
  readonly remedy: Remedy;
  /** How long the server asked us to wait, ms. */
  readonly retryAfterMs?: number;
}

/** What is known of a connection when it is lost. */
export interface LossContext {
  readonly isSetUp: boolean;
  readonly wasResuming: boolean;
  readonly hasHandle: boolean;
}

/** Classifies credentials that cannot be had, a refused upgrade or a socket error. */
export function lossOfError(error: Error, context: LossContext): Loss {
  if (error instanceof AccessError) {
    const failure = { code: 'gemini.credentials', message: error.message };
    return { failure, remedy: error.isLasting ? 'none' : again(context) };
  }
  if (error instanceof UpgradeRefused) {
    const what =
      error.status === 401 || error.status === 403
        ? 'gemini.unauthorised'
        : error.status === 429
          ? 'gemini.quota'
          : 'gemini.refused';
    const remedy = error.status >= 500 || error.status === 429 ? 'resume' : 'none';
    const { retryAfterMs, message } = error;
    if (retryAfterMs === undefined) return { failure: { code: what, message }, remedy };
    const wait = `; to be tried again after ${retryAfterMs} ms`;
    return { failure: { code: what, message: message + wait }, remedy, retryAfterMs };
  }
  if (error instanceof ProxyFailed) {
    const remedy = error.code === 'proxy-unauthorised' ? 'none' : again(context);
    return { failure: { code: `gemini.${error.code}`, message: error.message }, remedy };
  }
  return { failure: { code: 'gemini.unreachable', message: error.message }, remedy: again(context) };
}

/**
 * Classifies a close (Google: there is no error message; errors are close codes).
 * 1007 is never tried again with the same frame; 1008 on a resume means that the handle is unknown.
 */
export function lossOfClose(code: number, reason: string, context: LossContext): Loss {
  const said = `the connection was closed with ${code}${reason ? `: ${reason}` : ''}`;
  if (code === 1007 || code === 1008) {
    const isAuth = /api key|credential|permission/i.test(reason);
    const failureCode = isAuth
      ? 'gemini.unauthorised'
      : code === 1007
        ? 'gemini.set-up-refused'
        : 'gemini.not-found';
    const remedy = context.wasResuming || context.isSetUp ? 'renew' : 'none';
    return { failure: { code: failureCode, message: said }, remedy: isAuth ? 'none' : remedy };
  }
  if (/quota|resource.?exhausted/i.test(reason)) {
    return { failure: { code: 'gemini.quota', message: said }, remedy: 'none' };
  }
  return { failure: { code: 'gemini.closed', message: said }, remedy: again(context) };
}

function again({ hasHandle, isSetUp }: LossContext): Remedy {
  if (hasHandle) return 'resume';
  return isSetUp ? 'renew' : 'resume';
}
