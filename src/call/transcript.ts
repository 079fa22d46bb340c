import type { ReplyAccount } from '../playout/index.ts';

/** One line of the conversation; times are ms since the call was accepted. */
export interface TranscriptLine {
  readonly who: 'caller' | 'agent';
  readonly atMs: number;
  /** What was said; for the agent, only what the caller heard. */
  readonly text: string;
  /** What the agent would have said and the caller did not hear; empty when nothing was cut. */
  readonly unheard: string;
}

interface Fragment {
  readonly text: string;
  /** Samples of the reply that had been generated when the words came: words come ahead of their audio; infinite when it is lost. */
  readonly atSample: number;
}

interface CallerTurn {
  /** When its first words came; undefined before. */
  readonly atMs: number | undefined;
  readonly text: string;
}

/** Lines that a fresh session is told about at most. */
const recapLines = 40;

/** Joins fragments to lines and ties the agent's words to what the caller heard of them. */
export class Transcript {
  readonly #nowMs: () => number;
  readonly #onLine: (line: TranscriptLine) => void;
  readonly #lines: TranscriptLine[] = [];
  /** What the caller has said since the agent's last word, turn by turn, as far as it may still grow or come again. */
  #turns: CallerTurn[] = [];
  #callerRepeats = false;
  #agent: { atMs: number; fragments: Fragment[] } | undefined;

  constructor(nowMs: () => number, onLine: (line: TranscriptLine) => void) {
    this.#nowMs = nowMs;
    this.#onLine = onLine;
  }

  get lines(): readonly TranscriptLine[] {
    return this.#lines;
  }

  /** What is being said, of lines that are not complete. */
  get openWords(): { readonly caller: string; readonly agent: string } {
    const caller = this.#callerRepeats ? '' : this.#turns.map(({ text }) => text.trim()).join(' ');
    return { caller: caller.trim(), agent: this.#agent ? this.lastOfAgent.trim() : '' };
  }

  /** The lines that are not complete, as they would be if the call ended now with `heard` samples of the reply heard. */
  openLines(heard: number): readonly TranscriptLine[] {
    const caller = this.#turns.map(({ atMs = this.#nowMs(), text }) => ({
      who: 'caller' as const,
      atMs,
      text: text.trim(),
      unheard: '',
    }));
    const agent = this.#agent
      ? [agentLine(this.#agent.atMs, this.#agent.fragments, ({ atSample }) => atSample < heard)]
      : [];
    return [...caller, ...agent].filter(({ text, unheard }) => text !== '' || unheard !== '');
  }

  /** The caller begins a turn, a line of its own; `goesOn`: the one before has not been answered, and may come again with it. */
  callerBegan(goesOn: boolean): void {
    if (!goesOn) this.endCallerLine();
    this.#turns.push({ atMs: undefined, text: '' });
  }

  /** The caller's words, as the model understood them. */
  callerSaid(text: string): void {
    // said again to another connection, several turns are one
    const [first, ...others] = this.#turns;
    const open = this.#callerRepeats ? { atMs: first?.atMs, text: '' } : (others.at(-1) ?? first);
    const before = this.#callerRepeats ? [] : this.#turns.slice(0, -1);
    this.#turns = [...before, { atMs: open?.atMs ?? this.#nowMs(), text: (open?.text ?? '') + text }];
    this.#callerRepeats = false;
  }

  /** What the caller has said and was not answered will come again: it takes the place of what there is. */
  callerRepeats(): void {
    this.#callerRepeats = true;
  }

  /** What the caller last said. */
  get lastOfCaller(): string {
    const open = this.#turns.findLast(({ text }) => text !== '');
    return open?.text ?? this.#lines.findLast(({ who }) => who === 'caller')?.text ?? '';
  }

  /** The caller's keys, a line of their own. */
  callerPressed(text: string): void {
    this.endCallerLine();
    this.#add({ who: 'caller', atMs: this.#nowMs(), text, unheard: '' });
  }

  /** The agent's words, as generated while `atSample` samples of the reply's audio had come. */
  agentSaid(text: string, atSample: number): void {
    // the model answers: what the caller said before is complete
    this.endCallerLine();
    this.#agent ??= { atMs: this.#nowMs(), fragments: [] };
    this.#agent.fragments.push({ text, atSample });
  }

  /** Completes the caller's lines, if there are any. */
  endCallerLine(): void {
    const turns = this.#turns;
    this.#turns = [];
    this.#callerRepeats = false;
    for (const { atMs = this.#nowMs(), text } of turns) this.#add({ who: 'caller', atMs, text, unheard: '' });
  }

  /** The reply was torn: it ends after `samples`, whatever words have come ahead of their audio. */
  agentTorn(samples: number): void {
    if (!this.#agent) return;
    this.#agent.fragments = this.#agent.fragments.map((fragment) =>
      fragment.atSample < samples ? fragment : { ...fragment, atSample: Number.POSITIVE_INFINITY },
    );
  }

  /** What the caller will have heard of the agent's last line once what is left of it has been played. */
  get lastOfAgent(): string {
    if (this.#agent) return joined(this.#agent.fragments.filter(({ atSample }) => Number.isFinite(atSample)));
    const last = this.#lines.at(-1);
    return last?.who === 'agent' ? last.text : '';
  }

  /** Completes the agent's line: words whose audio was not heard are kept apart. */
  endAgentLine(account: ReplyAccount): void {
    if (!this.#agent) return;
    const { atMs, fragments } = this.#agent;
    this.#agent = undefined;
    const isWhole = account.dropped === 0;
    const isHeard = ({ atSample }: Fragment): boolean =>
      Number.isFinite(atSample) && (isWhole || atSample < account.heard);
    this.#add(agentLine(atMs, fragments, isHeard));
  }

  /** Whether the last thing the caller heard of the agent was a question. */
  get endsWithQuestion(): boolean {
    const last = this.#lines.at(-1);
    return last?.who === 'agent' && last.unheard === '' && /[?？]\s*$/.test(last.text);
  }

  /** The conversation so far as plain text, the last lines of it. */
  recap(): string {
    // what the caller will say again is not told twice
    const open = this.#callerRepeats ? [] : this.#turns.filter(({ text }) => text.trim() !== '');
    return [...this.#lines, ...open.map(({ text }) => ({ who: 'caller', text: text.trim() }))]
      .slice(-recapLines)
      .map(({ who, text }) => `${who === 'caller' ? 'Caller' : 'You'}: ${text}`)
      .join('\n');
  }

  #add(line: TranscriptLine): void {
    const tidy = { ...line, text: line.text.trim(), unheard: line.unheard.trim() };
    if (!tidy.text && !tidy.unheard) return;
    this.#lines.push(tidy);
    this.#onLine(tidy);
  }
}

function agentLine(
  atMs: number,
  fragments: readonly Fragment[],
  isHeard: (fragment: Fragment) => boolean,
): TranscriptLine {
  const text = joined(fragments.filter(isHeard)).trim();
  const unheard = joined(fragments.filter((fragment) => !isHeard(fragment))).trim();
  return { who: 'agent', atMs, text, unheard };
}

function joined(fragments: readonly Fragment[]): string {
  return fragments.map(({ text }) => text).join('');
}
