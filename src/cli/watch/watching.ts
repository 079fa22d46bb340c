import pc from 'picocolors';
import {
  applyCallChanges,
  applyListChanges,
  type CallPicture,
  type CallRow,
  type ListPicture,
  type WatchMessage,
  type WatchQuestion,
  watchCloseCodes,
  watchVersion,
} from '../../inspection/index.ts';
import type { Clock } from '../../time/index.ts';
import type { FrameSocket } from '../../wire/index.ts';
import { UserError } from '../output.ts';
import { CallView } from './call-view.ts';
import { ListView } from './list-view.ts';
import { plain } from './plain.ts';

/** How a service is watched. */
export interface WatchingOptions {
  readonly clock: Clock;
  /** The id of a call or how it begins, or Exotel's id; undefined for the only one, or the list. */
  readonly call: string | undefined;
  /** Whether the steps of every chart are told. */
  readonly all: boolean;
  readonly isTerminal: boolean;
  /** Whether text is coloured. */
  readonly color: boolean;
  readonly write: (text: string) => void;
}

/** How long the list may take to hold the calls of all processes, ms. */
const settleMs = 400;

/** One connection to a service, and what of it is shown. */
export class Watching {
  readonly #socket: FrameSocket;
  readonly #clock: Clock;
  readonly #wanted: string | undefined;
  readonly #callView: CallView;
  readonly #listView: ListView;
  readonly #over = Promise.withResolvers<number>();
  #error: Error | undefined;
  #list: ListPicture | undefined;
  #hasChosen = false;
  #isOneShown = false;
  #call: CallPicture | undefined;
  /** What the service's wall clock is ahead of ours, ms. */
  #aheadMs = 0;

  constructor(socket: FrameSocket, { clock, call, all, isTerminal, color, write }: WatchingOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#wanted = call;
    const colors = pc.createColors(color);
    this.#callView = new CallView((line) => write(`${line}\n`), all, colors);
    this.#listView = new ListView(write, isTerminal, colors);
    socket.listen({
      onFrame: (data) => this.#take(data),
      onError: (error) => {
        this.#error ??= error;
      },
      onClose: (code, reason) => this.#closed(code, reason),
    });
  }

  /** The exit code, once there is nothing more to show. */
  get over(): Promise<number> {
    return this.#over.promise;
  }

  end(code: number): void {
    this.#over.resolve(code);
    this.#socket.terminate();
  }

  #fail(message: string): void {
    this.#over.reject(new UserError(message));
    this.#socket.terminate();
  }

  #closed(code: number, reason: string): void {
    if (this.#error) return this.#fail(`cannot watch: ${this.#error.message}`);
    if (code === watchCloseCodes.tooSlow)
      return this.#fail(`the service let go of this viewer: ${plain(reason)}`);
    this.#fail('the service has gone away');
  }

  #take(data: Buffer): void {
    // it is the service that we were told to believe
    const message: WatchMessage = JSON.parse(data.toString());
    switch (message.type) {
      case 'hello':
        if (message.version !== watchVersion) {
          return this.#fail(
            `expected version ${watchVersion} of the service's messages, found ${message.version}`,
          );
        }
        this.#aheadMs = message.wallMs - this.#clock.wallMs();
        return this.#ask({ watch: 'calls' });
      case 'calls':
        return this.#listed(message);
      case 'calls.changes': {
        const list = this.#list && applyListChanges(this.#list, message);
        return list ? this.#listed(list) : this.#ask({ watch: 'calls' });
      }
      case 'call':
        if (!this.#call) this.#callView.whole(message);
        this.#call = message;
        return;
      case 'call.changes':
        this.#call = this.#call && applyCallChanges(this.#call, message);
        if (!this.#call) return this.#ask({ watch: 'call', callId: message.callId });
        return this.#callView.changes(message);
      case 'call.over':
        this.#callView.over(message);
        return this.end(0);
      case 'problem':
        return this.#fail(message.message);
    }
  }

  #listed(list: ListPicture): void {
    const isFirst = this.#list === undefined;
    this.#list = list;
    if (isFirst) this.#clock.setTimeout(() => this.#choose(), settleMs);
    else if (this.#hasChosen) this.#show();
  }

  #choose(): void {
    this.#hasChosen = true;
    const only = this.#only(this.#list?.calls ?? []);
    if (!only) return this.#show();
    this.#isOneShown = true;
    this.#ask({ unwatch: 'calls' });
    this.#ask({ watch: 'call', callId: only.callId });
  }

  #show(): void {
    // the call is being shown instead
    if (this.#isOneShown) return;
    this.#listView.show(this.#list?.calls ?? [], this.#clock.wallMs() + this.#aheadMs);
  }

  /** The call to show: the one that was asked for, or the only one. */
  #only(calls: readonly CallRow[]): CallRow | undefined {
    const wanted = this.#wanted;
    if (wanted === undefined) return calls.length === 1 ? calls[0] : undefined;
    const found = calls.filter(({ callId, callSid }) => callId.startsWith(wanted) || callSid === wanted);
    if (found.length === 1) return found[0];
    this.#fail(`expected the id of one live call, or how it begins, found ${found.length} for "${wanted}"`);
    return undefined;
  }

  #ask(question: WatchQuestion): void {
    this.#socket.send(JSON.stringify(question));
  }
}
