import type { CallRow } from '../../inspection/index.ts';
import type { Colors } from './colors.ts';
import { plain } from './plain.ts';

/** Moves to the upper left corner and clears what is there. */
const clearScreen = '\u001B[H\u001B[2J';

/** Tells the list of live calls: on a terminal as a table that is drawn anew, elsewhere as lines of who comes and goes. */
export class ListView {
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  readonly #colors: Colors;
  #known: ReadonlyMap<string, CallRow> | undefined;

  constructor(write: (text: string) => void, isTerminal: boolean, colors: Colors) {
    this.#write = write;
    this.#colors = colors;
    this.#isTerminal = isTerminal;
  }

  /** The list as it is now; `wallMs` is the service's clock. */
  show(calls: readonly CallRow[], wallMs: number): void {
    const known = this.#known;
    this.#known = new Map(calls.map((row) => [row.callId, row]));
    if (this.#isTerminal) return this.#write(clearScreen + table(calls, wallMs, this.#colors));
    if (!known) return this.#write(table(calls, wallMs, this.#colors));
    for (const row of calls)
      if (!known.has(row.callId)) this.#write(`+ ${line(row, wallMs, this.#colors)}\n`);
    for (const [callId, row] of known) {
      if (!this.#known.has(callId)) this.#write(`- ${line(row, wallMs, this.#colors)}\n`);
    }
  }
}

function table(calls: readonly CallRow[], wallMs: number, colors: Colors): string {
  if (calls.length === 0) return 'no live calls\n';
  const head = colors.dim(
    'call                                  agent            caller            since   floor    latency  health',
  );
  return `${head}\n${calls.map((row) => `${line(row, wallMs, colors)}\n`).join('')}`;
}

function line(
  { callId, agent, caller, acceptedWallMs, floor, latenciesMs, health, isMuted }: CallRow,
  wallMs: number,
  colors: Colors,
): string {
  const s = Math.max(0, Math.round((wallMs - acceptedWallMs) / 1000));
  const since = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  const latest = latenciesMs.at(-1);
  const cells = [
    callId.padEnd(36),
    plain(agent).padEnd(16),
    plain(caller ?? '').padEnd(16),
    since.padStart(6),
    ` ${floor.padEnd(7)}`,
    (latest === undefined ? '' : `${latest} ms`).padStart(8),
    (health === 'good' ? health : colors.red(health)) + (isMuted ? ', muted' : ''),
  ];
  return cells.join(' ');
}
