import {
  callMachine,
  exotelLinkMachine,
  geminiLinkMachine,
  playoutMachine,
  speechDetectorMachine,
} from '../../machines/index.ts';
import { type ExotelWire, exotelWireActor } from '../exotel/index.ts';
import { type GeminiWire, geminiWireActor } from '../gemini/index.ts';
import { type ToolDesk, toolsActor } from '../tools/index.ts';
import type { CallVoice } from './call-voice.ts';
import type { CallerEar } from './caller-ear.ts';
import { detectorActor, schedulerActor } from './child-actors.ts';
import type { EventNotes } from './event-notes.ts';
import type { MutedCaller } from './muted-caller.ts';

/** The parts of a call that its charts command. */
export interface CallParts {
  readonly exotel: ExotelWire;
  readonly gemini: GeminiWire;
  readonly ear: CallerEar;
  readonly desk: ToolDesk;
  readonly voice: CallVoice;
  readonly notes: EventNotes;
  readonly caller: MutedCaller;
  /** It is decided whom the caller is passed on to. */
  readonly tellTransfer: (to: string) => void;
  /** It is decided where the flow goes on, or taken back: `''`. */
  readonly tellBranch: (branch: string) => void;
}

/** The call's chart, at work with its parts. */
export function chartOf({
  exotel,
  gemini,
  ear,
  desk,
  voice,
  notes,
  caller,
  tellTransfer,
  tellBranch,
}: CallParts): typeof callMachine {
  return callMachine.provide({
    actors: {
      exotelLink: exotelLinkMachine.provide({ actors: { exotelWire: exotelWireActor(exotel) } }),
      geminiLink: geminiLinkMachine.provide({ actors: { geminiWire: geminiWireActor(gemini) } }),
      speechDetector: speechDetectorMachine.provide({ actors: { detector: detectorActor(ear) } }),
      tools: toolsActor(desk),
      playout: playoutMachine.provide({ actors: { scheduler: schedulerActor(voice) } }),
    },
    actions: {
      note: ({ event }) => notes.note(event),
      tellTransfer: ({ context }) => tellTransfer(context.transferTo),
      tellBranch: ({ context }) => tellBranch(context.branch),
      muteCaller: () => caller.mute(),
      unmuteCaller: () => caller.unmute(),
    },
  });
}
