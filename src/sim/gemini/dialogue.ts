import type { Timer } from '../../time/index.ts';
import type { FunctionAnswer } from './client-messages.ts';
import type { ObservedTurn } from './observation.ts';
import { transcriptFragments } from './reply-plan.ts';
import { defaultPace, type ScriptedToolCall, type Turn } from './script.ts';
import { Speaker, type SpeakerOptions } from './speaker.ts';

/** Turns of the caller that may wait for a reply that must not be interrupted; the oldest goes first. */
const waitingTurnsLimit = 8;

/** What a dialogue stands on. */
export interface DialogueOptions extends SpeakerOptions {
  readonly transcribesInput: boolean;
  readonly interruptible: boolean;
  /** Whether the model talks on while this function runs. */
  readonly isNonBlocking: (name: string) => boolean;
  readonly toolIdPrefix: string;
  readonly isResumed: boolean;
}

/** The model's side of one session: answers turns by the script, calls tools, and is interrupted. */
export class Dialogue {
  readonly #on: DialogueOptions;
  readonly #speaker: Speaker;
  /** The reply that has its tool answers and waits for what is being said meanwhile. */
  #afterFiller: (() => void) | undefined;
  #thinking: Timer | undefined;
  #waiting: { observed: ObservedTurn; turn: Turn }[] = [];
  #isWedged = false;
  #wantsReply = false;

  constructor(options: DialogueOptions) {
    this.#on = options;
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

  /** The session is set up: a fault repeats the calls that a lost connection left open. */
  ready(): void {
    const { conversation, faults, send } = this.#on;
    const { openCalls } = conversation.tools;
    if (openCalls.length > 0 && faults.find('repeatedToolCall')) {
      send('toolCall', { toolCall: { functionCalls: openCalls } });
    }
  }

  /** Takes back the calls that are open, though nobody interrupted; their reply never comes. */
  cancelTools(): void {
    const { conversation, send } = this.#on;
    const ids = conversation.tools.cancel();
    if (ids.length === 0) return;
    conversation.owed = undefined;
    send('toolCallCancellation', { toolCallCancellation: { ids } });
    this.#speaker.complete();
  }

  /** Takes tool answers; the reply begins once none is owed. */
  toolAnswers(answers: readonly FunctionAnswer[]): void {
    const { conversation, isNonBlocking } = this.#on;
    for (const answer of answers) {
      const outcome = conversation.tools.answer(answer);
      this.#on.log.toolAnswered({ atMs: this.#on.clock.nowMs(), answer, outcome });
      if (outcome !== 'accepted') continue;
      // Gemini: scheduling counts for non-blocking functions only.
      const scheduling = isNonBlocking(answer.name ?? '') ? (answer.scheduling ?? 'WHEN_IDLE') : 'INTERRUPT';
      if (scheduling !== 'SILENT') this.#wantsReply = true;
      if (scheduling === 'INTERRUPT') this.#speaker.cut();
    }
    const { owed } = conversation;
    if (conversation.tools.openIds.length > 0 || !owed) return;
    if (this.#wantsReply) this.#afterFiller = () => this.#speaker.speak(owed.turn.reply, owed.observed);
    conversation.owed = undefined;
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
    if (this.#speaker.isSpeaking || this.#thinking || this.#on.conversation.owed) {
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
    const { clock, conversation, faults, send, isNonBlocking, toolIdPrefix } = this.#on;
    this.#thinking = clock.setTimeout(() => {
      this.#thinking = undefined;
      this.#wantsReply = false;
      conversation.owed = { turn, observed };
      const called = this.#asFaultsHaveIt(calls);
      const functionCalls = conversation.tools.open(called, toolIdPrefix);
      send('toolCall', { toolCall: { functionCalls } });
      const duplicate = faults.find('duplicateToolCall');
      if (duplicate) {
        const again = duplicate.sameIds ? functionCalls : conversation.tools.open(called, toolIdPrefix);
        send('toolCall', { toolCall: { functionCalls: again } });
      }
      if (turn.whileWaiting && called.every(({ name }) => isNonBlocking(name))) {
        this.#speaker.speak(turn.whileWaiting, observed);
      }
      faults.reach('toolCall');
    }, turn.reply.pace?.thinkMs ?? defaultPace.thinkMs);
  }

  /** The calls, spoilt where a fault spoils them. */
  #asFaultsHaveIt(calls: readonly ScriptedToolCall[]): readonly ScriptedToolCall[] {
    const { faults } = this.#on;
    const isMisnamed = faults.spend('misnamedToolCall') !== undefined;
    const isMisfit = faults.spend('misfitToolArguments') !== undefined;
    return calls.map(({ name, args = {} }) => ({
      name: isMisnamed ? `${name}_now` : name,
      args: isMisfit ? { unexpected: true } : args,
    }));
  }

  #interrupt(): void {
    this.#forget();
    const { tools } = this.#on.conversation;
    this.#on.conversation.owed = undefined;
    const ids = tools.cancel();
    if (ids.length > 0) this.#on.send('toolCallCancellation', { toolCallCancellation: { ids } });
    this.#speaker.cut();
  }

  #forget(): void {
    this.#waiting = [];
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
    const waiting = this.#on.conversation.owed ? undefined : this.#waiting.shift();
    if (waiting) this.#meet(waiting.observed, waiting.turn);
  }
}
