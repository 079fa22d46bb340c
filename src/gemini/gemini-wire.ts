import type { LiveServerMessage } from '@google/genai';
import type {
  GeminiCommand,
  GeminiWireCommand,
  GeminiWireReport,
  LinkIncident,
} from '../../machines/index.ts';
import { AudioError, Pcm16Base64Decoder, type SampleRateHz } from '../audio/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock, Timer } from '../time/index.ts';
import { AnswerWatch } from './answer-watch.ts';
import { Backlog } from './backlog.ts';
import type { Loss } from './failure.ts';
import {
  cutNotice,
  goOnNotice,
  greetedNotice,
  keysPressed,
  promptAbout,
  prompts,
  recapOf,
  sayRequest,
  takenBackNotice,
} from './prompts.ts';
import { type ReplyBoundary, ReplyGate } from './reply-gate.ts';
import type { GeminiDial } from './sdk-seam.ts';
import { timeLeftMs } from './server-message.ts';
import { GeminiSession, type SessionListener } from './session.ts';
import type { GeminiAccess, GeminiSettings, ToolAnswer, ToolRequest } from './settings.ts';
import type { Continuation } from './setup.ts';
import { ToolAnswers } from './tool-answers.ts';
import { UnansweredTurn } from './unanswered-turn.ts';
import { Uplink } from './uplink.ts';
import { readUsage, type TokenUsage } from './usage.ts';
import type { SessionSource } from './warm-sessions.ts';

/** How often a server that sends something is told of while an answer is owed, ms. */
const aliveMs = 1000;
/** Longest wait for the old connection to be gone before the next one is opened, ms. */
const goneMs = 500;

/** What the wire counts: for metrics and the record. */
export type GeminiCount =
  | 'badFrame'
  | 'droppedAudio'
  | 'lateAudio'
  | 'badAudio'
  | 'warmHit'
  | 'warmMiss'
  | 'quota'
  | 'replayedTurn'
  | 'emptyTurn'
  | 'nearZeroReply'
  | 'phantomInterrupted'
  | LinkIncident
  /** A `turnCompleteReason` of the server. */
  | `ended.${string}`;

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
  /** What the caller last said, as the model understood it. */
  readonly lastOfCaller: () => string;
  /** The model's audio, mono at 24 kHz; valid only during the call. */
  readonly onAudio: (pcm: Int16Array) => void;
  /** A fragment of what was said; fragments are joined as they are. */
  readonly onTranscript: (who: 'caller' | 'agent', text: string) => void;
  /** What the caller said since the last answer will be said again to another connection, and transcribed again. */
  readonly onCallerRepeats?: () => void;
  /** The caller begins a turn; `goesOn`: the one before has not been answered. */
  readonly onCallerTurn?: (goesOn: boolean) => void;
  /** Tools are called: each is to be answered by {@link GeminiWire.answerTool}, unless it is cancelled. */
  readonly onToolCalls: (calls: readonly ToolRequest[]) => void;
  /** No answer is wanted any more to the calls under these keys. */
  readonly onToolsCancelled: (keys: readonly string[]) => void;
  readonly onUsage?: (usage: TokenUsage) => void;
  readonly count?: (what: GeminiCount, amount: number) => void;
}

type ConnectHow = Extract<GeminiWireCommand, { type: 'wire.connect' }>['how'];

const decoder = new Pcm16Base64Decoder();

/** One call's line to the model, across its sessions: audio both ways, and what a chart should know. */
export class GeminiWire {
  readonly #o: GeminiWireOptions;
  readonly #gate: ReplyGate;
  readonly #isOwner: boolean;
  #settings: GeminiSettings;
  /** What is done once the model's instruction is known, as long as it is not. */
  #whenPersonal: (() => void) | undefined;
  #report: ((report: GeminiWireReport) => void) | undefined;
  #session: GeminiSession | undefined;
  #uplink: Uplink | undefined;
  #handle: string | undefined;
  #isAnsweringAlready = false;
  /** Whether the model is to go on with a reply that was cut, and whether it has been told so. */
  #goOn: 'no' | 'wanted' | 'asked' = 'no';
  readonly #turn = new UnansweredTurn();
  readonly #answer = new AnswerWatch();
  #backlog = new Backlog();
  /** Whether the handle knows of everything that was said. */
  #isHandleFresh = false;
  #aliveToldMs = 0;
  readonly #answers = new ToolAnswers();
  #goneTimer: Timer | undefined;
  #onGone: (() => void) | undefined;

  constructor(options: GeminiWireOptions) {
    this.#o = options;
    this.#settings = options.settings;
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

  /** Tells what the model is told in this call; once, before the first connection. */
  personalise(told: Pick<GeminiSettings, 'instruction' | 'greeting'>): void {
    this.#settings = { ...this.#settings, ...told };
    const open = this.#whenPersonal;
    this.#whenPersonal = undefined;
    open?.();
  }

  /** {@link personalise} comes later: until then no connection is opened. */
  awaitPersonal(): void {
    this.#whenPersonal = () => undefined;
  }

  /** Takes the caller's next samples at the call's rate. */
  write(pcm: Int16Array): void {
    this.#uplink?.write(pcm);
  }

  /** Tells the model how far the caller heard its interrupted reply; it is not asked to answer. */
  tellCut(heard: string): void {
    const notice = cutNotice(heard);
    if (this.#session?.isReady) return this.#session.addContext(notice);
    this.#turn.note(notice);
  }

  /** Tells the model what came of a tool that it had taken back; it is not asked to answer. */
  tellOfTool(name: string, response: ToolAnswer['response']): void {
    const notice = takenBackNotice(name, response);
    if (this.#session?.isReady) return this.#session.addContext(notice);
    this.#turn.note(notice);
  }

  /** Answers a tool call; without a connection the answer waits for the next one. */
  answerTool(key: string, answer: ToolAnswer): void {
    // who speaks is answered anyway: another request would only interrupt
    this.#answers.settle(key, answer, this.#session, this.#turn.isNone);
    const isIdle = this.#session?.isReady === true && !this.#gate.isInFlight;
    if (isIdle && answer.scheduling !== 'SILENT') this.#asked();
  }

  handle(command: GeminiWireCommand): void {
    switch (command.type) {
      case 'wire.connect':
        return this.#connect(command.how);
      case 'wire.close':
        return this.#session?.close();
      case 'wire.drop':
        return this.#session?.terminate();
      case 'wire.note':
        this.#o.count?.(command.what, 1);
        return this.#o.log.info({ what: command.what }, 'gemini.noted');
      default:
        return this.#obey(command);
    }
  }

  /** Drops the connection and every timer; nothing is reported after it. */
  dispose(): void {
    this.#whenPersonal = undefined;
    this.#report = undefined;
    this.#o.clock.clearTimeout(this.#goneTimer);
    this.#onGone = undefined;
    this.#turn.take();
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
        return this.#greet();
      case 'gemini.nudge':
        return this.#ask(prompts.nudge);
      case 'gemini.prompt':
        return this.#ask(promptAbout(command.about, this.#settings.words));
      case 'gemini.say':
        return this.#ask(sayRequest(command.sentence));
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
    if (this.#isAnsweringAlready || !this.#session?.isReady) return;
    this.#session.sendText(text);
    this.#asked();
  }

  /** A recorded greeting stands for the first reply of the model, which is told what was said in its name. */
  #greet(): void {
    const { greeting, greetingClip } = this.#settings;
    if (!greetingClip) return this.#ask(greeting);
    if (this.#isAnsweringAlready || !this.#session?.isReady || !this.#gate.admit()) return;
    this.#session.addContext(greetedNotice(greetingClip.words));
    this.#asked();
    if (greetingClip.words) this.#o.onTranscript('agent', greetingClip.words);
    this.#answer.audio(greetingClip.samples);
    this.#answering();
    this.#o.onAudio(greetingClip.samples);
    this.#generated();
    this.#turnComplete(undefined);
  }

  /** Keys are never lost: inside a caller's turn that we own they are part of it, else they ask for an answer. */
  #tellKeys(text: string): void {
    this.#turn.press(text);
    if (!this.#session?.isReady) return;
    if (this.#isOwner && this.#turn.isOpen) return this.#session.addContext(text);
    this.#session.sendText(text);
    this.#asked();
  }

  /** Unlike other requests this one waits for a session: only here is it known what was cut. */
  #askToGoOn(): void {
    if (this.#goOn !== 'wanted' || !this.#session?.isReady) return;
    this.#goOn = 'asked';
    this.#session.sendText(goOnNotice(this.#o.heardOfReply(), this.#o.lastOfCaller()));
    this.#asked();
  }

  /** Something was sent that calls for an answer. */
  #asked(): void {
    this.#answer.asked();
    this.#isHandleFresh = false;
    this.#aliveToldMs = this.#o.clock.nowMs();
    this.#tell({ type: 'wire.asked' });
  }

  #startTurn(onsetSample: number): void {
    this.#goOn = 'no';
    if (this.#turn.isOpen) return;
    this.#o.onCallerTurn?.(!this.#turn.isNone);
    this.#turn.start();
    this.#answer.excused();
    const recent = this.#uplink?.recent(onsetSample) ?? [];
    if (!this.#isOwner) return this.#turn.reachBack(recent);
    this.#gate.callerTurn(true);
    if (this.#session?.isReady) this.#session.startActivity();
    this.#uplink?.open(onsetSample);
  }

  #endTurn(): void {
    if (!this.#turn.isOpen) return;
    this.#turn.end();
    const isReady = this.#session?.isReady === true;
    if (this.#isOwner) {
      this.#uplink?.close();
      this.#session?.endActivity();
      this.#gate.callerTurn(false);
    }
    if (isReady) this.#asked();
  }

  #sendAudio(pcm: Int16Array): void {
    const { isReady } = this.#session ?? { isReady: false };
    if (isReady) this.#session?.sendAudio(pcm);
    if (isReady && this.#turn.isNone) return this.#watchBacklog();
    const dropped = this.#turn.add(pcm);
    if (isReady) this.#watchBacklog();
    else if (dropped > 0) this.#o.count?.('droppedAudio', dropped);
  }

  #watchBacklog(): void {
    const session = this.#session;
    if (!session || !this.#backlog.isStuck(session.bufferedBytes, this.#o.clock.nowMs())) return;
    const message = `expected the connection to take what is sent, found ${session.bufferedBytes} bytes waiting`;
    session.terminate();
    this.#lost({ failure: { code: 'gemini.stuck', message }, remedy: 'resume' });
  }

  #connect(how: ConnectHow): void {
    // a handle that misses the last exchange is worse than a recap of it
    if (how === 'renew' || (how === 'rotate' && !this.#isHandleFresh)) this.#handle = undefined;
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
    this.#answer.excused();
    if (this.#goOn === 'asked') this.#goOn = 'wanted';
    if (isTorn) this.#tell({ type: 'wire.replyTorn' });
  }

  #open(how: ConnectHow): void {
    if (this.#whenPersonal) {
      this.#whenPersonal = () => this.#open(how);
      return;
    }
    if (!this.#turn.isNone) this.#o.onCallerRepeats?.();
    const isResumed = how !== 'first' && how !== 'renew' && this.#handle !== undefined;
    const continuation: Continuation = isResumed
      ? { handle: this.#handle ?? '' }
      : how === 'first'
        ? {}
        : { recap: recapOf(this.#o.transcript(), this.#answers.startAnew()) };
    if (!continuation.recap) this.#answers.resume();
    this.#backlog = new Backlog();
    const { access, dial } = this.#o;
    const settings = this.#settings;
    const listener: SessionListener = {
      hasHandle: () => this.#handle !== undefined,
      onSetUp: () => this.#setUp(session, isResumed),
      onMessage: (message) => this.#take(message),
      onBadFrame: (problem) => {
        this.#o.count?.('badFrame', 1);
        this.#o.log.warn({ problem }, 'gemini.badFrame');
      },
      onLost: (loss) => this.#lost(loss),
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
    const session = this.#o.warm.take(this.#settings, listener);
    this.#o.count?.(session ? 'warmHit' : 'warmMiss', 1);
    this.#o.log.info({ isHit: session !== undefined }, 'gemini.warmStart');
    return session;
  }

  #setUp(session: GeminiSession, isResumed: boolean): void {
    if (session !== this.#session) return;
    // before the caller's turn, which would cancel the calls
    const hasAsked = this.#answers.deliver(session, this.#turn.isNone);
    if (!this.#turn.isNone) this.#o.count?.('replayedTurn', 1);
    const hasKeys = this.#turn.sayAgain(session, this.#isOwner);
    // a turn that has ended is answered anyway: another request would make two answers
    const isTurnEnded = this.#turn.isEnded;
    if (isTurnEnded || hasKeys) this.#goOn = 'no';
    this.#isAnsweringAlready = isTurnEnded || hasAsked || hasKeys || this.#goOn === 'wanted';
    this.#tell({ type: 'wire.setUp', resumed: isResumed });
    if (isTurnEnded || hasAsked || hasKeys) this.#asked();
    this.#askToGoOn();
    this.#isAnsweringAlready = false;
  }

  #lost({ failure, remedy, retryAfterMs }: Loss): void {
    const isQuota = failure.code === 'gemini.quota';
    this.#o.log[isQuota ? 'error' : 'warn']({ ...failure, remedy }, 'gemini.lost');
    if (isQuota) this.#o.count?.('quota', 1);
    if (remedy === 'renew') this.#handle = undefined;
    this.#tearReply();
    this.#tell({
      type: 'wire.lost',
      failure,
      remedy,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  #take(message: LiveServerMessage): void {
    const { serverContent, toolCall, toolCallCancellation, goAway, sessionResumptionUpdate, usageMetadata } =
      message;
    if (sessionResumptionUpdate?.resumable && sessionResumptionUpdate.newHandle) {
      this.#handle = sessionResumptionUpdate.newHandle;
      this.#isHandleFresh = !this.#gate.isInFlight && !this.#answer.isOwed;
      this.#tell({ type: 'wire.handle' });
    }
    this.#tellAlive();
    if (usageMetadata) this.#o.onUsage?.(readUsage(usageMetadata));
    const asked = this.#answers.asked(toolCall?.functionCalls ?? [], this.#session);
    if (asked.length > 0) this.#takeToolCalls(asked);
    const cancelled = this.#answers.cancelled(toolCallCancellation?.ids ?? []);
    if (cancelled.length > 0) this.#o.onToolsCancelled(cancelled);
    if (serverContent) this.#takeContent(serverContent);
    if (goAway) this.#tell({ type: 'wire.goingAway', timeLeftMs: timeLeftMs(goAway.timeLeft) });
  }

  /** A model that calls a tool has understood the turn. */
  #takeToolCalls(calls: readonly ToolRequest[]): void {
    this.#answer.toolCalled();
    this.#answering();
    this.#o.onToolCalls(calls);
  }

  #takeContent(content: NonNullable<LiveServerMessage['serverContent']>): void {
    if (content.inputTranscription?.text) this.#o.onTranscript('caller', content.inputTranscription.text);
    if (content.interrupted) this.#interrupted();
    for (const part of content.modelTurn?.parts ?? []) {
      if (part.inlineData?.data && !part.thought) this.#takeAudio(part.inlineData.data);
    }
    if (content.outputTranscription?.text) this.#takeAgentText(content.outputTranscription.text);
    if (content.generationComplete) this.#generated();
    if (content.turnComplete) this.#turnComplete(content.turnCompleteReason);
  }

  #takeAudio(data: string): void {
    if (!this.#gate.admit()) return this.#o.count?.('lateAudio', 1);
    try {
      const pcm = decoder.decode(data);
      if (this.#answer.audio(pcm)) this.#answering();
      this.#o.onAudio(pcm);
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

  /** An answer begins: what was asked has been understood. */
  #answering(): void {
    this.#goOn = 'no';
    if (!this.#turn.isOpen || !this.#isOwner) this.#turn.answered();
    this.#isHandleFresh = false;
    this.#tell({ type: 'wire.answering' });
  }

  #interrupted(): void {
    // Google: known to come with nobody speaking, and with nothing after it
    const isPhantom = this.#isOwner && this.#turn.isNone && !this.#answer.isOwed;
    if (isPhantom) this.#o.count?.('phantomInterrupted', 1);
    this.#answer.interrupted();
    this.#boundary('interrupted');
  }

  #generated(): void {
    if (this.#answer.generated()) this.#o.count?.('nearZeroReply', 1);
    this.#boundary('generationComplete');
  }

  #turnComplete(reason: string | undefined): void {
    if (reason) this.#o.count?.(`ended.${/^[A-Z_]{1,48}$/.test(reason) ? reason : 'OTHER'}`, 1);
    const end = this.#answer.turnComplete();
    if (end === 'empty') this.#o.count?.('emptyTurn', 1);
    if (this.#gate.boundary('turnComplete')) {
      this.#tell({ type: 'wire.turnComplete', isEmpty: end === 'empty' || end === 'nearZero' });
    }
  }

  #boundary(kind: Exclude<ReplyBoundary, 'turnComplete'>): void {
    if (!this.#gate.boundary(kind)) return;
    this.#tell({ type: `wire.${kind}` });
  }

  #tellAlive(): void {
    const nowMs = this.#o.clock.nowMs();
    if (nowMs - this.#aliveToldMs < aliveMs || !(this.#answer.isOwed || this.#gate.isInFlight)) return;
    this.#aliveToldMs = nowMs;
    this.#tell({ type: 'wire.alive' });
  }

  #tell(report: GeminiWireReport): void {
    this.#report?.(report);
  }
}
