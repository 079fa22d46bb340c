import type {
  CallChanges,
  CallOver,
  CallPicture,
  CallRow,
  Line,
  Mark,
  MarkKind,
  Step,
  Turn,
} from '../../inspection/index.ts';
import type { Colors } from './colors.ts';
import { plain } from './plain.ts';

/** Charts whose steps a person follows; the others move with them. */
const usualCharts = ['call', 'turn', 'geminiLink', 'tools', 'toolCall', 'keypad'];

/** Marks in words; those that are missing are told by a step, or come too often. */
const words: Partial<Record<MarkKind, string>> = {
  'bargeIn.confirmed': '✋ barge-in: the agent stops',
  'bargeIn.rejected': '· not an interruption',
  hold: '· held: is it an interruption?',
  underrun: '! the reply ran dry',
  interrupted: '· the model says it was interrupted',
  lost: '! the connection to the model is lost',
  ready: '· the model is ready',
  torn: '! the reply was torn',
  nudge: '! the model owes an answer: it is nudged',
  newSession: '! the model owes an answer: a new session',
  failure: '! failed:',
  key: '# a key',
  tool: '⚙ tool:',
  transfer: '→ to be passed on',
  end: '· to be ended',
};

/** Tells a live call line by line. */
export class CallView {
  readonly #write: (line: string) => void;
  readonly #isShown: (chart: string) => boolean;
  readonly #colors: Colors;
  #holder = '';

  /** @param all whether the steps of every chart are told */
  constructor(write: (line: string) => void, all: boolean, colors: Colors) {
    this.#write = write;
    this.#colors = colors;
    this.#isShown = (chart) => all || usualCharts.includes(chart);
  }

  /** What has been until now. */
  whole({ row, charts, lines, turns, atMs }: CallPicture): void {
    const who = row.caller === undefined ? 'a caller' : plain(row.caller);
    this.#write(this.#colors.bold(`${plain(row.agent)} and ${who}, ${row.callId}`));
    for (const { atMs: saidMs, text } of told(lines, turns, this.#colors)) this.#line(saidMs, text);
    for (const { actor, chart, states } of charts) {
      if (!this.#isShown(chart)) continue;
      this.#line(atMs, this.#colors.dim(`${plain(actor)}: ${states.map(({ path }) => path).join(', ')}`));
    }
    this.#floor(atMs, row);
  }

  /** What is new. */
  changes({ atMs, row, steps = [], marks = [], lines = [], turns = [], omitted }: CallChanges): void {
    const happened = [
      ...steps
        .filter(({ chart }) => this.#isShown(chart))
        .map((step) => ({ atMs: step.atMs, text: stepText(step, this.#colors) })),
      ...marks.flatMap((mark) => markText(mark, this.#colors)),
    ].sort((a, b) => a.atMs - b.atMs);
    for (const one of happened) this.#line(one.atMs, one.text);
    for (const line of lines) this.#line(line.atMs, lineText(line, this.#colors));
    for (const turn of turns) this.#latency(turn, atMs);
    if (row) this.#floor(atMs, row);
    if (omitted) this.#line(atMs, this.#colors.dim(`… ${omitted} more`));
  }

  over({ outcome }: CallOver): void {
    this.#write(outcome ? `the call is over: ${outcome}` : 'the call cannot be followed any more');
  }

  #latency(turn: Turn, atMs: number): void {
    const text = latencyText(turn, this.#colors);
    if (text) this.#line(turn.firstChunkMs ?? atMs, text);
  }

  #floor(atMs: number, { floor, because, health }: CallRow): void {
    const holder = `${floor} ${health}`;
    if (holder === this.#holder) return;
    this.#holder = holder;
    const ill = health === 'good' ? '' : this.#colors.red(`  ${health}`);
    if (floor === 'nobody')
      this.#line(atMs, this.#colors.dim(`▷ nobody has the floor: ${plain(because)}`) + ill);
    else {
      const color = floor === 'agent' ? this.#colors.cyan : this.#colors.yellow;
      this.#line(atMs, color(`▶ the ${floor} has the floor: ${plain(because)}`) + ill);
    }
  }

  #line(atMs: number, text: string): void {
    this.#write(`${this.#colors.dim(`${(atMs / 1000).toFixed(1).padStart(6)} s`)}  ${text}`);
  }
}

/** Lines and answers in the order in which they were. */
function told(
  lines: readonly Line[],
  turns: readonly Turn[],
  colors: Colors,
): { atMs: number; text: string }[] {
  const answers = turns.flatMap((turn) => {
    const text = latencyText(turn, colors);
    return text && turn.firstChunkMs !== undefined ? [{ atMs: turn.firstChunkMs, text }] : [];
  });
  return [...lines.map((line) => ({ atMs: line.atMs, text: lineText(line, colors) })), ...answers].sort(
    (a, b) => a.atMs - b.atMs,
  );
}

function lineText({ who, text, unheard }: Line, colors: Colors): string {
  const cut = unheard ? colors.dim(` [unheard: ${plain(unheard)}]`) : '';
  return who === 'agent'
    ? colors.cyan(`  agent:  ${plain(text)}`) + cut
    : colors.yellow(`  caller: ${plain(text)}`);
}

function stepText({ actor, event, detail, from, to }: Step, colors: Colors): string {
  const left = from.map(({ path, spentMs }) =>
    spentMs === undefined ? path : `${path} (${seconds(spentMs)})`,
  );
  const because = detail === undefined ? event : `${event} ${detail}`;
  return colors.dim(
    `${plain(actor)}: ${left.join(', ') || '○'} → ${to.join(', ') || '●'}  by ${plain(because)}`,
  );
}

function markText({ atMs, kind, what, tookMs }: Mark, colors: Colors): { atMs: number; text: string }[] {
  const word = words[kind];
  if (word === undefined) return [];
  const took = tookMs === undefined ? '' : ` in ${seconds(tookMs)}`;
  return [{ atMs, text: colors.magenta(`${word}${what === undefined ? '' : ` ${plain(what)}`}${took}`) }];
}

function latencyText(
  { callerEndedMs, toldMs, firstAudioMs, firstChunkMs }: Turn,
  colors: Colors,
): string | undefined {
  if (callerEndedMs === undefined || toldMs === undefined) return undefined;
  if (firstAudioMs === undefined || firstChunkMs === undefined) return undefined;
  const ms = (from: number, to: number): string => `${Math.round(to - from)} ms`;
  return colors.dim(
    `  answered ${ms(callerEndedMs, firstChunkMs)} after the caller stopped: end of turn ` +
      `${ms(callerEndedMs, toldMs)} + model ${ms(toldMs, firstAudioMs)} + prebuffer ${ms(firstAudioMs, firstChunkMs)}`,
  );
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
