import type { Chance, Clock, Timer } from '../../time/index.ts';
import type { FunctionAnswer } from './client-messages.ts';
import type { Conversation } from './conversation.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import type { ObservedReply, ObservedTurn, SentFrame } from './observation.ts';
import { ReplyInFlight } from './reply-in-flight.ts';
import { planReply, type ReplyStep, replyRateHz, transcriptFragments } from './reply-plan.ts';
import { defaultPace, type Reply, type Turn } from './script.ts';
import { audioContent, type ServerContent, type ServerMessage, type Usage } from './server-messages.ts';
import type { SessionLog } from './session-log.ts';
import { ToolCalls } from './tool-calls.ts';

/** Turns of the caller that may wait for a reply that must not be interrupted; the oldest goes first. */
const waitingTurnsLimit = 8;
/** Gemini: about 25 tokens for a second of audio. */
const tokensPerSecond = 25;

/** What a dialogue stands on. */
export interface DialogueOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly conversation: Conversation;
  readonly faults: FaultSchedule;
  readonly log: SessionLog;
  readonly send: (kind: SentFrame['kind'], message: ServerMessage, note?: Partial<SentFrame>) => void;
  /** Called when a reply is over, so that a new handle can follow. */
  readonly idle: () => void;
  readonly transcribesInput: boolean;
  readonly transcribesOutput: boolean;
  readonly interruptible: boolean;
  readonly nonBlockingTools: boolean;
  readonly reportsInteractionStatus: boolean;
  readonly toolIdPrefix: string;
  readonly isResumed: boolean;
  readonly playbackScale: number;
}

interface Speaking {
  readonly reply: ObservedReply;
  readonly flight: ReplyInFlight;
}

/** The model's side of one session: answers turns by the script, and is interrupted. */
export class Dialogue {
  readonly #on: DialogueOptions;
  readonly #tools: ToolCalls;
  #speaking: Speaking | undefined;
  #afterTools: (() => void) | undefined;
  #afterFiller: (() => void) | undefined;
  #thinking: Timer | undefined;
  #waiting: { observed: ObservedTurn; turn: Turn }[] = [];
  #replies = 0;
  #isWedged = false;
  #isSilentAnswer = true;

  constructor(options: DialogueOptions) {
    this.#on = options;
    this.#tools = new ToolCalls(options.toolIdPrefix);
  }

  /** The caller has begun to speak: what the model is doing ends, unless interruption is off. */
  callerStarted(): void {
    if (this.#on.interruptible) this.#interrupt();
  }

  /** Content or text from the client always takes the floor. */
  contentStarted(): void {
    this.#interrupt();
  }

  /** Answers a turn; text at the very start meets the greeting. */
  answer(observed: ObservedTurn): void {
    const { conversation, faults } = this.#on;
    faults.reach('turn');
    const isText = observed.by === 'text' || observed.by === 'clientContent';
    const greeting = isText ? conversation.takeGreeting() : undefined;
    if (greeting) {
      this.#meet(observed, { reply: greeting });
      return;
    }
    const turn = conversation.peek();
    if (!isText && observed.speechMs < (turn?.minSpeechMs ?? 0)) {
      observed.outcome = 'tooShort';
      return;
    }
    conversation.take();
    if (turn) this.#meet(observed, turn);
    else observed.outcome = 'scriptIsOver';
  }

  /** Takes tool answers; the reply begins once none is owed. */
  toolAnswers(answers: readonly FunctionAnswer[]): void {
    for (const answer of answers) {
      const outcome = this.#tools.answer(answer);
      this.#on.log.toolAnswered({ atMs: this.#on.clock.nowMs(), answer, outcome });
      if (outcome !== 'accepted') continue;
      const scheduling = this.#on.nonBlockingTools ? (answer.scheduling ?? 'WHEN_IDLE') : 'INTERRUPT';
      if (scheduling !== 'SILENT') this.#isSilentAnswer = false;
      if (scheduling === 'INTERRUPT' && this.#speaking) this.#cut(this.#speaking);
    }
    if (this.#tools.openIds.length > 0 || !this.#afterTools) return;
    const reply = this.#afterTools;
    this.#afterTools = undefined;
    if (this.#isSilentAnswer) this.#next();
    else if (this.#speaking) this.#afterFiller = reply;
    else reply();
  }

  /** Sends `interrupted` out of nowhere; with `wedges` nothing is answered from then on. */
  phantomInterrupted(wedges: boolean): void {
    this.#isWedged ||= wedges;
    if (this.#speaking) this.#cut(this.#speaking);
    else {
      this.#content('interrupted', { interrupted: true });
      this.#content('turnComplete', { turnComplete: true });
    }
  }

  stop(): void {
    this.#speaking?.flight.stop();
    this.#on.clock.clearTimeout(this.#thinking);
    this.#speaking = undefined;
    this.#afterTools = undefined;
    this.#waiting = [];
  }

  #meet(observed: ObservedTurn, turn: Turn): void {
    if (this.#speaking || this.#thinking || this.#afterTools) {
      observed.outcome = 'queued';
      this.#waiting.push({ observed, turn });
      if (this.#waiting.length > waitingTurnsLimit) this.#waiting.shift();
      return;
    }
    const { faults, isResumed } = this.#on;
    const isDead = this.#isWedged || (isResumed && faults.find('poisonedResume') !== undefined);
    const mute = isDead ? undefined : faults.spend('mute');
    if (mute?.transcribes !== false) this.#transcribe(observed, turn);
    if (isDead || mute) {
      observed.outcome = 'mute';
      return;
    }
    if (faults.spend('emptyTurn')) {
      observed.outcome = 'empty';
      this.#content('generationComplete', { generationComplete: true });
      this.#complete();
      return;
    }
    const rejected = faults.spend('rejectedTurn');
    if (rejected) {
      observed.outcome = 'rejected';
      this.#complete({ turnCompleteReason: rejected.reason ?? 'RESPONSE_REJECTED' });
      return;
    }
    observed.outcome = 'answered';
    if (turn.toolCalls?.length) this.#call(observed, turn, turn.toolCalls);
    else this.#speak(turn.reply, observed);
  }

  #transcribe(observed: ObservedTurn, { heard }: Turn): void {
    const isAudio = observed.by === 'automatic' || observed.by === 'manual';
    if (!isAudio || !heard || !this.#on.transcribesInput) return;
    for (const { text } of transcriptFragments(heard, 0, this.#on.chance)) {
      this.#content('inputTranscription', { inputTranscription: { text } }, { text });
    }
  }

  #call(observed: ObservedTurn, turn: Turn, calls: NonNullable<Turn['toolCalls']>): void {
    const { clock, faults, send, nonBlockingTools } = this.#on;
    const thinkMs = turn.reply.pace?.thinkMs ?? defaultPace.thinkMs;
    this.#thinking = clock.setTimeout(() => {
      this.#thinking = undefined;
      this.#isSilentAnswer = true;
      const functionCalls = this.#tools.open(calls);
      this.#afterTools = () => this.#speak(turn.reply, observed);
      send('toolCall', { toolCall: { functionCalls } });
      if (faults.find('duplicateToolCall')) {
        send('toolCall', { toolCall: { functionCalls: this.#tools.open(calls) } });
      }
      faults.reach('toolCall');
      if (nonBlockingTools && turn.whileWaiting) this.#speak(turn.whileWaiting, observed);
    }, thinkMs);
  }

  #speak(reply: Reply, observed: ObservedTurn): void {
    const { clock, chance, faults, log, playbackScale } = this.#on;
    const slow = faults.find('slowAudio');
    const plan = planReply(reply, slow ? { speed: slow.speed, stalls: [] } : {}, chance);
    this.#replies += 1;
    const record: ObservedReply = {
      number: this.#replies,
      text: reply.text,
      startedAtMs: clock.nowMs(),
      totalSamples: plan.totalSamples,
      sentSamples: 0,
    };
    observed.reply = record.number;
    log.replyStarted(record);
    if (this.#on.reportsInteractionStatus) {
      this.#content('interactionStatus', { interactionStatus: 'IN_PROGRESS' });
    }
    const flight = new ReplyInFlight(clock, plan, playbackScale, {
      step: (step) => this.#step(record, step),
      generated: () => {
        record.generatedAtMs = clock.nowMs();
        this.#content('generationComplete', { generationComplete: true }, { reply: record.number });
        faults.reach('generated');
      },
      played: () => {
        record.completedAtMs = clock.nowMs();
        this.#speaking = undefined;
        log.replyEnded(record);
        if (!faults.spend('missingTurnComplete')) this.#complete({}, record);
        else this.#next();
      },
    });
    this.#speaking = { reply: record, flight };
  }

  #step(record: ObservedReply, step: ReplyStep): void {
    // A fault may have ended the reply between two frames that were due together.
    if (this.#speaking?.reply !== record) return;
    const { clock, faults } = this.#on;
    const reply = record.number;
    if (step.kind === 'transcript') {
      if (!this.#on.transcribesOutput) return;
      this.#content(
        'outputTranscription',
        { outputTranscription: { text: step.text } },
        { reply, text: step.text },
      );
      return;
    }
    const fromSample = record.sentSamples;
    record.sentSamples += step.samples.length;
    this.#content('audio', audioContent(step.samples), { reply, samples: step.samples.length, fromSample });
    if (fromSample === 0) {
      record.firstAudioAtMs = clock.nowMs();
      faults.reach('firstAudio');
    }
    const middle = record.totalSamples / 2;
    if (fromSample < middle && record.sentSamples >= middle) faults.reach('midReply');
  }

  #interrupt(): void {
    this.#waiting = [];
    const ids = this.#tools.cancel();
    this.#afterTools = undefined;
    this.#afterFiller = undefined;
    if (ids.length > 0) this.#on.send('toolCallCancellation', { toolCallCancellation: { ids } });
    if (this.#thinking) {
      this.#on.clock.clearTimeout(this.#thinking);
      this.#thinking = undefined;
    }
    if (this.#speaking) this.#cut(this.#speaking);
  }

  #cut({ reply, flight }: Speaking): void {
    flight.stop();
    this.#speaking = undefined;
    reply.interruptedAtMs = this.#on.clock.nowMs();
    this.#on.log.replyEnded(reply);
    this.#content('interrupted', { interrupted: true }, { reply: reply.number });
    this.#complete({}, reply);
  }

  #complete(extra: ServerContent = {}, reply?: ObservedReply): void {
    const usageMetadata = this.#usage(reply);
    const note = reply ? { reply: reply.number } : {};
    if (this.#on.reportsInteractionStatus) this.#content('interactionStatus', { interactionStatus: 'IDLE' });
    this.#on.send('turnComplete', { serverContent: { turnComplete: true, ...extra }, usageMetadata }, note);
    this.#on.idle();
    this.#on.faults.reach('turnComplete');
    this.#next();
  }

  /** What waits for the floor: the answer that tools made possible, then turns that could not interrupt. */
  #next(): void {
    if (this.#speaking) return;
    const afterFiller = this.#afterFiller;
    this.#afterFiller = undefined;
    if (afterFiller) {
      afterFiller();
      return;
    }
    const waiting = this.#afterTools ? undefined : this.#waiting.shift();
    if (waiting) this.#meet(waiting.observed, waiting.turn);
  }

  #usage(reply: ObservedReply | undefined): Usage {
    const { conversation } = this.#on;
    const responseTokenCount = Math.ceil(((reply?.sentSamples ?? 0) / replyRateHz) * tokensPerSecond);
    const promptTokenCount = conversation.contextTokens;
    conversation.contextTokens += responseTokenCount;
    return {
      promptTokenCount,
      responseTokenCount,
      totalTokenCount: promptTokenCount + responseTokenCount,
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: responseTokenCount }],
    };
  }

  #content(kind: SentFrame['kind'], serverContent: ServerContent, note: Partial<SentFrame> = {}): void {
    this.#on.send(kind, { serverContent }, note);
  }
}
