import type { CallRow, Health, Problem } from '../../inspection/format.ts';

/** Who has the floor, in a word. */
export const floorWords: Record<CallRow['floor'], string> = {
  agent: 'Agent',
  caller: 'Caller',
  nobody: 'Nobody',
};

/** Whether a call goes well, in a word. */
export const healthWords: Record<Health, string> = {
  good: 'Good',
  slow: 'Slow',
  reconnecting: 'Reconnecting',
  failing: 'Failing',
};

const outcomes: Readonly<Record<string, string>> = {
  callerHungUp: 'The caller hung up.',
  agentEnded: 'The agent’s side ended it.',
  callerSilent: 'The caller said nothing for too long.',
  timeLimit: 'It had lasted as long as a call may.',
  transferred: 'It was passed on.',
  modelUnavailable: 'The model could not be had.',
  lineFailed: 'The line to Exotel failed.',
  stopped: 'The service was stopped.',
  cutOff: 'The process that carried it was lost.',
};

/** How a call ended, in a sentence. */
export function outcomeWords(outcome: string | undefined): string {
  if (outcome === undefined) return 'The process that carried it is gone.';
  return outcomes[outcome] ?? `It ended: ${outcome}.`;
}

/** Why a call cannot be watched, in a sentence. */
export function problemWords({ code, message }: Problem): string {
  if (code === 'watch.no-such-call') return 'There is no live call of this name: it is over, or never was.';
  return `The service says: ${message}.`;
}
