import * as z from 'zod';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import { type FrameSocket, floodGuarded } from '../wire/index.ts';
import type { Viewer, WatchGrant } from './feed.ts';
import { type Hello, type Problem, type WatchQuestion, watchCloseCodes, watchVersion } from './format.ts';
import type { WatchHub } from './watch-hub.ts';

/** What may wait to be sent to one viewer, bytes: a minute of one call or more; then it is dropped. */
const mostWaiting = 1024 * 1024;
/** How long a dropped viewer may take to close, ms. */
const closeMs = 1000;
/** Calls that one viewer watches at a time at most. */
const mostCallsOfViewer = 16;
/** What a viewer may ask, messages. */
const questionFlood = { perSecond: 20, burst: 100 };

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

/** One connection that watches calls. One that reads too slowly is dropped, and nothing else waits for it. */
export class SocketViewer implements Viewer {
  readonly grant: WatchGrant;
  readonly #o: ViewerOptions;
  readonly #socket: FrameSocket;
  #isGone = false;

  constructor(socket: FrameSocket, options: ViewerOptions) {
    this.#o = options;
    this.grant = options.grant;
    this.#socket = floodGuarded(socket, options.clock, questionFlood);
    this.#socket.listen({
      onFrame: (data) => this.#take(data),
      onClose: () => this.#gone(),
    });
    const { personal } = options.grant;
    this.#say({ type: 'hello', version: watchVersion, wallMs: options.clock.wallMs(), personal });
  }

  send(message: string): void {
    if (this.#isGone) return;
    if (this.#socket.bufferedBytes > mostWaiting) {
      this.#o.log.warn({ bytes: this.#socket.bufferedBytes }, 'watch.tooSlow');
      this.close(watchCloseCodes.tooSlow, `more than ${mostWaiting} bytes waited to be read`);
      return;
    }
    this.#socket.send(message);
  }

  /** Ends the connection; one that does not answer is dropped. */
  close(code: number, reason: string): void {
    this.#gone();
    this.#socket.close(code, reason);
    this.#o.clock.setTimeout(() => this.#socket.terminate(), closeMs);
  }

  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#o.hub.leave(this);
    this.#o.onGone();
  }

  #say(message: Hello | Problem): void {
    this.send(JSON.stringify(message));
  }

  #take(data: Buffer): void {
    if (this.#isGone) return;
    const question = readQuestion(data);
    if (!question) {
      const message =
        'expected {"watch" or "unwatch": "calls"} or {…: "call", "callId"}, found something else';
      return this.#say({ type: 'problem', code: 'watch.bad-question', message });
    }
    const { hub } = this.#o;
    if ('unwatch' in question) {
      if (question.unwatch === 'calls') return hub.unwatchCalls(this);
      return hub.unwatchCall(this, question.callId);
    }
    if (question.watch === 'calls') return hub.watchCalls(this);
    this.#watch(question.callId);
  }

  #watch(id: string): void {
    if (this.#o.hub.watchedBy(this) >= mostCallsOfViewer) {
      const message = `expected at most ${mostCallsOfViewer} calls at a time, found more`;
      return this.#say({ type: 'problem', code: 'watch.too-many', message, callId: id });
    }
    const problem = this.#o.hub.watchCall(this, id);
    if (problem) this.#say(problem);
  }
}

function readQuestion(data: Buffer): WatchQuestion | undefined {
  try {
    return questionSchema.safeParse(JSON.parse(data.toString())).data;
  } catch {
    return undefined;
  }
}
