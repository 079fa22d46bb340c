import { fieldAt } from './agent-table.ts';
import type { Unit } from './field.ts';
import { asMap, type Finding } from './finding.ts';
import { openingFindings } from './opening-findings.ts';

/** One field may not be greater than another; `strict`: must be smaller. Units are converted. */
interface Order {
  readonly lower: string;
  readonly upper: string;
  readonly strict: boolean;
}

function atMost(lower: string, upper: string): Order {
  return { lower, upper, strict: false };
}

function below(lower: string, upper: string): Order {
  return { lower, upper, strict: true };
}

/** What must hold between fields. */
const orders: readonly Order[] = [
  atMost('playout.chunk_ms', 'playout.lead_ms'),
  atMost('playout.prebuffer_ms', 'playout.lead_ms'),
  atMost('playout.prebuffer_ms', 'playout.prebuffer_max_ms'),
  below('turns.reject_ms', 'turns.confirm_ms'),
  atMost('turns.onset_while_speaking_ms', 'turns.confirm_ms'),
  // an onset longer than the pre-roll would cost the caller's first syllable
  atMost('turns.onset_ms', 'turns.pre_roll_ms'),
  atMost('turns.onset_while_speaking_ms', 'turns.pre_roll_ms'),
  atMost('turns.short_end_silence_ms', 'turns.end_silence_ms'),
  below('turns.nudge_ms', 'turns.new_session_ms'),
  below('turns.new_session_ms', 'turns.apology_ms'),
  below('limits.warn_before_end_s', 'limits.longest_call_min'),
];

const unitMs: Partial<Record<Unit, number>> = { ms: 1, s: 1_000, min: 60_000 };

/**
 * Checks what must hold between fields, for values in force by path.
 * `blamed` says which paths the file speaks of: of two fields in conflict, the one that it speaks of is reported.
 */
export function ruleFindings(
  inForce: (path: string) => unknown,
  isFaulty: (path: string) => boolean,
  blamed: (path: string) => boolean,
): Finding[] {
  return [
    ...orderFindings(inForce, isFaulty, blamed),
    ...transferFindings(inForce, isFaulty),
    ...zoneFindings(inForce, isFaulty),
    ...extractionFindings(inForce, isFaulty, blamed),
    ...openingFindings(inForce, isFaulty),
  ];
}

/** Whether this machine knows the time zones that the time and calling hours are told in. */
function zoneFindings(inForce: (path: string) => unknown, isFaulty: (path: string) => boolean): Finding[] {
  return ['time_zone', 'outbound.time_zone'].flatMap((path): Finding[] => {
    if (isFaulty(path)) return [];
    const timeZone = String(inForce(path));
    try {
      new Intl.DateTimeFormat('en-GB', { timeZone });
      return [];
    } catch {
      const expected = 'an IANA time zone, such as Asia/Kolkata';
      return [{ path: path.split('.'), at: 'value', expected, found: JSON.stringify(timeZone) }];
    }
  });
}

/** What says how to read something out of a call needs a schema of it. */
function extractionFindings(
  inForce: (path: string) => unknown,
  isFaulty: (path: string) => boolean,
  blamed: (path: string) => boolean,
): Finding[] {
  const names = ['instruction', 'model', 'outcomes', 'min_words', 'deadline_s', 'webhook_waits_s'];
  const [stated] = names.filter((name) => blamed(`extraction.${name}`));
  if (stated === undefined || isFaulty('extraction.schema') || inForce('extraction.schema') !== undefined)
    return [];
  const expected = 'a JSON Schema in extraction.schema beside it';
  return [{ path: ['extraction', stated], at: 'key', expected, found: 'none' }];
}

/** A key that passes the call on needs somewhere to pass it on to. */
function transferFindings(
  inForce: (path: string) => unknown,
  isFaulty: (path: string) => boolean,
): Finding[] {
  const paths = ['dtmf.actions', 'transfer.number'];
  if (paths.some(isFaulty) || inForce('transfer.number') !== undefined) return [];
  const keys = Object.entries(asMap(inForce('dtmf.actions')) ?? {});
  const [key] = keys.find(([, action]) => action === 'transfer') ?? [];
  if (key === undefined) return [];
  const expected = 'a number in transfer.number for this key';
  return [{ path: ['dtmf', 'actions', key], at: 'value', expected, found: 'none' }];
}

function orderFindings(
  inForce: (path: string) => unknown,
  isFaulty: (path: string) => boolean,
  blamed: (path: string) => boolean,
): Finding[] {
  return orders.flatMap(({ lower, upper, strict }) => {
    if (isFaulty(lower) || isFaulty(upper)) return [];
    const excess = inMs(lower, inForce) - inMs(upper, inForce);
    if (strict ? excess < 0 : excess <= 0) return [];
    const blameLower = blamed(lower);
    const [path, other] = blameLower ? [lower, upper] : [upper, lower];
    const relation = blameLower ? (strict ? 'less than' : 'at most') : strict ? 'more than' : 'at least';
    const expected = `${relation} ${other} (${withUnit(other, inForce)}${blamed(other) ? '' : ', the default'})`;
    return [{ path: path.split('.'), at: 'value', expected, found: withUnit(path, inForce) }];
  });
}

function inMs(path: string, inForce: (path: string) => unknown): number {
  return Number(inForce(path)) * (unitMs[fieldAt(path)?.unit ?? ''] ?? 1);
}

function withUnit(path: string, inForce: (path: string) => unknown): string {
  return `${String(inForce(path))} ${fieldAt(path)?.unit ?? ''}`.trim();
}
