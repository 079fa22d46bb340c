import { greetingRows, silentRows } from './turn-table-greeting.ts';
import { awaitingRows, listeningRows } from './turn-table-listening.ts';
import { drainingRows, droppingRows, speakingRows } from './turn-table-speaking.ts';
import { quiet, type Reaction, type Rows, type TurnState } from './turn-words.ts';

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
