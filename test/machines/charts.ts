import type { AnyStateMachine } from 'xstate';
import {
  callMachine,
  exotelLinkMachine,
  geminiLinkMachine,
  keypadMachine,
  parkingMachine,
  playoutMachine,
  speechDetectorMachine,
  toolCallMachine,
  toolsMachine,
  turnMachine,
} from '../../machines/index.ts';
import { callInput } from '../helpers/machines.ts';

/** A chart and the context in which its delays are to be resolved. */
export interface Chart {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly context: Readonly<Record<string, unknown>>;
}

/** All of them. */
export const charts: readonly Chart[] = [
  {
    name: 'call',
    machine: callMachine,
    context: { ...callInput, floor: 'nobody', outcome: 'stopped', failure: undefined },
  },
  { name: 'turn', machine: turnMachine, context: { ...callInput.turn, onsetSample: 0 } },
  { name: 'exotelLink', machine: exotelLinkMachine, context: callInput.exotelLink },
  {
    name: 'geminiLink',
    machine: geminiLinkMachine,
    context: { ...callInput.geminiLink, attempts: 3, goAwayMs: 9000, retryAfterMs: 0, failure: undefined },
  },
  { name: 'speechDetector', machine: speechDetectorMachine, context: { onsetSample: 0 } },
  {
    name: 'keypad',
    machine: keypadMachine,
    context: { ...callInput.keypad, digits: '', ask: { digits: 6, terminator: '#', timeoutMs: 9000 } },
  },
  {
    name: 'parking',
    machine: parkingMachine,
    context: {
      startMs: 10_000,
      longestParkedMs: 60_000,
      pauseMs: 9000,
      longestApologyMs: 15_000,
      closeMs: 2000,
    },
  },
  { name: 'playout', machine: playoutMachine, context: {} },
  { name: 'tools', machine: toolsMachine, context: { running: [] } },
  { name: 'toolCall', machine: toolCallMachine, context: { run: 'run-1', tool: 'book', timeoutMs: 9000 } },
];

/** The name under which a config refers to an action, guard or actor; `not a name` when it is none. */
export function nameOf(item: unknown): string {
  if (typeof item === 'string') return item;
  const hasType = typeof item === 'object' && item !== null && 'type' in item;
  return hasType && typeof item.type === 'string' ? item.type : 'not a name';
}
