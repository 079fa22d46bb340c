import { type AnyActorRef, fromCallback, type NonReducibleUnknown } from 'xstate';
import type {
  DetectorReport,
  SchedulerCommand,
  SchedulerReport,
  SpeechCommand,
} from '../../machines/index.ts';
import type { PlayoutNotice } from '../playout/index.ts';
import type { CallerEar } from './caller-ear.ts';

/** The caller's ear of an actor's system as an actor: reports go to the detector's chart, its commands come back. */
export function detectorActor(earOf: (system: AnyActorRef['system']) => CallerEar) {
  return fromCallback<SpeechCommand, NonReducibleUnknown, DetectorReport>(({ system, sendBack, receive }) => {
    const ear = earOf(system);
    receive((command) => ear.handle(command));
    ear.listen(sendBack);
    return () => ear.dispose();
  });
}

/** What the playout chart's actor needs of the agent's voice. */
export interface AgentVoice {
  listen(notify: (notice: PlayoutNotice) => void): void;
  obey(command: SchedulerCommand): void;
  dispose(): void;
}

/** The agent's voice of an actor's system as an actor: notices go to the playout's chart, its commands come back. */
export function schedulerActor(voiceOf: (system: AnyActorRef['system']) => AgentVoice) {
  return fromCallback<SchedulerCommand, NonReducibleUnknown, SchedulerReport>(
    ({ system, sendBack, receive }) => {
      const voice = voiceOf(system);
      receive((command) => voice.obey(command));
      voice.listen((notice) => sendBack({ type: `queue.${notice}` }));
      return () => voice.dispose();
    },
  );
}
