import type { Chance, Clock } from '../../time/index.ts';
import type { Conversation } from './conversation.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import type { ObservedReply, ObservedTurn, SentFrame } from './observation.ts';
import { ReplyInFlight } from './reply-in-flight.ts';
import { planReply, type ReplyStep, replyRateHz } from './reply-plan.ts';
import type { Reply } from './script.ts';
import { audioContent, type ServerContent, type ServerMessage, type Usage } from './server-messages.ts';
import type { SessionLog } from './session-log.ts';

/** Gemini: about 25 tokens for a second of audio. */
const tokensPerSecond = 25;

/** What a speaker stands on. */
export interface SpeakerOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly conversation: Conversation;
  readonly faults: FaultSchedule;
  readonly log: SessionLog;
  readonly send: (kind: SentFrame['kind'], message: ServerMessage, note?: Partial<SentFrame>) => void;
  /** Called when a turn of the model is over, so that a new handle can follow. */
  readonly idle: () => void;
  readonly transcribesOutput: boolean;
  readonly reportsInteractionStatus: boolean;
  /** Share of the assumed playback time that is really waited for, 0 to 1. */
  readonly playbackScale: number;
}

interface Speaking {
  readonly reply: ObservedReply;
  readonly flight: ReplyInFlight;
}

/** Says one reply at a time and ends the model's turns. */
export class Speaker {
  readonly #on: SpeakerOptions;
  readonly #over: () => void;
  #speaking: Speaking | undefined;
  #replies = 0;
  #isNearZero = false;

  /** @param over called when a turn of the model is over, however it ended. */
  constructor(options: SpeakerOptions, over: () => void) {
    this.#on = options;
    this.#over = over;
  }

  /** Whether a reply is being generated, or is assumed to be playing. */
  get isSpeaking(): boolean {
    return this.#speaking !== undefined;
  }

  /** Begins a reply; none may be under way. */
  speak(reply: Reply, observed: ObservedTurn): void {
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
    this.#status('IN_PROGRESS');
    this.#isNearZero = faults.spend('nearZeroAudio') !== undefined;
    const flight = new ReplyInFlight(clock, plan, playbackScale, {
      step: (step) => this.#step(record, step),
      generated: () => {
        record.generatedAtMs = clock.nowMs();
        this.content('generationComplete', { generationComplete: true }, { reply: record.number });
        faults.reach('generated');
      },
      played: () => {
        record.completedAtMs = clock.nowMs();
        this.#speaking = undefined;
        log.replyEnded(record);
        if (faults.spend('missingTurnComplete')) this.#over();
        else this.complete({}, record);
      },
    });
    this.#speaking = { reply: record, flight };
  }

  /** Breaks off the reply that is under way, if one is: `interrupted`, then the end of the turn. */
  cut(): void {
    if (!this.#speaking) return;
    const { reply, flight } = this.#speaking;
    flight.stop();
    this.#speaking = undefined;
    reply.interruptedAtMs = this.#on.clock.nowMs();
    this.#on.log.replyEnded(reply);
    this.content('interrupted', { interrupted: true }, { reply: reply.number });
    this.complete({}, reply);
  }

  /** Ends the model's turn, with the tokens that `reply` took. */
  complete(extra: ServerContent = {}, reply?: ObservedReply): void {
    const usageMetadata = this.#usage(reply);
    this.#status('IDLE');
    this.#on.send(
      'turnComplete',
      { serverContent: { turnComplete: true, ...extra }, usageMetadata },
      reply ? { reply: reply.number } : {},
    );
    this.#on.idle();
    this.#on.faults.reach('turnComplete');
    this.#over();
  }

  /** Sends one frame of content. */
  content(kind: SentFrame['kind'], serverContent: ServerContent, note: Partial<SentFrame> = {}): void {
    this.#on.send(kind, { serverContent }, note);
  }

  /** Falls silent for good, without a word to the client. */
  stop(): void {
    if (this.#speaking?.reply.sentSamples === 0) this.#on.conversation.giveBack();
    this.#speaking?.flight.stop();
    this.#speaking = undefined;
  }

  #step(record: ObservedReply, step: ReplyStep): void {
    // A fault may have ended the reply between two frames that were due together.
    if (this.#speaking?.reply !== record) return;
    if (step.kind === 'audio') this.#audio(record, step.samples);
    else if (this.#on.transcribesOutput) {
      const { text } = step;
      this.content('outputTranscription', { outputTranscription: { text } }, { reply: record.number, text });
    }
  }

  #audio(record: ObservedReply, samples: Int16Array): void {
    const { clock, faults } = this.#on;
    const fromSample = record.sentSamples;
    const middle = record.totalSamples / 2;
    record.sentSamples += samples.length;
    record.firstAudioAtMs ??= clock.nowMs();
    this.content('audio', audioContent(this.#isNearZero ? faint(samples) : samples), {
      reply: record.number,
      samples: samples.length,
      fromSample,
    });
    if (fromSample === 0) faults.reach('firstAudio');
    if (fromSample < middle && record.sentSamples >= middle) faults.reach('midReply');
  }

  #status(interactionStatus: 'IN_PROGRESS' | 'IDLE'): void {
    if (this.#on.reportsInteractionStatus) this.content('interactionStatus', { interactionStatus });
  }

  #usage(reply: ObservedReply | undefined): Usage {
    const { conversation } = this.#on;
    const responseTokenCount = Math.ceil(((reply?.sentSamples ?? 0) / replyRateHz) * tokensPerSecond);
    const { instructionTokens, contextTokens } = conversation;
    const promptTokenCount = instructionTokens + contextTokens;
    conversation.contextTokens += responseTokenCount;
    return {
      promptTokenCount,
      responseTokenCount,
      totalTokenCount: promptTokenCount + responseTokenCount,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: instructionTokens },
        { modality: 'AUDIO', tokenCount: contextTokens },
      ],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: responseTokenCount }],
    };
  }
}

/** The same length of something that nobody can hear: −84 dBov. */
function faint(samples: Int16Array): Int16Array {
  return samples.map((_, at) => (at % 2 === 0 ? 2 : -2));
}
