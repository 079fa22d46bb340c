import { useMutation } from '@tanstack/react-query';
import { commandCall, type LiveCommand } from '../api/live-calls.ts';

/** Asks something of a call; `error` says why it was not taken. */
export function useCommand(callId: string) {
  return useMutation({ mutationFn: (asked: LiveCommand) => commandCall(callId, asked) });
}

export type Command = ReturnType<typeof useCommand>;
