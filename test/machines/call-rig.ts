import { type Actor, type AnyMachineSnapshot, createActor, type EventObject } from 'xstate';
import {
  type CallEvent,
  type CallOutput,
  callMachine,
  type DetectorReport,
  type ExotelWireCommand,
  type ExotelWireReport,
  exotelLinkMachine,
  type GeminiWireCommand,
  type GeminiWireReport,
  geminiLinkMachine,
  playoutMachine,
  type SchedulerCommand,
  type SchedulerReport,
  type SpeechCommand,
  speechDetectorMachine,
  type ToolDeskCommand,
  type ToolDeskReport,
  type ToolWorkReport,
  toolCallMachine,
  toolsMachine,
} from '../../machines/index.ts';
import { callInput, DeadlineClock, FakeEdge, leaves } from '../helpers/machines.ts';

/** What happens to a call: a report from one of its edges, an order from outside, or time that passes, ms. */
export type CallStep =
  | { readonly line: ExotelWireReport }
  | { readonly model: GeminiWireReport }
  | { readonly ear: DetectorReport }
  | { readonly voice: SchedulerReport }
  | { readonly order: Extract<CallEvent, { type: 'call.end' | 'call.takeLeave' | 'call.hangUp' }> }
  | number;

/** A whole call at work, all its charts, with fakes at its edges. */
export class CallRig {
  readonly clock = new DeadlineClock();
  readonly line = new FakeEdge<ExotelWireCommand, ExotelWireReport>(() => this.clock.nowMs());
  readonly model = new FakeEdge<GeminiWireCommand, GeminiWireReport>(() => this.clock.nowMs());
  readonly ear = new FakeEdge<SpeechCommand, DetectorReport>(() => this.clock.nowMs());
  readonly voice = new FakeEdge<SchedulerCommand, SchedulerReport>(() => this.clock.nowMs());
  readonly desk = new FakeEdge<ToolDeskCommand, ToolDeskReport>(() => this.clock.nowMs());
  readonly work = new FakeEdge<EventObject, ToolWorkReport, { readonly run: string }>(() =>
    this.clock.nowMs(),
  );
  readonly edges = { line: this.line, model: this.model, ear: this.ear, voice: this.voice, desk: this.desk };
  readonly #actor: Actor<typeof callMachine>;

  constructor(changes: Partial<typeof callInput> = {}) {
    const chart = callMachine.provide({
      actors: {
        exotelLink: exotelLinkMachine.provide({ actors: { exotelWire: this.line.logic } }),
        geminiLink: geminiLinkMachine.provide({ actors: { geminiWire: this.model.logic } }),
        speechDetector: speechDetectorMachine.provide({ actors: { detector: this.ear.logic } }),
        tools: toolsMachine.provide({
          actors: {
            desk: this.desk.logic,
            toolCall: toolCallMachine.provide({ actors: { work: this.work.logic } }),
          },
        }),
        playout: playoutMachine.provide({ actors: { scheduler: this.voice.logic } }),
      },
    });
    this.#actor = createActor(chart, { clock: this.clock, input: { ...callInput, ...changes } });
    this.#actor.subscribe({ error: () => undefined });
  }

  start(): this {
    this.#actor.start();
    return this;
  }

  play(steps: readonly CallStep[]): this {
    for (const step of steps) {
      if (typeof step === 'number') this.clock.advance(step);
      else if ('line' in step) this.line.report(step.line);
      else if ('model' in step) this.model.report(step.model);
      else if ('ear' in step) this.ear.report(step.ear);
      else if ('voice' in step) this.voice.report(step.voice);
      else this.#actor.send(step.order);
    }
    return this;
  }

  /** Where the call is: its state; while it converses, that of its turn. */
  get place(): string {
    const { value, children } = this.#actor.getSnapshot();
    const states = leaves(value).map((leaf) => leaf.replace(/^live\.(answered\.)?/, ''));
    const turn: AnyMachineSnapshot | undefined = children.turn?.getSnapshot();
    return turn && turn.status === 'active' ? leaves(turn.value).join(' + ') : states.join(' + ');
  }

  /** The state of the call's patience, while it converses. */
  get patience(): string | undefined {
    const prefix = 'live.answered.conversing.patience.';
    return leaves(this.#actor.getSnapshot().value)
      .find((leaf) => leaf.startsWith(prefix))
      ?.slice(prefix.length);
  }

  get status(): string {
    return this.#actor.getSnapshot().status;
  }

  get output(): CallOutput | undefined {
    return this.#actor.getSnapshot().output;
  }

  /** Names of the edges that were started and not disposed, and of timers that are still pending. */
  get leftovers(): string[] {
    const alive = Object.entries(this.edges).filter(([, edge]) => edge.isRunning);
    return [...alive.map(([name]) => name), ...this.clock.pendingDelaysMs.map((ms) => `a timer of ${ms} ms`)];
  }
}

export const started: CallStep = { line: { type: 'wire.started', sampleRateHz: 8000 } };
export const hungUp: CallStep = { line: { type: 'wire.stopped' } };
export const closed = (code: number): CallStep => ({ line: { type: 'wire.closed', code } });
export const setUp: CallStep = { model: { type: 'wire.setUp', resumed: false } };
export const generationComplete: CallStep = { model: { type: 'wire.generationComplete' } };
export const lost = (remedy: 'resume' | 'renew' | 'none'): CallStep => ({
  model: { type: 'wire.lost', failure: { code: 'gemini.closed', message: 'the connection is gone' }, remedy },
});
export const onset: CallStep = { ear: { type: 'score.onset', onsetSample: 8000 } };
export const sustained: CallStep = { ear: { type: 'score.sustained', onsetSample: 8000 } };
export const paused: CallStep = { ear: { type: 'score.paused' } };
export const speechEnded: CallStep = { ear: { type: 'score.ended' } };
export const audible: CallStep = { voice: { type: 'queue.audible' } };
export const filled: CallStep = { voice: { type: 'queue.filled' } };
const ranDry: CallStep = { voice: { type: 'queue.ranDry' } };
export const sentAll: CallStep = { voice: { type: 'queue.sentAll' } };
export const heardAll: CallStep = { voice: { type: 'queue.heardAll' } };
export const endCall: CallStep = { order: { type: 'call.end' } };
export const hangUp: CallStep = { order: { type: 'call.hangUp' } };
export const takeLeave: CallStep = { order: { type: 'call.takeLeave' } };

const answered = [started, setUp];
const greeting = [...answered, audible, filled];
/** The greeting has been heard to its end and the floor is the caller's. */
export const greetingHeard: readonly CallStep[] = [...greeting, generationComplete, sentAll, heardAll];
const quiet = greetingHeard;
const callerSpeaking = [...quiet, onset];
const awaitingReply = [...callerSpeaking, speechEnded];
const speaking = [...awaitingReply, audible, filled];

/** Ways into every situation of a call that a caller could hang up in. */
export const places: readonly { readonly place: string; readonly way: readonly CallStep[] }[] = [
  { place: 'arriving', way: [] },
  { place: 'connecting', way: [started] },
  { place: 'greeting.awaited.undisturbed', way: answered },
  { place: 'greeting.awaited.disturbed', way: [...answered, onset] },
  { place: 'greeting.protected.undisturbed', way: greeting },
  { place: 'greeting.protected.disturbed', way: [...greeting, onset] },
  { place: 'greeting.protected.insisted', way: [...greeting, onset, sustained] },
  { place: 'listening.quiet', way: quiet },
  { place: 'listening.callerSpeaking', way: callerSpeaking },
  { place: 'awaitingReply.patient', way: awaitingReply },
  { place: 'awaitingReply.nudged.quiet', way: [...awaitingReply, 4000] },
  { place: 'awaitingReply.nudged.callerSpeaking', way: [...awaitingReply, 4000, onset] },
  { place: 'awaitingReply.renewing.quiet', way: [...awaitingReply, 8000] },
  { place: 'awaitingReply.renewing.callerSpeaking', way: [...awaitingReply, 8000, onset] },
  { place: 'pressing.callerSpeaking', way: [...awaitingReply, 8000, onset, 4000] },
  { place: 'pressing.quiet', way: [...awaitingReply, 8000, onset, 4000, speechEnded] },
  { place: 'modelSpeaking.priming', way: [...awaitingReply, audible] },
  { place: 'modelSpeaking.speaking', way: speaking },
  { place: 'modelSpeaking.stalled', way: [...speaking, ranDry] },
  { place: 'modelSpeaking.yielding', way: [...speaking, onset] },
  { place: 'draining.playingOut', way: [...speaking, generationComplete] },
  { place: 'draining.yielding', way: [...speaking, generationComplete, onset] },
  { place: 'draining.answered.pausing', way: [...speaking, generationComplete, onset, paused] },
  { place: 'draining.answered.over', way: [...speaking, generationComplete, onset, paused, speechEnded] },
  { place: 'apologising', way: [started, lost('none')] },
  { place: 'closing.lastWords', way: [...speaking, endCall] },
  { place: 'closing.hangingUp', way: [...quiet, endCall] },
];

/** The places in which the model is connected, or being connected. */
export const answeredPlaces = places.filter(
  ({ place }) => !['arriving', 'apologising'].includes(place) && !place.startsWith('closing'),
);
