/** How calls end, as a search takes it and in a few words. */
export const outcomes = [
  { value: 'callerHungUp', label: 'Caller hung up' },
  { value: 'agentEnded', label: 'Agent ended it' },
  { value: 'transferred', label: 'Passed on' },
  { value: 'callerSilent', label: 'Caller silent' },
  { value: 'timeLimit', label: 'Time limit' },
  { value: 'modelUnavailable', label: 'No model' },
  { value: 'lineFailed', label: 'Line failed' },
  { value: 'stopped', label: 'Service stopped' },
  { value: 'cutOff', label: 'Cut off' },
] as const;

/** How a call ended, in a few words. */
export function outcomeLabel(outcome: string): string {
  return outcomes.find(({ value }) => value === outcome)?.label ?? outcome;
}

/** When something was, such as `31 Jan 2026, 09:00`, in this place’s time and way of writing. */
export function whenText(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `75000` as `1:15`. */
export function lengthText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A time in the call or how long something took, such as `340 ms` or `4.2 s`. */
export function msText(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
