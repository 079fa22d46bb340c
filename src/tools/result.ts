import type { Failure } from '../../machines/index.ts';
import { scrub } from '../observe/index.ts';

/** The largest result that the model is told, bytes of JSON: its context is paid for again with every turn. */
const largestResultBytes = 16_384;
/** The most of an exception's message that the model is told, characters. */
const longestMessage = 500;

/** A result as the model will be told it, or why it cannot be. */
export type ReadResult =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly failure: Failure };

/** Makes plain JSON of what a tool returned. */
export function readResult(value: unknown): ReadResult {
  const text = jsonOf(value);
  if (text === undefined) {
    return refused('tool.result-not-json', `expected a result that is JSON, found ${typeof value}`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > largestResultBytes) {
    const message = `expected a result of at most ${largestResultBytes} bytes, found ${bytes}: ask for less`;
    return refused('tool.result-too-large', message);
  }
  return { ok: true, output: JSON.parse(text) };
}

/** Why a tool has no result, in words for the model; `code` is for the log and the record. */
export class ToolFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ToolFailed';
    this.code = code;
  }
}

/** What a tool threw, as a failure: without secrets, and of limited length. */
export function failureOf(error: unknown): Failure {
  const said = error instanceof Error ? error.message : 'no reason was given';
  const code = error instanceof ToolFailed ? error.code : 'tool.failed';
  return { code, message: scrub(said).slice(0, longestMessage) };
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // a cycle, or a number that JSON has no word for
    return undefined;
  }
}

function refused(code: string, message: string): ReadResult {
  return { ok: false, failure: { code, message } };
}
