import * as z from 'zod';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import type { FrameSocket } from '../wire/index.ts';
import { BoundedSocket } from './bounded-socket.ts';
import type { Viewer, WatchGrant } from './feed.ts';
import { type Hello, type Problem, type WatchQuestion, watchVersion } from './format.ts';
import type { WatchHub } from './watch-hub.ts';

/** Calls that one viewer watches at a time at most. */
const mostCallsOfViewer = 16;

const callId = z.string().min(1).max(64);
const questionSchema: z.ZodType<WatchQuestion> = z.union([
  z.strictObject({ watch: z.literal('calls') }),
  z.strictObject({ watch: z.literal('call'), callId }),
  z.strictObject({ unwatch: z.literal('calls') }),
  z.strictObject({ unwatch: z.literal('call'), callId }),
]);

/** What a viewer's connection is served with. */
export interface ViewerOptions {
  readonly hub: WatchHub;
  readonly clock: Clock;
  readonly log: Log;
  readonly grant: WatchGrant;
  /** Told once, when it is gone. */
  readonly onGone: () => void;
}

/** One connection that watches calls, and what it asks for. */
export class SocketViewer implements Viewer {
  readonly grant: WatchGrant;
  readonly #hub: WatchHub;
  readonly #socket: BoundedSocket;

  constructor(socket: FrameSocket, { hub, clock, log, grant, onGone }: ViewerOptions) {
    this.grant = grant;
    this.#hub = hub;
    this.#socket = new BoundedSocket(socket, {
      clock,
      log,
      onFrame: (data) => this.#take(data),
      onGone: () => {
        hub.leave(this);
        onGone();
      },
    });
    this.#socket.open();
    const { personal } = grant;
    this.#say({ type: 'hello', version: watchVersion, wallMs: clock.wallMs(), personal });
  }

  send(message: string): void {
    this.#socket.send(message);
  }

  /** Ends the connection. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #say(message: Hello | Problem): void {
    this.send(JSON.stringify(message));
  }

  #take(data: Buffer): void {
    const question = readQuestion(data);
    if (!question) {
      const message =
        'expected {"watch" or "unwatch": "calls"} or {…: "call", "callId"}, found something else';
      return this.#say({ type: 'problem', code: 'watch.bad-question', message });
    }
    const hub = this.#hub;
    if ('unwatch' in question) {
      if (question.unwatch === 'calls') return hub.unwatchCalls(this);
      return hub.unwatchCall(this, question.callId);
    }
    if (question.watch === 'calls') return hub.watchCalls(this);
    this.#watch(question.callId);
  }

  #watch(id: string): void {
    if (this.#hub.watchedBy(this) >= mostCallsOfViewer) {
      const message = `expected at most ${mostCallsOfViewer} calls at a time, found more`;
      return this.#say({ type: 'problem', code: 'watch.too-many', message, callId: id });
    }
    this.#hub.watchCall(this, id);
  }
}

function readQuestion(data: Buffer): WatchQuestion | undefined {
  try {
    return questionSchema.safeParse(JSON.parse(data.toString())).data;
  } catch {
    return undefined;
  }
}
