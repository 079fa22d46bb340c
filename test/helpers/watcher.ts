import type { Viewer, WatchGrant } from '../../src/inspection/feed.ts';
import {
  applyCallChanges,
  applyListChanges,
  type CallOver,
  type CallPicture,
  type ListPicture,
  type WatchMessage,
} from '../../src/inspection/format.ts';

/** A viewer in memory, which puts together what it is sent as a real one does, and fails where something is missing. */
export class Watcher implements Viewer {
  readonly grant: WatchGrant;
  /** Every message as it came. */
  readonly texts: string[] = [];
  call: CallPicture | undefined;
  list: ListPicture | undefined;
  over: CallOver | undefined;

  constructor(grant: WatchGrant = { personal: true }) {
    this.grant = grant;
  }

  send(text: string): void {
    this.texts.push(text);
    const message: WatchMessage = JSON.parse(text);
    if (message.type === 'call') {
      const { type: _, ...picture } = message;
      this.call = picture;
    } else if (message.type === 'calls') this.list = message;
    else if (message.type === 'call.over') this.over = message;
    else if (message.type === 'call.changes' && this.call) {
      this.call = applyCallChanges(this.call, message);
      if (!this.call) throw new Error(`a gap before ${message.seq}`);
    } else if (message.type === 'calls.changes' && this.list) {
      this.list = applyListChanges(this.list, message);
      if (!this.list) throw new Error(`a gap before ${message.seq}`);
    }
  }
}
