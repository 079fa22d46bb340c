import type { WatchQuestion } from './format.ts';

/** What a process asks of the others: what a viewer asks, or only that it is still there and wants what it asked for. */
export type PeerQuestion = WatchQuestion | { readonly here: true };

/** Who takes what other processes say. */
export interface PeerListener {
  /** The process `peer` asks. */
  asked(peer: number, question: PeerQuestion): void;
  /** The process `peer` answers: a `WatchMessage` as JSON, or an empty text when it only is there. */
  told(peer: number, message: string): void;
}

/** The other processes of the service; what is said to one that is gone is lost. */
export interface OtherProcesses {
  /** Puts a question to all of them. */
  ask(question: PeerQuestion): void;
  /** Answers one of them. */
  tell(peer: number, message: string): void;
  listen(to: PeerListener): void;
}

/** How often a process says that it still wants what it asked for, ms. */
export const renewEveryMs = 5000;
/** A process that has not been heard of for so long is gone, ms. */
export const goneAfterMs = 15_000;
