import type { Chance, Clock } from '../../time/index.ts';
import type { FrameSocket } from '../../wire/index.ts';
import type { Admission, GeminiRequest } from './admission.ts';
import type { Setup } from './client-messages.ts';
import { type AcceptedCredentials, Door } from './door.ts';
import { type FaultRule, faultFromKey } from './faults.ts';
import { Handles } from './handles.ts';
import { type Listening, type ListenOptions, listenHttp } from './http-listener.ts';
import type { GeminiEvent, GeminiListener } from './observation.ts';
import { readRequest } from './request-path.ts';
import type { GeminiScript } from './script.ts';
import { Session } from './session.ts';
import { SessionLog } from './session-log.ts';
import { TextAnswers, type TextScript } from './text-answers.ts';

/** Sessions remembered; beyond it the oldest are forgotten, though they go on. */
const sessionsLimit = 1000;
const twoHoursMs = 2 * 60 * 60 * 1000;

/** How a simulated server behaves; only clock, chance and script must be named. */
export interface SimulatedGeminiOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** One script for all, or a choice by the connection's number (from 1) and its set-up. */
  readonly script: GeminiScript | ((connection: number, setup: Setup) => GeminiScript);
  readonly faults?: readonly FaultRule[];
  /** The credentials taken; any, when left out. Vertex AI wants some in any case. */
  readonly accepts?: AcceptedCredentials;
  /** From the set-up frame to `setupComplete`, ms; 50 by default. */
  readonly setupMs?: number;
  /** Share of the assumed playback that `turnComplete` waits for, 0 to 1; 1 by default. */
  readonly playbackScale?: number;
  /** How long a handle lives after its session's last connection, ms; two hours by default. */
  readonly handleLifeMs?: number;
  /** Keep the audio received, up to ten minutes for each session; off by default. */
  readonly keepAudio?: boolean;
  /** What the text model answers; by default the least that fits the schema it is given. */
  readonly texts?: TextScript;
  /** Sprinkle frames without content, as Gemini does; on by default. */
  readonly emptyFrames?: boolean;
}

/** A simulated server that listens. */
export type ListeningGemini = Listening<SimulatedGemini>;

/**
 * A Gemini Live server made of published behaviour and a script; it is no evidence of Google's service.
 *
 * {@link SimulatedGemini.listen} serves over HTTP; {@link SimulatedGemini.accept} takes a socket from anywhere, so that
 * the same server runs in memory under a simulated clock.
 */
export class SimulatedGemini {
  readonly #options: SimulatedGeminiOptions;
  readonly #handles: Handles;
  readonly #rules: FaultRule[];
  readonly #door: Door;
  readonly #listeners = new Set<GeminiListener>();
  /** The text model: what it was asked, and its answers. */
  readonly texts: TextAnswers;
  /** The sessions so far, in order of arrival. */
  readonly sessions: Session[] = [];
  #connections = 0;

  constructor(options: SimulatedGeminiOptions) {
    const { clock, chance, handleLifeMs = twoHoursMs, faults = [], accepts = {} } = options;
    this.#options = options;
    this.#handles = new Handles(clock, chance, handleLifeMs);
    this.#rules = [...faults];
    this.#door = new Door(accepts);
    this.texts = new TextAnswers(options.texts, clock);
  }

  /** Serves on a TCP port; rejects when the port is taken. The SDK's base URL is the `url` it gives. */
  static async listen(options: SimulatedGeminiOptions & ListenOptions): Promise<ListeningGemini> {
    return listenHttp(new SimulatedGemini(options), options);
  }

  /** Arms a fault for connections to come. */
  arm(rule: FaultRule): void {
    this.#rules.push(rule);
  }

  /** Forgets the faults for connections to come. */
  disarmAll(): void {
    this.#rules.length = 0;
  }

  /** Tells `listener` of every event of every session; returns what ends that. */
  observe(listener: GeminiListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Judges a connection attempt and counts it; the one place where paths, credentials and upgrade faults are looked at. */
  admit(request: GeminiRequest): Admission {
    const target = readRequest(request);
    if (!target) return { kind: 'refuse', status: 404 };
    this.#connections += 1;
    const connection = this.#connections;
    const faults = this.#rules
      .filter((rule) => rule.connection === undefined || rule.connection === connection)
      .map((rule) => rule.fault);
    const asked = faultFromKey(target.credential.value);
    if (asked) faults.push(asked);
    const rebuff = this.#door.judge(target);
    if (rebuff && 'status' in rebuff) return { kind: 'refuse', status: rebuff.status };
    if (rebuff) faults.push(rebuff.fault);
    for (const fault of faults) {
      if (fault.kind === 'hangUpgrade') return { kind: 'hang' };
      if (fault.kind === 'resetUpgrade') return { kind: 'reset' };
      if (fault.kind === 'httpStatus') return { ...fault, kind: 'refuse' };
    }
    return { kind: 'accept', connection, target, faults };
  }

  /**
   * Serves a client on a socket that is open or opening. A refused request drops the socket, since there is no HTTP
   * answer to give here; a hanging one is never answered. Returns the session, when there is one.
   */
  accept(socket: FrameSocket, request: GeminiRequest): Session | undefined {
    const admission = this.admit(request);
    if (admission.kind === 'accept') return this.open(socket, admission);
    if (admission.kind !== 'hang') socket.terminate();
    return undefined;
  }

  /** Begins the session of an admitted connection. */
  open(socket: FrameSocket, { connection, target, faults }: Extract<Admission, { kind: 'accept' }>): Session {
    const {
      clock,
      chance,
      script,
      setupMs = 50,
      playbackScale = 1,
      keepAudio = false,
      emptyFrames = true,
    } = this.#options;
    const session = new Session(socket, {
      clock,
      chance,
      log: new SessionLog(connection, target.apiVersion, clock.nowMs(), keepAudio, (event) =>
        this.#tell(event),
      ),
      handles: this.#handles,
      script: (setup) => (typeof script === 'function' ? script(connection, setup) : script),
      apiVersion: target.apiVersion,
      platform: target.platform,
      setupMs,
      playbackScale,
      sendsEmptyFrames: emptyFrames,
      faults,
    });
    this.sessions.push(session);
    if (this.sessions.length > sessionsLimit) this.sessions.shift();
    return session;
  }

  #tell(event: GeminiEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
