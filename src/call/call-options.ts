import type { Agent } from '../agents/index.ts';
import type { GeminiAccess, GeminiDial, SessionSource } from '../gemini/index.ts';
import type { Log } from '../observe/index.ts';
import type { SharedPlayoutClock } from '../playout/index.ts';
import type { SpeechScorer } from '../speech/index.ts';
import type { Clock } from '../time/index.ts';
import type { ToolSet } from '../tools/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import type { CallerMemory } from './caller-memory.ts';
import type { CallObserver } from './observer.ts';
import type { Sentence } from './sentence.ts';

/** What a call is made of. */
export interface CallOptions {
  readonly callId: string;
  readonly clock: Clock;
  readonly sharedClock: SharedPlayoutClock;
  readonly log: Log;
  readonly socket: FrameSocket;
  /** The only call that may come over the socket, when that is known. */
  readonly expectedCallSid?: string | undefined;
  readonly agent: Agent;
  /** Records of calls are kept here: an agent that announces it does so. */
  readonly areRecordsKept?: boolean | undefined;
  readonly access: GeminiAccess;
  readonly dial: GeminiDial;
  /** Sessions of the agent that are set up already. */
  readonly warm?: SessionSource | undefined;
  /** Tells the caller's speech from noise; the call closes it. */
  readonly scorer: SpeechScorer;
  /** What the caller hears when the model cannot be had. */
  readonly apology: Sentence;
  /** What the agent remembers of callers; nothing without it. */
  readonly memory?: CallerMemory | undefined;
  /** What the model can have done; nothing when there are none. */
  readonly tools?: ToolSet;
  readonly observers: readonly CallObserver[];
  /** Told once, when nothing of the call is left running. */
  readonly onOver: (callId: string) => void;
}
