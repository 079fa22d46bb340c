import { AudioHistory } from './audio-history.ts';
import type { Setup } from './client-messages.ts';
import {
  type GeminiListener,
  type ObservedReply,
  type ObservedToolAnswer,
  type ObservedTurn,
  observationLimit,
  type ReceivedFrame,
  type SentFrame,
  type SessionObservation,
} from './observation.ts';

/** Writes one connection's observation and tells the listener. */
export class SessionLog implements SessionObservation {
  readonly connection: number;
  readonly apiVersion: string;
  readonly openedAtMs: number;
  readonly received: ReceivedFrame[] = [];
  readonly sent: SentFrame[] = [];
  readonly turns: ObservedTurn[] = [];
  readonly replies: ObservedReply[] = [];
  readonly toolAnswers: ObservedToolAnswer[] = [];
  readonly history: AudioHistory;
  dropped = 0;
  setup?: Setup;
  resumed?: boolean;
  readyAtMs?: number;
  closed?: NonNullable<SessionObservation['closed']>;
  readonly #tell: GeminiListener;

  constructor(
    connection: number,
    apiVersion: string,
    openedAtMs: number,
    keepAudio: boolean,
    tell: GeminiListener,
  ) {
    this.connection = connection;
    this.apiVersion = apiVersion;
    this.openedAtMs = openedAtMs;
    this.history = new AudioHistory(keepAudio);
    this.#tell = tell;
    tell({ type: 'opened', connection });
  }

  get audio(): Int16Array {
    return this.history.slice(0, this.history.totalSamples);
  }

  ready(atMs: number): void {
    this.readyAtMs = atMs;
    this.#tell({ type: 'ready', connection: this.connection });
  }

  receive(frame: ReceivedFrame): void {
    this.#push(this.received, frame);
    this.#tell({ type: 'received', connection: this.connection, frame });
  }

  send(frame: SentFrame): void {
    this.#push(this.sent, frame);
    this.#tell({ type: 'sent', connection: this.connection, frame });
  }

  turnStarted(atMs: number): void {
    this.#tell({ type: 'turn.started', connection: this.connection, atMs });
  }

  turnEnded(turn: ObservedTurn): void {
    this.#push(this.turns, turn);
    this.#tell({ type: 'turn.ended', connection: this.connection, turn });
  }

  replyStarted(reply: ObservedReply): void {
    this.#push(this.replies, reply);
    this.#tell({ type: 'reply.started', connection: this.connection, reply });
  }

  replyEnded(reply: ObservedReply): void {
    this.#tell({ type: 'reply.ended', connection: this.connection, reply });
  }

  toolAnswered(answer: ObservedToolAnswer): void {
    this.#push(this.toolAnswers, answer);
    this.#tell({ type: 'tool.answered', connection: this.connection, answer });
  }

  close(atMs: number, code: number, reason: string, by: 'server' | 'client'): void {
    if (this.closed) return;
    this.closed = { atMs, code, reason, by };
    this.#tell({ type: 'closed', connection: this.connection, code, reason });
  }

  #push<T>(entries: T[], entry: T): void {
    entries.push(entry);
    if (entries.length <= observationLimit) return;
    entries.shift();
    this.dropped += 1;
  }
}
