import type { Clock } from '../../time/index.ts';
import { AutomaticTurns } from './automatic-turns.ts';
import type { AudioTurn, CallerTurns, TurnListener } from './caller-turns.ts';
import type { ClientContent, ClientMessage, RealtimeInput, Setup } from './client-messages.ts';
import type { Dialogue } from './dialogue.ts';
import { ManualTurns } from './manual-turns.ts';
import type { ModelRules } from './model-rules.ts';
import type { ObservedTurn, ReceivedFrame } from './observation.ts';
import { readPcmBlob } from './pcm-blob.ts';
import type { SessionLog } from './session-log.ts';

const defaultSilenceMs = { HIGH: 700, LOW: 1000 };
const defaultPrefixPaddingMs = { HIGH: 40, LOW: 100 };

/** Why the server closes the connection because of a frame. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

const invalidArgument: Refusal = { code: 1007, reason: 'Request contains an invalid argument.' };

/** What a session's input stands on. */
export interface SessionInputOptions {
  readonly clock: Clock;
  readonly log: SessionLog;
  readonly setup: Setup;
  readonly rules: ModelRules;
  readonly dialogue: Dialogue;
  readonly voiceActivity: (type: 'ACTIVITY_START' | 'ACTIVITY_END', offsetMs: number) => void;
}

/** What a client sends after the set-up: audio and markers become turns, turns go to the dialogue. */
export class SessionInput implements TurnListener {
  readonly #on: SessionInputOptions;
  readonly #isManual: boolean;
  readonly #turns: CallerTurns;
  #turnCount = 0;

  constructor(options: SessionInputOptions) {
    this.#on = options;
    this.#isManual = options.setup.realtimeInputConfig?.automaticActivityDetection?.disabled === true;
    this.#turns = this.#isManual ? new ManualTurns(this) : automaticTurns(options, this);
  }

  /** Takes one frame; returns why the connection must close, if it must. */
  take({ realtimeInput, clientContent, toolResponse, contextUpdate }: ClientMessage): Refusal | undefined {
    if (realtimeInput) return this.#realtime(realtimeInput);
    if (clientContent) return this.#content(clientContent);
    if (contextUpdate)
      return { code: 1008, reason: 'Operation is not implemented, or supported, or enabled.' };
    if (!toolResponse) return undefined;
    const { functionResponses = [] } = toolResponse;
    this.#receive('toolResponse');
    const hasScheduling = functionResponses.some((answer) => answer.scheduling !== undefined);
    if (hasScheduling && this.#on.rules.tools === 'nonBlockingWithoutScheduling') return invalidArgument;
    this.#on.dialogue.toolAnswers(functionResponses);
    return undefined;
  }

  turnStarted(atSample: number, sampleRateHz: number): void {
    this.#on.log.turnStarted(this.#nowMs);
    if (!this.#isManual) this.#on.voiceActivity('ACTIVITY_START', (atSample * 1000) / sampleRateHz);
    this.#on.dialogue.callerStarted();
  }

  turnEnded(turn: AudioTurn): void {
    const { history } = this.#on.log;
    const { speech, range, sampleRateHz } = turn;
    if (!this.#isManual) this.#on.voiceActivity('ACTIVITY_END', (speech.toSample * 1000) / sampleRateHz);
    this.#answer({
      ...turn,
      by: this.#isManual ? 'manual' : 'automatic',
      speechMs: ((speech.toSample - speech.fromSample) * 1000) / sampleRateHz,
      ...(history.keeps ? { audio: history.slice(range.fromSample, range.toSample) } : {}),
    });
  }

  get #nowMs(): number {
    return this.#on.clock.nowMs();
  }

  #realtime(input: RealtimeInput): Refusal | undefined {
    const { activityStart, audio, text, activityEnd, audioStreamEnd, mediaChunks } = input;
    if (mediaChunks) {
      return {
        code: 1007,
        reason: 'realtime_input.media_chunks is deprecated. Use audio, video, or text instead.',
      };
    }
    const forbidden: Refusal = {
      code: 1007,
      reason: 'Explicit activity control is not supported when automatic activity detection is enabled.',
    };
    if (activityStart) {
      this.#receive('activityStart');
      if (!this.#turns.activityStart(this.#nowMs)) return forbidden;
    }
    if (audio) {
      const refusal = this.#audio(audio);
      if (refusal) return refusal;
    }
    if (text !== undefined) {
      this.#receive('text', { text });
      this.#on.dialogue.contentStarted();
      this.#answer({ by: 'text', startedAtMs: this.#nowMs, speechMs: 0, text });
    }
    if (activityEnd) {
      this.#receive('activityEnd');
      if (!this.#turns.activityEnd()) return forbidden;
    }
    if (audioStreamEnd) {
      this.#receive('audioStreamEnd');
      this.#turns.audioStreamEnd();
    }
    return undefined;
  }

  #audio(blob: { data: string; mimeType: string }): Refusal | undefined {
    const read = readPcmBlob(blob);
    if (!read.ok) return { code: 1007, reason: read.reason };
    const { samples, sampleRateHz } = read;
    const { history } = this.#on.log;
    const fromSample = history.totalSamples;
    history.append(samples);
    const note = { samples: samples.length, fromSample, sampleRateHz };
    const isTaken = this.#turns.audio(samples, sampleRateHz, fromSample, this.#nowMs);
    this.#receive('audio', isTaken ? note : { ...note, discarded: true });
    return undefined;
  }

  #content({ turns = [], turnComplete = false }: ClientContent): Refusal | undefined {
    const text = turns.flatMap((turn) => turn.parts?.map((part) => part.text ?? '') ?? []).join(' ');
    this.#receive('clientContent', { text });
    if (turns.some((turn) => turn.role !== 'user' && turn.role !== 'model')) {
      return { code: 1007, reason: 'Please use a valid role: user, model.' };
    }
    this.#on.dialogue.contentStarted();
    if (turnComplete) this.#answer({ by: 'clientContent', startedAtMs: this.#nowMs, speechMs: 0, text });
    return undefined;
  }

  #answer(turn: Omit<ObservedTurn, 'number' | 'endedAtMs' | 'outcome'>): void {
    this.#turnCount += 1;
    const observed: ObservedTurn = {
      ...turn,
      number: this.#turnCount,
      endedAtMs: this.#nowMs,
      outcome: 'answered',
    };
    this.#on.dialogue.answer(observed);
    this.#on.log.turnEnded(observed);
  }

  #receive(kind: ReceivedFrame['kind'], note: Partial<ReceivedFrame> = {}): void {
    this.#on.log.receive({ atMs: this.#nowMs, kind, ...note });
  }
}

function automaticTurns({ setup, rules }: SessionInputOptions, listener: TurnListener): AutomaticTurns {
  const detection = setup.realtimeInputConfig?.automaticActivityDetection ?? {};
  const startSensitivity = detection.startOfSpeechSensitivity === 'START_SENSITIVITY_LOW' ? 'LOW' : 'HIGH';
  const endSensitivity = detection.endOfSpeechSensitivity === 'END_SENSITIVITY_LOW' ? 'LOW' : 'HIGH';
  return new AutomaticTurns(
    {
      startSensitivity,
      endSensitivity,
      prefixPaddingMs: detection.prefixPaddingMs ?? defaultPrefixPaddingMs[startSensitivity],
      silenceDurationMs: detection.silenceDurationMs ?? defaultSilenceMs[endSensitivity],
      audioStreamEndClosesTurn: rules.audioStreamEndClosesTurn,
    },
    listener,
  );
}
