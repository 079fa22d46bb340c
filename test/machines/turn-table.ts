import { greetingRows, silentRows } from './turn-table-greeting.ts';
import { awaitingRows, listeningRows } from './turn-table-listening.ts';
import { drainingRows, droppingRows, speakingRows } from './turn-table-speaking.ts';
import { quiet, type Reaction, type Rows, type TurnEventType, type TurnState } from './turn-words.ts';

/** How a turn begins, by whether the agent greets. */
export const beginnings: Readonly<Record<'agentGreets' | 'callerFirst', Reaction>> = {
  agentGreets: ['greeting.awaited.undisturbed', 'gemini.greet'],
  callerFirst: quiet,
};

/** What every event does in every state: written from the design, not from the chart. */
export const turnTable: Rows<TurnState> = {
  ...greetingRows,
  ...listeningRows,
  ...awaitingRows,
  ...silentRows,
  ...speakingRows,
  ...drainingRows,
  ...droppingRows,
};

/** Reads the table for one turn; it remembers how often in a row a reply has stalled. */
export class TableReader {
  #stalls = 0;

  /** Stalls in a row so far. */
  get stalls(): number {
    return this.#stalls;
  }

  /** What `event` leads to in `from`. */
  take(from: TurnState, event: TurnEventType): Reaction {
    const { on, again } = turnTable[from];
    const repeated = this.#stalls > 0 ? again?.[event] : undefined;
    const reaction = repeated?.[Math.min(this.#stalls, repeated.length) - 1] ?? on[event] ?? [from];
    if (from === 'modelSpeaking.stalled' && event === 'deadline.nudge') this.#stalls += 1;
    // a reply that is generated to its end was whole
    if (from.startsWith('modelSpeaking') && event === 'gemini.generationComplete') this.#stalls = 0;
    return reaction;
  }
}
