import { type Actor, type ActorOptions, type AnyActorRef, createActor } from 'xstate';
import {
  type CallInput,
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

/** The parts of each call that runs, by its system of actors. */
const parts = new WeakMap<AnyActorRef['system'], CallParts>();

/**
 * The call's chart, at work: each actor finds the parts of its call by its system.
 *
 * It is one for all calls: building the charts anew would take a call longer than anything else that it begins with, and
 * each would learn again what its events mean.
 */
const chart = callMachine.provide({
  actors: {
    exotelLink: exotelLinkMachine.provide({
      actors: { exotelWire: exotelWireActor((system) => partsOf(system).exotel) },
    }),
    geminiLink: geminiLinkMachine.provide({
      actors: { geminiWire: geminiWireActor((system) => partsOf(system).gemini) },
    }),
    speechDetector: speechDetectorMachine.provide({
      actors: { detector: detectorActor((system) => partsOf(system).ear) },
    }),
    tools: toolsActor((system) => partsOf(system).desk),
    playout: playoutMachine.provide({
      actors: { scheduler: schedulerActor((system) => partsOf(system).voice) },
    }),
  },
  actions: {
    note: ({ event, system }) => partsOf(system).notes.note(event),
    tellTransfer: ({ context, system }) => partsOf(system).tellTransfer(context.transferTo),
    tellBranch: ({ context, system }) => partsOf(system).tellBranch(context.branch),
    muteCaller: ({ system }) => partsOf(system).caller.mute(),
    unmuteCaller: ({ system }) => partsOf(system).caller.unmute(),
  },
});

/** The actor of a call whose chart is at work with `its` parts; not started. */
export function callActor(
  its: CallParts,
  options: ActorOptions<typeof callMachine> & { readonly input: CallInput },
): Actor<typeof callMachine> {
  const actor = createActor(chart, options);
  parts.set(actor.system, its);
  return actor;
}

function partsOf(system: AnyActorRef['system']): CallParts {
  const its = parts.get(system);
  if (!its) throw new Error('an actor of no call');
  return its;
}
