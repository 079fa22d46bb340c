import { ackKbitPerSecond, type Flow, kbitPerSecond, wireBytes } from './frames.ts';
import type { Inputs } from './inputs.ts';
import { audioTokensPerSecond, tokensOfCall } from './tokens.ts';

const sizes = [100, 1000, 10_000];
/** Connections of a process to PostgreSQL at most: `src/records/store/postgres-index.ts`. */
const connectionsPerProcess = 4;
/** A recording: two channels of 16 bits at 8 kHz, bytes a second. */
const recordingBytesPerSecond = 32_000;
/** What Google tells of Vertex AI, for a project: sessions at once, tokens a minute. */
const vertex = { sessions: 1000, tokensPerMinute: 4_000_000 };

type Row = readonly (string | number)[];

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three digits that count, in steps of a thousand from `unit` on. */
function scaled(value: number, units: readonly string[]): string {
  let [at, rest] = [0, value];
  while (rest >= 1000 && at < units.length - 1) {
    rest /= 1000;
    at += 1;
  }
  return `${rest >= 100 ? count(rest) : rest >= 10 ? rest.toFixed(1) : rest.toFixed(2)} ${units[at]}`;
}

const bytes = (value: number): string => scaled(value, ['B', 'kB', 'MB', 'GB', 'TB']);
const bits = (kbit: number): string => scaled(kbit, ['kbit/s', 'Mbit/s', 'Gbit/s']);
const dollars = (usd: number): string => `$${usd >= 100 ? count(usd) : usd.toFixed(usd >= 1 ? 2 : 4)}`;

/** A table as the formatter writes it; the first column to the left, all others to the right. */
function table(head: readonly string[], rows: readonly Row[]): string {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, at) => Math.max(3, ...texts.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [first = [], ...others] = texts;
  return [line(first), line(rule), ...others.map(line)].join('\n');
}

function bySize(what: string, rows: readonly (readonly [string, (calls: number) => string])[]): string {
  return table(
    [what, ...sizes.map((calls) => `${count(calls)} calls`)],
    rows.map(([name, of]) => [name, ...sizes.map(of)]),
  );
}

/** Calls that one process is given. */
export function callsPerProcess({ callsPerCore, plannedPercent }: Inputs): number {
  return Math.max(1, Math.floor((callsPerCore * plannedPercent) / 100));
}

function processesFor(inputs: Inputs, calls: number): number {
  return Math.ceil(calls / callsPerProcess(inputs));
}

function share({ name }: Flow, { callerPercent, agentPercent }: Inputs): number {
  if (name === 'Exotel → Baari') return 1;
  return (name === 'Baari → Gemini' ? callerPercent : agentPercent) / 100;
}

/** kbit/s of a call both ways; what flows one way is acknowledged the other way. */
function kbitOf(
  flows: readonly Flow[],
  inputs: Inputs,
  direction: Flow['direction'],
  isPeak: boolean,
): number {
  return flows.reduce((sum, flow) => {
    const part = isPeak ? 1 : share(flow, inputs);
    return sum + part * (flow.direction === direction ? kbitPerSecond(flow) : ackKbitPerSecond(flow));
  }, 0);
}

/** The page's tables by name; `flows` are the real frames of both links. */
export function tablesOf(inputs: Inputs, flows: readonly Flow[]): ReadonlyMap<string, string> {
  const { callMb, processMb, callMinutes, busyHours, keepDays } = inputs;
  const one = tokensOfCall(inputs, callMinutes, 'turns');
  const perMinute = (calls: number): number => calls / callMinutes;
  const tokens = (calls: number): number => perMinute(calls) * (one.usage.prompt + one.usage.response);
  const audioBytes = recordingBytesPerSecond * 60;
  const callBytes = audioBytes + inputs.textBytesPerMinute;
  const busyMinutes = busyHours * 60;
  const calls = callsPerProcess(inputs);
  return new Map([
    [
      'machines',
      bySize('machines', [
        [`processes (one core each, ${calls} calls)`, (n) => count(processesFor(inputs, n))],
        ['cores, with a node of 8 to spare', (n) => count(processesFor(inputs, n) + 8)],
        ['memory', (n) => scaled(processesFor(inputs, n) * processMb + n * callMb, ['MB', 'GB'])],
        ['pods with `workers: 4`, of 4 cores', (n) => count(Math.ceil(processesFor(inputs, n) / 4))],
        ['open sockets', (n) => count(2 * n)],
      ]),
    ],
    [
      'frames',
      table(
        ['while audio flows', 'audio', 'message', 'on the wire', 'messages a second', 'kbit/s'],
        flows.map((flow) => [
          flow.name,
          `${flow.audioBytes} B`,
          `${count(flow.frameBytes)} B`,
          `${count(wireBytes(flow))} B`,
          1000 / flow.frameMs,
          count(kbitPerSecond(flow)),
        ]),
      ),
    ],
    [
      'bandwidth',
      bySize('bandwidth', [
        ['in, mean', (n) => bits(n * kbitOf(flows, inputs, 'in', false))],
        ['out, mean', (n) => bits(n * kbitOf(flows, inputs, 'out', false))],
        ['in, all speak at once', (n) => bits(n * kbitOf(flows, inputs, 'in', true))],
        ['out, all speak at once', (n) => bits(n * kbitOf(flows, inputs, 'out', true))],
        [
          'packets a second, both ways, mean',
          (n) =>
            count(n * flows.reduce((sum, f) => sum + (share(f, inputs) * packets(f) * 1000) / f.frameMs, 0)),
        ],
        ['to S3, with audio', (n) => bits((n * callBytes * 8) / 60_000)],
      ]),
    ],
    [
      'records',
      bySize('records', [
        ['written a second', (n) => bytes((n * callBytes) / 60)],
        [`a day of ${busyHours} hours`, (n) => bytes(n * callBytes * busyMinutes)],
        ['the same without audio', (n) => bytes(n * inputs.textBytesPerMinute * busyMinutes)],
        [`kept for ${keepDays} days`, (n) => bytes(n * callBytes * busyMinutes * keepDays)],
        ['objects put a second (4 a call)', (n) => ((4 * perMinute(n)) / 60).toFixed(1)],
        ['folder of a pod, S3 away for an hour', (n) => bytes(Math.min(n, calls) * callBytes * 60)],
      ]),
    ],
    [
      'postgres',
      bySize('PostgreSQL', [
        ['rows a second', (n) => (perMinute(n) / 60).toFixed(1)],
        [`rows a day of ${busyHours} hours`, (n) => count(perMinute(n) * busyMinutes)],
        [
          `size after ${keepDays} days`,
          (n) => bytes(perMinute(n) * busyMinutes * keepDays * inputs.rowBytes),
        ],
        ['connections at most, 4 a process', (n) => count(processesFor(inputs, n) * connectionsPerProcess)],
      ]),
    ],
    [
      'quotas',
      bySize('Gemini Live', [
        ['sessions at once', (n) => count(n)],
        ['sessions begun a minute', (n) => count(perMinute(n))],
        ['tokens a minute, history counted with every turn', (n) => scaled(tokens(n), ['', 'k', 'M'])],
        [
          'tokens a minute, each second of audio counted once',
          (n) => scaled(newTokens(inputs, n), ['', 'k', 'M']),
        ],
        ['projects by sessions (1,000 each)', (n) => count(Math.ceil(n / vertex.sessions))],
        [
          'projects by tokens (4 M a minute each), history counted',
          (n) => count(Math.ceil(tokens(n) / vertex.tokensPerMinute)),
        ],
      ]),
    ],
    [
      'cost',
      table(
        ['length of a call', 'tokens in', 'tokens out', 'a call', 'a minute', 'a minute, silence sent too'],
        [1, 3, 10, 30, 55].map((minutes) => {
          const own = tokensOfCall(inputs, minutes, 'turns');
          const all = tokensOfCall(inputs, minutes, 'all');
          return [
            `${minutes} min`,
            count(own.usage.prompt),
            count(own.usage.response),
            dollars(own.usd),
            dollars(own.usd / minutes),
            dollars(all.usd / minutes),
          ];
        }),
      ),
    ],
    [
      'spend',
      bySize('cost of Gemini', [
        ['an hour', (n) => dollars(perMinute(n) * 60 * one.usd)],
        [`a day of ${busyHours} hours`, (n) => dollars(perMinute(n) * busyMinutes * one.usd)],
      ]),
    ],
  ]);
}

function packets(flow: Flow): number {
  // with half an acknowledgement each
  return Math.ceil(flow.frameBytes / 1448) * 1.5;
}

function newTokens(inputs: Inputs, calls: number): number {
  const spoken = (inputs.callerPercent + inputs.agentPercent) / 100;
  return calls * (60 * audioTokensPerSecond * spoken + inputs.instructionTokens / inputs.callMinutes);
}
