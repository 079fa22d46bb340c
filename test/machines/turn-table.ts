import { greetingRows, silentRows } from './turn-table-greeting.ts';
import { awaitingRows, listeningRows, pressingRows, workingRows } from './turn-table-listening.ts';
import { drainingRows, droppingRows, speakingRows } from './turn-table-speaking.ts';
import {
  type Circumstance,
  quiet,
  type Reaction,
  type Rows,
  type TurnEventType,
  type TurnState,
} from './turn-words.ts';

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
  ...pressingRows,
  ...workingRows,
  ...silentRows,
  ...speakingRows,
  ...drainingRows,
  ...droppingRows,
};

/** What a turn remembers beside its state, by the design. */
interface Memory {
  readonly stalls: number;
  readonly unanswered: number;
  readonly isTorn: boolean;
  readonly tool: 'none' | 'running' | 'answered';
}

/** One step of the table. */
export interface Step {
  readonly reaction: Reaction;
  /** What it hung on beside the state. */
  readonly circumstance: Circumstance | undefined;
}

/** Turns in a row without an answer before the session is renewed; as the tests' policy says. */
const tooOften = 3;

/** Reads the table for one turn; it remembers what the table's exceptions ask for. */
export class TableReader {
  #memory: Memory;

  constructor(memory: Memory = { stalls: 0, unanswered: 0, isTorn: false, tool: 'none' }) {
    this.#memory = memory;
  }

  /** A reader of the same turn that goes on by itself. */
  fork(): TableReader {
    return new TableReader(this.#memory);
  }

  /** What is remembered, in words; equal words mean the same future. */
  get memory(): string {
    return Object.values(this.#memory).join(' ');
  }

  /** What `event` leads to in `from`. */
  take(from: TurnState, event: TurnEventType): Step {
    // an answer comes before anything else that the memory may say
    this.#memory = this.#noted(from, event);
    const { on, unless = [] } = turnTable[from];
    const exception = unless.find(([when, what]) => what[event] && this.#holds(when));
    const reaction = exception?.[1][event] ?? on[event] ?? [from];
    this.#memory = this.#noteReaction(from, event, reaction);
    return { reaction, circumstance: exception?.[0] };
  }

  #holds(circumstance: Circumstance): boolean {
    const { stalls, unanswered, isTorn, tool } = this.#memory;
    switch (circumstance) {
      case 'the reply is torn':
        return isTorn;
      case 'a tool runs':
        return tool === 'running';
      case 'more is owed':
        return tool === 'answered';
      case 'a reply has stalled':
        return stalls > 0;
      case 'replies have stalled':
        return stalls > 1;
      case 'turns were left unanswered':
        return unanswered >= tooOften;
    }
  }

  /** What the event itself tells. */
  #noted(from: TurnState, event: TurnEventType): Memory {
    const memory = this.#memory;
    const isAudible = /^(greeting.protected|modelSpeaking|draining)/.test(from);
    if (event === 'tool.started') return { ...memory, tool: 'running' };
    if (event === 'tool.finished') return { ...memory, tool: isAudible ? 'answered' : 'none' };
    if (event === 'deadline.tool' && from.startsWith('working')) return { ...memory, tool: 'none' };
    return memory;
  }

  /** What came of it tells. */
  #noteReaction(from: TurnState, event: TurnEventType, [to, ...told]: Reaction): Memory {
    let { stalls, unanswered, isTorn, tool } = this.#memory;
    if (from === 'modelSpeaking.stalled' && event === 'deadline.nudge') stalls = Math.min(stalls + 1, 2);
    if (from === 'awaitingReply.patient' && event === 'deadline.overdue')
      unanswered = Math.min(unanswered + 1, tooOften);
    const isReply = /^(modelSpeaking|draining)/.test(from);
    if (isReply && event === 'gemini.generationComplete') {
      // a reply that is generated to its end was whole, and is what the tool was waited for
      stalls = 0;
      if (tool === 'answered') tool = 'none';
    }
    if (to === 'modelSpeaking.speaking' || (to.startsWith('draining') && !from.startsWith('draining')))
      unanswered = 0;
    if (told.includes('playout.finishAtGap')) isTorn = true;
    if (event === 'gemini.ready' && told.includes('gemini.goOn')) tool = 'answered';
    const isOver =
      /^(listening|awaitingReply|working|pressing)/.test(to) &&
      !/^(listening|awaitingReply|working|pressing)/.test(from);
    const isNext =
      to === 'modelSpeaking.priming' || /^(listening|working)/.test(to) || told.includes('gemini.goOn');
    if (isNext && (to !== from || told.length > 0)) isTorn = false;
    if (isOver && tool === 'answered') tool = 'none';
    return { stalls, unanswered, isTorn, tool };
  }
}
