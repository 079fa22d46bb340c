import type { Chance, Clock, Timer } from '../../time/index.ts';
import type { FrameSocket } from '../../wire/index.ts';
import { type ClientMessage, readClientFrame, type Setup } from './client-messages.ts';
import { Conversation } from './conversation.ts';
import { Dialogue } from './dialogue.ts';
import { FaultSchedule } from './fault-schedule.ts';
import type { GeminiFault, MomentaryFault } from './faults.ts';
import type { Handles } from './handles.ts';
import { judgeSetup, type ModelRules } from './model-rules.ts';
import type { SentFrame, SessionObservation } from './observation.ts';
import type { GeminiScript } from './script.ts';
import { durationText, encodeMessage, type ServerMessage } from './server-messages.ts';
import { SessionInput } from './session-input.ts';
import type { SessionLog } from './session-log.ts';

/** WebSocket: a close reason holds at most this many bytes. */
const closeReasonBytes = 123;
/** Frames that may come before the set-up is complete; one more closes the connection. */
const earlyFramesLimit = 1000;
/** Share of the audio frames that an empty frame follows. */
const emptyFrameShare = 0.1;
const setupFirst = 'setup must be the first message and only the first';

/** What a session stands on. */
export interface SessionOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: SessionLog;
  readonly handles: Handles;
  /** Picks the script of a new conversation. */
  readonly script: (setup: Setup) => GeminiScript;
  readonly apiVersion: string;
  readonly platform: 'developer' | 'vertex';
  readonly setupMs: number;
  readonly playbackScale: number;
  readonly sendsEmptyFrames: boolean;
  readonly faults: readonly GeminiFault[];
}

/** One connection of a client, from its first frame to its close. */
export class Session {
  readonly #on: SessionOptions;
  readonly #socket: FrameSocket;
  readonly #faults: FaultSchedule;
  readonly #timers = new Set<Timer>();
  /** Frames that wait for the set-up to complete; undefined until there is a set-up. */
  #early: ClientMessage[] | undefined;
  #conversation: Conversation | undefined;
  #input: SessionInput | undefined;
  #dialogue: Dialogue | undefined;
  #refusesNextFrame = false;
  #isSilent = false;
  #isDeaf = false;
  #isOver = false;

  constructor(socket: FrameSocket, options: SessionOptions) {
    this.#on = options;
    this.#socket = socket;
    this.#faults = new FaultSchedule(options.clock, (fault) => this.#happen(fault));
    for (const fault of options.faults) this.#faults.arm(fault);
    socket.listen({
      onFrame: (data) => this.#frame(data),
      onClose: (code, reason) => this.#over(code, reason, 'client'),
    });
    this.#faults.reach('open');
  }

  /** What this connection has done so far; it grows as the connection goes on. */
  get observation(): SessionObservation {
    return this.#on.log;
  }

  /** Makes something go wrong on this connection. */
  inject(fault: GeminiFault): void {
    if (!this.#isOver) this.#faults.arm(fault);
  }

  /** Closes the connection from the server's side. */
  close(code: number, reason: string): void {
    if (this.#isOver) return;
    const text = Buffer.from(reason).subarray(0, closeReasonBytes).toString();
    this.#socket.close(code, text);
    this.#over(code, text, 'server');
  }

  /** Drops the connection; the client sees 1006. */
  kill(): void {
    this.#socket.terminate();
    this.#over(1006, '', 'server');
  }

  #frame(data: Buffer): void {
    if (this.#isOver || this.#isDeaf) return;
    const read = readClientFrame(data);
    if (!read.ok) {
      this.#refuse(1007, read.reason);
      return;
    }
    const { message } = read;
    const isFirst = this.#early === undefined;
    if (isFirst !== (message.setup !== undefined)) this.#refuse(1007, setupFirst);
    else if (message.setup) this.#setUp(message.setup);
    else if (this.#input) this.#take(message, this.#input);
    else this.#hold(message);
  }

  #hold(message: ClientMessage): void {
    if (this.#early && this.#early.length < earlyFramesLimit) this.#early.push(message);
    else this.#refuse(1008, 'Too many frames before the set-up was complete.');
  }

  #take(message: ClientMessage, input: SessionInput): void {
    if (this.#isOver) return;
    if (this.#refusesNextFrame) {
      this.#refuse(1007, 'Request contains an invalid argument.');
      return;
    }
    const refusal = input.take(message);
    if (refusal) this.#refuse(refusal.code, refusal.reason);
  }

  #setUp(setup: Setup): void {
    const { log, clock, apiVersion, platform, setupMs } = this.#on;
    this.#early = [];
    log.setup = setup;
    log.receive({ atMs: clock.nowMs(), kind: 'setup' });
    const verdict = judgeSetup(setup, apiVersion, platform);
    if (verdict.kind === 'close') {
      this.#refuse(verdict.code, verdict.reason);
      return;
    }
    this.#faults.reach('setup');
    if (this.#isOver || verdict.kind === 'ignore' || this.#faults.find('noSetupComplete')) return;
    this.#refusesNextFrame = verdict.refuseFirstFrame;
    const conversation = this.#begin(setup);
    if (!conversation) return;
    this.#conversation = conversation;
    this.#on.handles.opened(conversation);
    this.#later(() => this.#ready(setup, verdict.rules, conversation), setupMs);
  }

  /** A new conversation, or the one that the handle leads to; undefined when the handle is refused. */
  #begin(setup: Setup): Conversation | undefined {
    const handle = setup.sessionResumption?.handle;
    if (!handle) return new Conversation(this.#on.script(setup), setup.model, instructionOf(setup));
    const found = this.#on.handles.resume(handle, setup.model);
    if (found.kind === 'resumed') {
      this.#on.log.resumed = true;
      return found.conversation;
    }
    if (found.kind === 'unknown') this.#refuse(1008, 'Requested entity was not found.');
    else this.#refuse(1011, 'The session is still in use by another connection.');
    return undefined;
  }

  #ready(setup: Setup, rules: ModelRules, conversation: Conversation): void {
    const { clock, chance, log, playbackScale } = this.#on;
    const declared = setup.tools?.flatMap((tool) => tool.functionDeclarations ?? []) ?? [];
    const dialogue = new Dialogue({
      clock,
      chance,
      conversation,
      faults: this.#faults,
      log,
      send: (kind, message, note) => this.#send(kind, message, note),
      idle: () => this.#updateHandle(setup, conversation),
      transcribesInput: setup.inputAudioTranscription !== undefined,
      transcribesOutput: setup.outputAudioTranscription !== undefined || rules.transcribesOutputUnasked,
      interruptible: setup.realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION',
      isNonBlocking: (name) =>
        (declared.find((tool) => tool.name === name)?.behavior ?? rules.toolBehavior) === 'NON_BLOCKING',
      reportsInteractionStatus: rules.reportsInteractionStatus,
      toolIdPrefix: rules.toolIdPrefix,
      isResumed: log.resumed === true,
      playbackScale,
    });
    const input = new SessionInput({
      clock,
      log,
      setup,
      rules,
      dialogue,
      voiceActivity: (type, offsetMs) => {
        if (!rules.reportsVoiceActivity) return;
        this.#send('voiceActivity', { voiceActivity: { type, audioOffset: durationText(offsetMs) } });
      },
    });
    this.#dialogue = dialogue;
    this.#input = input;
    log.ready(clock.nowMs());
    this.#send('setupComplete', { setupComplete: {} });
    this.#updateHandle(setup, conversation);
    this.#sendEmpty();
    this.#faults.reach('ready');
    dialogue.ready();
    const early = this.#early ?? [];
    this.#early = [];
    for (const message of early) this.#take(message, input);
  }

  #updateHandle(setup: Setup, conversation: Conversation): void {
    if (!setup.sessionResumption || this.#faults.find('noHandle')) return;
    const { handles, chance } = this.#on;
    const newHandle = this.#faults.find('deadHandle') ? chance.hexId(24) : handles.issue(conversation);
    this.#send('sessionResumptionUpdate', { sessionResumptionUpdate: { newHandle, resumable: true } });
  }

  #happen(fault: MomentaryFault): void {
    if (this.#isOver) return;
    switch (fault.kind) {
      case 'close':
        this.close(fault.code, fault.reason ?? '');
        return;
      case 'kill':
        this.kill();
        return;
      case 'badFrame':
        this.#on.log.send({ atMs: this.#on.clock.nowMs(), kind: 'notJson' });
        this.#socket.send(Buffer.from('{"serverContent": \u0000 not JSON'));
        return;
      case 'halfOpen':
        this.#isSilent = true;
        this.#isDeaf = true;
        return;
      case 'phantomInterrupted':
        this.#dialogue?.phantomInterrupted(fault.wedges ?? false);
        return;
      case 'cancelToolCalls':
        this.#dialogue?.cancelTools();
        return;
      case 'goAway':
        this.#send('goAway', { goAway: { timeLeft: durationText(fault.timeLeftMs) } });
        this.#isSilent ||= fault.silentAfter ?? false;
        this.#later(
          () => this.close(1011, 'Deadline expired before operation could complete.'),
          fault.timeLeftMs,
        );
    }
  }

  #send(kind: SentFrame['kind'], message: ServerMessage, note: Partial<SentFrame> = {}): void {
    if (this.#isOver || this.#isSilent) return;
    if (!this.#socket.send(encodeMessage(this.#dialectOf(message)))) return;
    this.#on.log.send({ atMs: this.#on.clock.nowMs(), kind, ...note });
    if (kind === 'audio' && this.#on.chance.next() < emptyFrameShare) this.#sendEmpty();
  }

  /** Vertex AI names its sessions, and has another word for the tokens of a response. */
  #dialectOf(message: ServerMessage): object {
    if (this.#on.platform === 'developer') return message;
    if (message.setupComplete) return { setupComplete: { sessionId: `session-${this.#on.log.connection}` } };
    if (!message.usageMetadata) return message;
    const { responseTokenCount, responseTokensDetails, ...usage } = message.usageMetadata;
    const candidates = {
      candidatesTokenCount: responseTokenCount,
      candidatesTokensDetails: responseTokensDetails,
    };
    return { ...message, usageMetadata: { ...usage, ...candidates } };
  }

  #sendEmpty(): void {
    if (!this.#on.sendsEmptyFrames) return;
    this.#send('empty', this.#on.chance.next() < 0.5 ? {} : { serverContent: {} });
  }

  #refuse(code: number, reason: string): void {
    this.#on.log.receive({ atMs: this.#on.clock.nowMs(), kind: 'refused', text: reason });
    this.close(code, reason);
  }

  #later(fn: () => void, delayMs: number): void {
    const timer = this.#on.clock.setTimeout(() => {
      this.#timers.delete(timer);
      fn();
    }, delayMs);
    this.#timers.add(timer);
  }

  #over(code: number, reason: string, by: 'server' | 'client'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of this.#timers) this.#on.clock.clearTimeout(timer);
    this.#timers.clear();
    this.#faults.stop();
    this.#dialogue?.stop();
    if (this.#conversation) this.#on.handles.closed(this.#conversation);
    this.#on.log.close(this.#on.clock.nowMs(), code, reason, by);
  }
}

function instructionOf({ systemInstruction }: Setup): string {
  return systemInstruction?.parts?.map(({ text }) => text ?? '').join('') ?? '';
}
