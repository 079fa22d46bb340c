import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Failure } from '../../machines/index.ts';
import { addUsage, type JsonAnswer, type JsonQuestion, noTokens, type TokenUsage } from '../gemini/index.ts';
import { type Chance, type Clock, delay } from '../time/index.ts';

/** Longest wait for one answer, ms. */
const answerMs = 60_000;
/** Pauses before the model is asked again, ms: doubled from the first to the longest, half of it by chance. */
const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** Answers that do not fit before it is given up: at temperature 0 they seldom get better. */
const mostMisfits = 3;
/** Faults of an answer that the model is told. */
const mostFaults = 5;

/** What is to be read out of a text, and how long it may take. */
export interface ReadOutOptions {
  readonly question: JsonQuestion;
  readonly clock: Clock;
  readonly chance: Chance;
  /** All attempts together, ms. */
  readonly deadlineMs: number;
  /** Asks the model once; never rejects. */
  readonly ask: (question: JsonQuestion, signal: AbortSignal) => Promise<JsonAnswer>;
  /** Aborted when the service stops. */
  readonly over: AbortSignal;
}

/** What was read out, or why it was not; with the tokens of all attempts. */
export type ReadOut = { readonly tokens: TokenUsage } & (
  | { readonly data: unknown }
  | { readonly failure: Failure }
);

/**
 * Asks a text model until it answers with what fits the schema: again after what may pass, with what was wrong after an
 * answer that does not fit, until the deadline. Never rejects.
 */
export async function readOut({
  question,
  clock,
  chance,
  deadlineMs,
  ask,
  over,
}: ReadOutOptions): Promise<ReadOut> {
  const endMs = clock.nowMs() + deadlineMs;
  const fits = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false }).compile(
    structuredClone(question.schema),
  );
  let tokens = noTokens;
  let told = question.text;
  for (let attempt = 1, misfits = 0; ; attempt += 1) {
    const answer = await askWithin(Math.min(answerMs, endMs - clock.nowMs()), { ...question, text: told });
    if (answer.ok) tokens = addUsage(tokens, answer.tokens);
    const read = answer.ok ? dataIn(answer.text) : undefined;
    if (read && 'data' in read && fits(read.data)) return { data: read.data, tokens };
    const fault = read && ('fault' in read ? read.fault : faultsOf(fits.errors ?? []));
    if (fault !== undefined) misfits += 1;
    const failure = answer.ok ? { code: 'extraction.misfit', message: fault ?? '' } : answer.failure;
    if ((!answer.ok && !answer.mayPass) || misfits >= mostMisfits) return { failure, tokens };
    if (fault !== undefined) told = `${question.text}\n\n[Your last answer did not fit the schema: ${fault}]`;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(20, attempt - 1));
    const asked = answer.ok ? 0 : (answer.retryAfterMs ?? 0);
    const pauseMs = Math.max(asked, pause * (0.5 + chance.next() / 2));
    if (over.aborted || clock.nowMs() + pauseMs >= endMs) return { failure, tokens };
    await delay(clock, pauseMs, over);
  }

  async function askWithin(limitMs: number, asked: JsonQuestion): Promise<JsonAnswer> {
    const done = new AbortController();
    const late = new AbortController();
    delay(clock, limitMs, done.signal).then(() => {
      if (!done.signal.aborted) late.abort();
    });
    try {
      return await ask(asked, AbortSignal.any([late.signal, over]));
    } finally {
      done.abort();
    }
  }
}

function dataIn(text: string): { readonly data: unknown } | { readonly fault: string } {
  try {
    return { data: JSON.parse(text) };
  } catch {
    return { fault: 'expected JSON, found other text' };
  }
}

/** What was wrong, without the values, which are personal data. */
function faultsOf(errors: readonly ErrorObject[]): string {
  const faults = errors
    .slice(0, mostFaults)
    .map(({ instancePath, message = 'does not fit' }) => `${instancePath || 'the whole'} ${message}`);
  return [...faults, ...(errors.length > mostFaults ? ['and more'] : [])].join('; ');
}
