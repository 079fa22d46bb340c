import type { RehearsedResult } from '../../../src/cli/rehearse/rehearse-scenario.ts';

type Calls = readonly RehearsedResult[];

const rows: readonly (readonly [string, (calls: Calls) => string])[] = [
  ['replies in bursts and stalls that are heard whole', (calls) => shareOf(calls, 'whole')],
  ['gaps in what nobody talks over', (calls) => String(sum(valuesOf(calls, 'gaps')))],
  ['… of, p50 / p95, ms', (calls) => spread(calls, 'gap_ms')],
  ['interruptions that silence the agent within 2 s', (calls) => shareOf(calls, 'noticed')],
  ['… after, p50 / p95, ms', (calls) => spread(calls, 'to_silence_ms')],
  ['replies stopped by "mhm"', (calls) => shareOf(calls, 'stopped', ['backchannel'])],
  ['replies stopped by "hello?" over the greeting', (calls) => shareOf(calls, 'stopped', ['greeting'])],
  ['replies stopped by coughs, knocks, clicks', (calls) => shareOf(calls, 'stopped', ['noise'])],
  ['replies stopped by the agent’s own echo', (calls) => shareOf(calls, 'stopped', ['echo'])],
  ['replies stopped by street noise', (calls) => shareOf(calls, 'stopped', ['street'])],
  ['pauses of 400 ms that are answered into', (calls) => shareOf(calls, 'answered_into')],
  ['a "yes" of 200–500 ms that gets an answer', (calls) => shareOf(calls, 'answered', ['short-answer'])],
  ['last word to the agent’s first, p50 / p95, ms', (calls) => spread(calls, 'response_ms')],
  ['calls that did not go to their end', (calls) => shareOf(calls, 'failed')],
];

/** What the table must not be read without. */
const note =
  'The model is simulated. Where a bridge leaves the turns to the model, what starts and ends them is the detector of the simulated\n' +
  'one, which goes by loudness alone: coughs, noise and echo may stop fewer replies with Google’s own.';

/** One table in Markdown: a row for each measure, a column for each bridge. */
export function tableOf(found: ReadonlyMap<string, Calls>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const all = [...found.values()];
  return [
    line(['what the caller hears', ...found.keys()]),
    line(['---', ...all.map(() => '---:')]),
    ...rows.map(([what, of]) => line([what, ...all.map(of)])),
    '',
    note,
  ].join('\n');
}

/** A call that did not go to its end tells of nothing but that. */
function valuesOf(calls: Calls, figure: string, scenarios?: readonly string[]): number[] {
  return calls
    .filter(({ failure }) => failure === undefined || figure === 'failed')
    .filter(({ scenario }) => scenarios?.includes(scenario) ?? true)
    .flatMap(({ figures }) => figures[figure] ?? []);
}

function shareOf(calls: Calls, figure: string, scenarios?: readonly string[]): string {
  const values = valuesOf(calls, figure, scenarios);
  return values.length === 0 ? '–' : `${sum(values)} of ${values.length}`;
}

function spread(calls: Calls, figure: string): string {
  const sorted = valuesOf(calls, figure).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? '–' : `${Math.round(at(0.5))} / ${Math.round(at(0.95))}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
