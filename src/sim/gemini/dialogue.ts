import type { Timer } from '../../time/index.ts';
import type { FunctionAnswer } from './client-messages.ts';
import type { ObservedTurn } from './observation.ts';
import { transcriptFragments } from './reply-plan.ts';
import { defaultPace, type Turn } from './script.ts';
import { Speaker, type SpeakerOptions } from './speaker.ts';
import { ToolCalls } from './tool-calls.ts';

/** Turns of the caller that may wait for a reply that must not be interrupted; the oldest goes first. */
const waitingTurnsLimit = 8;

/** What a dialogue stands on. */
export interface DialogueOptions extends SpeakerOptions {
  readonly transcribesInput: boolean;
  readonly interruptible: boolean;
  readonly nonBlockingTools: boolean;
  readonly toolIdPrefix: string;
  readonly isResumed: boolean;
}

/** The model's side of one session: answers turns by the script, calls tools, and is interrupted. */
export class Dialogue {
  readonly #on: DialogueOptions;
  readonly #tools: ToolCalls;
  readonly #speaker: Speaker;
  /** The reply that waits for tool answers. */
  #afterTools: (() => void) | undefined;
  /** The reply that has its tool answers and waits for what is being said meanwhile. */
  #afterFiller: (() => void) | undefined;
  #thinking: Timer | undefined;
  #waiting: { observed: ObservedTurn; turn: Turn }[] = [];
  #isWedged = false;
  #wantsReply = false;

  constructor(options: DialogueOptions) {
    this.#on = options;
    this.#tools = new ToolCalls(options.toolIdPrefix);
    this.#speaker = new Speaker(options, () => this.#next());
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
      // Gemini: scheduling counts for non-blocking functions only.
      const scheduling = this.#on.nonBlockingTools ? (answer.scheduling ?? 'WHEN_IDLE') : 'INTERRUPT';
      if (scheduling !== 'SILENT') this.#wantsReply = true;
      if (scheduling === 'INTERRUPT') this.#speaker.cut();
    }
    if (this.#tools.openIds.length > 0 || !this.#afterTools) return;
    if (this.#wantsReply) this.#afterFiller = this.#afterTools;
    this.#afterTools = undefined;
    this.#next();
  }

  /** Sends `interrupted` out of nowhere; with `wedges` nothing is answered from then on. */
  phantomInterrupted(wedges: boolean): void {
    this.#isWedged ||= wedges;
    if (this.#speaker.isSpeaking) {
      this.#speaker.cut();
      return;
    }
    this.#speaker.content('interrupted', { interrupted: true });
    this.#speaker.content('turnComplete', { turnComplete: true });
  }

  /** Ends everything, without a word to the client. */
  stop(): void {
    this.#forget();
    this.#speaker.stop();
  }

  #meet(observed: ObservedTurn, turn: Turn): void {
    if (this.#speaker.isSpeaking || this.#thinking || this.#afterTools) {
      observed.outcome = 'queued';
      this.#waiting.push({ observed, turn });
      if (this.#waiting.length > waitingTurnsLimit) this.#waiting.shift();
      return;
    }
    const { faults, isResumed } = this.#on;
    const isDead = this.#isWedged || (isResumed && faults.find('poisonedResume') !== undefined);
    const mute = isDead ? undefined : faults.spend('mute');
    if (mute?.transcribes !== false) this.#transcribe(observed, turn);
    if (isDead || mute) observed.outcome = 'mute';
    else if (faults.spend('emptyTurn')) {
      observed.outcome = 'empty';
      this.#speaker.content('generationComplete', { generationComplete: true });
      this.#speaker.complete();
    } else this.#respond(observed, turn);
  }

  #respond(observed: ObservedTurn, turn: Turn): void {
    const rejected = this.#on.faults.spend('rejectedTurn');
    observed.outcome = rejected ? 'rejected' : 'answered';
    if (rejected) this.#speaker.complete({ turnCompleteReason: rejected.reason ?? 'RESPONSE_REJECTED' });
    else if (turn.toolCalls?.length) this.#call(observed, turn, turn.toolCalls);
    else this.#speaker.speak(turn.reply, observed);
  }

  #transcribe(observed: ObservedTurn, { heard }: Turn): void {
    const isAudio = observed.by === 'automatic' || observed.by === 'manual';
    if (!isAudio || !heard || !this.#on.transcribesInput) return;
    for (const { text } of transcriptFragments(heard, 0, this.#on.chance)) {
      this.#speaker.content('inputTranscription', { inputTranscription: { text } }, { text });
    }
  }

  #call(observed: ObservedTurn, turn: Turn, calls: NonNullable<Turn['toolCalls']>): void {
    const { clock, faults, send, nonBlockingTools } = this.#on;
    this.#thinking = clock.setTimeout(() => {
      this.#thinking = undefined;
      this.#wantsReply = false;
      this.#afterTools = () => this.#speaker.speak(turn.reply, observed);
      const timesSent = faults.find('duplicateToolCall') ? 2 : 1;
      for (let i = 0; i < timesSent; i += 1) {
        send('toolCall', { toolCall: { functionCalls: this.#tools.open(calls) } });
      }
      if (nonBlockingTools && turn.whileWaiting) this.#speaker.speak(turn.whileWaiting, observed);
      faults.reach('toolCall');
    }, turn.reply.pace?.thinkMs ?? defaultPace.thinkMs);
  }

  #interrupt(): void {
    this.#forget();
    const ids = this.#tools.cancel();
    if (ids.length > 0) this.#on.send('toolCallCancellation', { toolCallCancellation: { ids } });
    this.#speaker.cut();
  }

  #forget(): void {
    this.#waiting = [];
    this.#afterTools = undefined;
    this.#afterFiller = undefined;
    this.#on.clock.clearTimeout(this.#thinking);
    this.#thinking = undefined;
  }

  /** What waits for the floor: the answer that tools made possible, then turns that could not interrupt. */
  #next(): void {
    if (this.#speaker.isSpeaking) return;
    const afterFiller = this.#afterFiller;
    this.#afterFiller = undefined;
    if (afterFiller) {
      afterFiller();
      return;
    }
    const waiting = this.#afterTools ? undefined : this.#waiting.shift();
    if (waiting) this.#meet(waiting.observed, waiting.turn);
  }
}
