import { createHmac } from 'node:crypto';
import {
  type CallFacts,
  type HttpToolDeclaration,
  type SecretReference,
  templateParts,
} from '../../agents/index.ts';
import { type Chance, type Clock, delay } from '../../time/index.ts';
import {
  FetchFailed,
  type GuardedFetch,
  type GuardedRequest,
  type GuardedResponse,
} from '../../wire/index.ts';
import { ToolFailed } from '../result.ts';
import { runOf } from '../run-of.ts';
import type { SecretOf } from '../secrets.ts';
import type { Tool, ToolArguments, ToolContext } from '../tool.ts';
import { answerReader } from './answer.ts';
import { type Filling, filled, filledAddress, filledBody } from './fill.ts';

/** Pause before the first retry, ms; each further one is twice as long, and all are varied by half. */
const firstPauseMs = 250;
/** Answers after which the same request may well succeed (RFC 9110, RFC 6585). */
const passing = [408, 425, 429, 500, 502, 503, 504];

/** What HTTP tools of one agent share. */
export interface HttpToolSurroundings {
  readonly fetch: GuardedFetch;
  readonly secretOf: SecretOf;
  readonly chance: Chance;
  /** The agent's, for the variables of time. */
  readonly timeZone: string;
}

/** A tool that is one request to a web service. */
export function httpTool(declared: HttpToolDeclaration, around: HttpToolSurroundings): Tool {
  const { name, description, parameters, timeoutMs } = declared;
  const read = answerReader(declared.result);
  return {
    name,
    description,
    parameters,
    ...runOf(declared),
    run: async (args, context) => {
      const deadlineMs = context.clock.nowMs() + timeoutMs;
      const request = requestFor(declared, args, context.facts, around);
      return read(await attempts(declared, request, deadlineMs, context, around), args);
    },
  };
}

type Request = Omit<GuardedRequest, 'timeoutMs' | 'signal' | 'maxBytes'>;

function requestFor(
  declared: HttpToolDeclaration,
  args: ToolArguments,
  facts: CallFacts | undefined,
  { secretOf, chance, timeZone }: HttpToolSurroundings,
): Request {
  const { method } = declared;
  const from: Filling = { args, facts, timeZone };
  const body = bodyOf(declared, from);
  const given = Object.entries(declared.headers).map(([name, value]) => [
    name.toLowerCase(),
    typeof value === 'string' ? headerText(filled(value, from) ?? '') : secretText(value, secretOf),
  ]);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'baari',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(declared.idempotencyKey ? { 'idempotency-key': chance.uuid() } : {}),
    ...Object.fromEntries(given),
  };
  return { url: addressOf(declared, from), method, headers, body };
}

function hasBody({ method }: HttpToolDeclaration): boolean {
  return ['POST', 'PUT', 'PATCH'].includes(method);
}

/** The address; without a body, arguments that have no place of their own are parts of the query. */
function addressOf(declared: HttpToolDeclaration, from: Filling): URL {
  const { url: template, query } = declared;
  const url = filledAddress(template, query, from);
  if (hasBody(declared)) return url;
  const placed = namesIn([template, ...Object.values(query)]);
  for (const [name, value] of Object.entries(from.args)) {
    if (placed.has(name) || value === undefined || value === null) continue;
    url.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return url;
}

function namesIn(templates: readonly string[]): ReadonlySet<string> {
  const parts = templates.flatMap(templateParts);
  return new Set(parts.flatMap((part) => (part.kind === 'argument' ? [part.name] : [])));
}

function bodyOf(declared: HttpToolDeclaration, from: Filling): string | undefined {
  if (!hasBody(declared)) return undefined;
  return JSON.stringify(declared.body === undefined ? from.args : filledBody(declared.body, from));
}

function secretText(reference: SecretReference, secretOf: SecretOf): string {
  const secret = secretOf(reference);
  if (secret === undefined)
    throw new ToolFailed('tool.no-secret', 'the tool is not set up: its secret is missing');
  return `${reference.prefix ?? ''}${secret}`;
}

/** What a header may hold; the rest, such as letters of other scripts in what a call told, is left out. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '');
}

async function attempts(
  declared: HttpToolDeclaration,
  request: Request,
  deadlineMs: number,
  context: ToolContext,
  around: HttpToolSurroundings,
): Promise<GuardedResponse> {
  const { clock, signal } = context;
  for (let retry = 0; ; retry += 1) {
    const mayRetry = retry < declared.retries;
    const leftMs = Math.max(1, deadlineMs - clock.nowMs());
    const signed = {
      ...request,
      headers: { ...request.headers, ...signature(declared, request, clock, around) },
    };
    const limits = { timeoutMs: leftMs, maxBytes: declared.maxResultBytes, signal };
    const got = await around.fetch.ask({ ...signed, ...limits }).catch((error: unknown) => {
      if (mayRetry && error instanceof FetchFailed && error.code === 'fetch.unreachable') return undefined;
      throw error instanceof FetchFailed ? new ToolFailed(error.code, error.message) : error;
    });
    if (got && !(mayRetry && passing.includes(got.status))) return got;
    const pauseMs = pauseBefore(retry, got, clock, around.chance);
    // the caller would wait for nothing
    if (got && clock.nowMs() + pauseMs >= deadlineMs) return got;
    await delay(clock, pauseMs, signal);
    if (signal.aborted) throw new ToolFailed('fetch.aborted', 'the answer is not wanted any more');
  }
}

function pauseBefore(retry: number, got: GuardedResponse | undefined, clock: Clock, chance: Chance): number {
  const usual = firstPauseMs * 2 ** retry * (0.75 + chance.next() / 2);
  const asked = got?.headers['retry-after'];
  if (!asked) return usual;
  const seconds = /^\d{1,6}$/.test(asked) ? Number(asked) : (Date.parse(asked) - clock.wallMs()) / 1000;
  return Number.isFinite(seconds) ? Math.max(usual, seconds * 1000) : usual;
}

/** `t=<seconds>,v1=<hex>`: the HMAC-SHA256 of the seconds, method, path with query, and body, joined by full stops. */
function signature(
  { sign }: HttpToolDeclaration,
  { method, url, body = '' }: Request,
  clock: Clock,
  { secretOf }: HttpToolSurroundings,
): Record<string, string> {
  if (!sign) return {};
  const seconds = Math.floor(clock.wallMs() / 1000);
  const text = `${seconds}.${method}.${url.pathname}${url.search}.${body}`;
  const digest = createHmac('sha256', secretText({ ...sign.secret, prefix: '' }, secretOf))
    .update(text)
    .digest('hex');
  return { [sign.header.toLowerCase()]: `t=${seconds},v1=${digest}` };
}
