import type { CallEvent } from '../../machines/index.ts';

/** What somebody who is not on the line may have done to a call. */
export type CallCommand =
  /** Last words are heard, then the line is closed. */
  | { readonly type: 'end' }
  /** The agent says this very sentence in the next quiet moment. */
  | { readonly type: 'say'; readonly sentence: string }
  /** Keeps the caller's voice from the model and the turns, or lets it through again; keys and records have it all the same. */
  | { readonly type: 'mute'; readonly isMuted: boolean }
  /** Passes the call on to the number `to`; with `announce` the model is asked to tell the caller first. */
  | { readonly type: 'transfer'; readonly to: string; readonly announce: boolean };

/** The command as the call's chart knows it. */
export function eventOf(command: CallCommand): CallEvent {
  switch (command.type) {
    case 'end':
      return { type: 'call.end' };
    case 'say':
      return { type: 'call.say', sentence: command.sentence };
    case 'mute':
      return { type: command.isMuted ? 'call.mute' : 'call.unmute' };
    case 'transfer':
      return { type: 'call.transfer', to: command.to, announce: command.announce };
  }
}
