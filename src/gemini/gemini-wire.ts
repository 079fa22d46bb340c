import type { LiveServerMessage } from '@google/genai';
import type { GeminiCommand, GeminiWireCommand, GeminiWireReport } from '../../machines/index.ts';
import { AudioError, Pcm16Base64Decoder, type SampleRateHz } from '../audio/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import { cutNotice, goOnNotice, keysPressed, prompts, recapOf } from './prompts.ts';
import { type ReplyBoundary, ReplyGate } from './reply-gate.ts';
import type { GeminiDial } from './sdk-seam.ts';
import { timeLeftMs } from './server-message.ts';
import { GeminiSession, type SessionListener } from './session.ts';
import type { GeminiAccess, GeminiSettings, ToolAnswer, ToolRequest } from './settings.ts';
import type { Continuation } from './setup.ts';
import { ToolAnswers } from './tool-answers.ts';
import { Uplink } from './uplink.ts';
import { readUsage, type TokenUsage } from './usage.ts';
import { type Message, WaitingMessages } from './waiting-messages.ts';
import type { SessionSource } from './warm-sessions.ts';

/** Caller audio kept while no session is set up, in messages of 20 ms: 20 s; the oldest is dropped first. */
const maxWaitingAudio = 1000;
/** Longest wait for the old connection to be gone before the next one is opened, ms. */
const goneMs = 500;

/** What the wire counts: for metrics and the record. */
export type GeminiCount = 'badFrame' | 'droppedAudio' | 'lateAudio' | 'badAudio' | 'warmHit' | 'warmMiss';

/** What a Gemini wire is built from. */
export interface GeminiWireOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly access: GeminiAccess;
  readonly settings: GeminiSettings;
  readonly preRollMs: number;
  readonly dial: GeminiDial;
  /** Sessions that are set up already; without it each call sets up its own. */
  readonly warm?: SessionSource | undefined;
  /** What the caller has heard and said so far, for a fresh session. */
  readonly transcript: () => string;
  /** What the caller will have heard of the reply that the model last began. */
  readonly heardOfReply: () => string;
  /** The model's audio, mono at 24 kHz; valid only during the call. */
  readonly onAudio: (pcm: Int16Array) => void;
  /** A fragment of what was said; fragments are joined as they are. */
  readonly onTranscript: (who: 'caller' | 'agent', text: string) => void;
  /** Tools are called: each is to be answered by {@link GeminiWire.answerTool}, unless it is cancelled. */
  readonly onToolCalls: (calls: readonly ToolRequest[]) => void;
  /** No answer is wanted any more to the calls under these keys. */
  readonly onToolsCancelled: (keys: readonly string[]) => void;
  readonly onUsage?: (usage: TokenUsage) => void;
  readonly count?: (what: GeminiCount, amount: number) => void;
}

const decoder = new Pcm16Base64Decoder();

/** One call's line to the model, across its sessions: audio both ways, and what a chart should know. */
export class GeminiWire {
  readonly #o: GeminiWireOptions;
  readonly #gate: ReplyGate;
  readonly #isOwner: boolean;
  #report: ((report: GeminiWireReport) => void) | undefined;
  #session: GeminiSession | undefined;
  #uplink: Uplink | undefined;
  #handle: string | undefined;
  #isTurnOpen = false;
  #isAnsweringAlready = false;
  /** A request that a session which is set up will be told, and so answers. */
  #waitingRequest: Message | undefined;
  /** Whether the model is to go on with a reply that was cut, and whether it has been told so. */
  #goOn: 'no' | 'wanted' | 'asked' = 'no';
  /** The session that was told of the caller's turn, and not of its end. */
  #turnOn: GeminiSession | undefined;
  readonly #waiting = new WaitingMessages(maxWaitingAudio);
  readonly #answers = new ToolAnswers();
  #goneTimer: Timer | undefined;
  #onGone: (() => void) | undefined;

  constructor(options: GeminiWireOptions) {
    this.#o = options;
    this.#gate = new ReplyGate(options.clock);
    this.#isOwner = options.settings.turnOwner === 'baari';
  }

  /** Tells where reports go; nothing is opened before `connect`. */
  listen(report: (report: GeminiWireReport) => void): void {
    this.#report = report;
  }

  /** Tells the rate of the caller's audio; once, before the first {@link write}. */
  setCallRate(callRateHz: SampleRateHz): void {
    this.#uplink = new Uplink({
      callRateHz,
      isGated: this.#isOwner,
      preRollMs: this.#o.preRollMs,
      send: (pcm) => this.#sendAudio(pcm),
    });
  }

  /** Takes the caller's next samples at the call's rate. */
  write(pcm: Int16Array): void {
    this.#uplink?.write(pcm);
  }

  /** Tells the model how far the caller heard its interrupted reply; it is not asked to answer. */
  tellCut(heard: string): void {
    this.#whenReady((session) => session.addContext(cutNotice(heard)));
  }

  /** Answers a tool call; without a connection the answer waits for the next one. */
  answerTool(key: string, answer: ToolAnswer): void {
    this.#answers.settle(key, answer, this.#session);
  }

  handle(command: GeminiWireCommand): void {
    if (command.type === 'wire.connect') this.#connect(command.how);
    else if (command.type === 'wire.close') this.#session?.close();
    else this.#obey(command);
  }

  /** Drops the connection and every timer; nothing is reported after it. */
  dispose(): void {
    this.#report = undefined;
    this.#o.clock.clearTimeout(this.#goneTimer);
    this.#onGone = undefined;
    this.#waiting.take();
    this.#session?.close();
    const session = this.#session;
    // a peer that does not answer the closing handshake is not waited for
    this.#o.clock.setTimeout(() => session?.terminate(), goneMs);
    this.#session = undefined;
    this.#uplink?.dispose();
    this.#uplink = undefined;
  }

  #obey(command: GeminiCommand): void {
    switch (command.type) {
      case 'gemini.greet':
        return this.#ask(this.#o.settings.greeting);
      case 'gemini.nudge':
        return this.#ask(prompts.nudge);
      case 'gemini.prompt':
        return this.#ask(prompts[command.about]);
      case 'gemini.cancelReply':
        return this.#gate.cancel();
      case 'gemini.startCallerTurn':
        return this.#startTurn(command.onsetSample);
      case 'gemini.endCallerTurn':
        return this.#endTurn();
      case 'gemini.goOn':
        // a caller's turn that is replayed is answered, and takes the place of what was cut
        if (!this.#isAnsweringAlready) this.#goOn = 'wanted';
        return this.#askToGoOn();
      case 'gemini.keys':
        return this.#tellKeys(keysPressed(command.digits, command.meaning));
      case 'gemini.renew':
        return;
    }
  }

  /** Asks the model to speak, now or never: a later session is asked anew by whoever still waits for it. */
  #ask(text: string): void {
    if (!this.#isAnsweringAlready) this.#session?.sendText(text);
  }

  /** Keys are never lost: inside a caller's turn that we own they are part of it, else they ask for an answer. */
  #tellKeys(text: string): void {
    if (this.#isTurnOpen) return this.#whenReady((session) => session.addContext(text));
    const request: Message = (session) => session.sendText(text);
    this.#waitingRequest = request;
    this.#whenReady(request);
  }

  /** Unlike other requests this one waits for a session: only here is it known what was cut. */
  #askToGoOn(): void {
    if (this.#goOn !== 'wanted' || !this.#session?.isReady) return;
    this.#goOn = 'asked';
    this.#session.sendText(goOnNotice(this.#o.heardOfReply()));
  }

  #startTurn(onsetSample: number): void {
    this.#goOn = 'no';
    if (!this.#isOwner || this.#isTurnOpen) return;
    this.#isTurnOpen = true;
    this.#gate.callerTurn(true);
    this.#whenReady(this.#tellStart);
    this.#uplink?.open(onsetSample);
  }

  #endTurn(): void {
    if (!this.#isOwner || !this.#isTurnOpen) return;
    this.#isTurnOpen = false;
    this.#uplink?.close();
    this.#whenReady(this.#tellEnd);
    this.#gate.callerTurn(false);
  }

  readonly #tellStart = (session: GeminiSession): void => {
    session.startActivity();
    this.#turnOn = session;
  };

  readonly #tellEnd = (session: GeminiSession): void => {
    session.endActivity();
    this.#turnOn = undefined;
  };

  #whenReady(message: Message): void {
    if (this.#session?.isReady) message(this.#session);
    else this.#waiting.add(message);
  }

  #sendAudio(pcm: Int16Array): void {
    if (this.#session?.isReady) return this.#session.sendAudio(pcm);
    const dropped = this.#waiting.addAudio((session) => session.sendAudio(pcm));
    if (dropped > 0) this.#o.count?.('droppedAudio', dropped);
  }

  #connect(how: 'first' | 'resume' | 'renew'): void {
    if (how === 'renew') this.#handle = undefined;
    this.#tearReply();
    const open = (): void => {
      this.#onGone = undefined;
      this.#o.clock.clearTimeout(this.#goneTimer);
      this.#open(how);
    };
    const old = this.#session;
    if (!old || old.isGone) return open();
    this.#session = undefined;
    this.#onGone = open;
    this.#goneTimer = this.#o.clock.setTimeout(() => {
      old.terminate();
      open();
    }, goneMs);
    old.close();
  }

  /** A generation that is cut by the end of its connection never continues. */
  #tearReply(): void {
    const isTorn = this.#gate.isInFlight;
    this.#gate.reset();
    if (this.#goOn === 'asked') this.#goOn = 'wanted';
    if (isTorn) this.#tell({ type: 'wire.replyTorn' });
  }

  #open(how: 'first' | 'resume' | 'renew'): void {
    const isResumed = how === 'resume' && this.#handle !== undefined;
    const continuation: Continuation = isResumed
      ? { handle: this.#handle ?? '' }
      : how === 'first'
        ? {}
        : { recap: recapOf(this.#o.transcript(), this.#answers.startAnew()) };
    if (!continuation.recap) this.#answers.resume();
    // a turn that is open goes on, on the next connection
    if (this.#turnOn) this.#waiting.addFirst(this.#tellStart);
    this.#turnOn = undefined;
    const { access, settings, dial } = this.#o;
    const listener: SessionListener = {
      hasHandle: () => this.#handle !== undefined,
      onSetUp: () => this.#setUp(session, isResumed),
      onMessage: (message) => this.#take(message),
      onBadFrame: (problem) => {
        this.#o.count?.('badFrame', 1);
        this.#o.log.warn({ problem }, 'gemini.badFrame');
      },
      onLost: ({ failure, remedy }) => {
        this.#o.log.warn({ ...failure, remedy }, 'gemini.lost');
        if (remedy === 'renew') this.#handle = undefined;
        this.#tearReply();
        this.#tell({ type: 'wire.lost', failure, remedy });
      },
      onGone: () => this.#onGone?.(),
    };
    const session =
      (how === 'first' && this.#takeWarm(listener)) ||
      new GeminiSession({ access, settings, continuation, dial }, listener);
    this.#session = session;
    session.open();
  }

  #takeWarm(listener: SessionListener): GeminiSession | undefined {
    if (!this.#o.warm) return undefined;
    const session = this.#o.warm.take(this.#o.settings, listener);
    this.#o.count?.(session ? 'warmHit' : 'warmMiss', 1);
    this.#o.log.info({ isHit: session !== undefined }, 'gemini.warmStart');
    return session;
  }

  #setUp(session: GeminiSession, isResumed: boolean): void {
    if (session !== this.#session) return;
    const waiting = this.#waiting.take();
    // a turn that ended meanwhile is answered anyway: another request would make two answers
    this.#isAnsweringAlready = waiting.some(
      (message) => message === this.#tellEnd || message === this.#waitingRequest,
    );
    // before the caller's next turn, which would cancel the calls
    const hasAsked = this.#answers.deliver(session, !this.#isAnsweringAlready && !this.#isTurnOpen);
    for (const message of waiting) message(session);
    this.#isAnsweringAlready ||= hasAsked;
    this.#askToGoOn();
    if (this.#goOn === 'asked') this.#isAnsweringAlready = true;
    this.#tell({ type: 'wire.setUp', resumed: isResumed });
    this.#isAnsweringAlready = false;
  }

  #take(message: LiveServerMessage): void {
    const { serverContent, toolCall, toolCallCancellation, goAway, sessionResumptionUpdate, usageMetadata } =
      message;
    if (sessionResumptionUpdate?.resumable && sessionResumptionUpdate.newHandle) {
      this.#handle = sessionResumptionUpdate.newHandle;
    }
    if (usageMetadata) this.#o.onUsage?.(readUsage(usageMetadata));
    const asked = this.#answers.asked(toolCall?.functionCalls ?? [], this.#session);
    if (asked.length > 0) this.#o.onToolCalls(asked);
    const cancelled = this.#answers.cancelled(toolCallCancellation?.ids ?? []);
    if (cancelled.length > 0) this.#o.onToolsCancelled(cancelled);
    if (serverContent) this.#takeContent(serverContent);
    if (goAway) this.#tell({ type: 'wire.goingAway', timeLeftMs: timeLeftMs(goAway.timeLeft) });
  }

  #takeContent(content: NonNullable<LiveServerMessage['serverContent']>): void {
    if (content.inputTranscription?.text) this.#o.onTranscript('caller', content.inputTranscription.text);
    if (content.interrupted) this.#boundary('interrupted');
    for (const part of content.modelTurn?.parts ?? []) {
      if (part.inlineData?.data && !part.thought) this.#takeAudio(part.inlineData.data);
    }
    if (content.outputTranscription?.text) this.#takeAgentText(content.outputTranscription.text);
    if (content.generationComplete) this.#boundary('generationComplete');
    if (content.turnComplete) this.#boundary('turnComplete');
  }

  #takeAudio(data: string): void {
    if (!this.#gate.admit()) return this.#o.count?.('lateAudio', 1);
    this.#goOn = 'no';
    try {
      this.#o.onAudio(decoder.decode(data));
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      this.#o.count?.('badAudio', 1);
      this.#o.log.warn({ code: error.code, message: error.message }, 'gemini.badAudio');
    }
  }

  /** Words of a reply come ahead of its audio; those of a cancelled one are dropped with it. */
  #takeAgentText(text: string): void {
    if (this.#gate.admit()) this.#o.onTranscript('agent', text);
  }

  #boundary(kind: ReplyBoundary): void {
    if (!this.#gate.boundary(kind)) return;
    this.#tell({ type: `wire.${kind}` });
  }

  #tell(report: GeminiWireReport): void {
    this.#report?.(report);
  }
}
