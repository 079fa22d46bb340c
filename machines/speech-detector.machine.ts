import { assign, type CallbackActorLogic, type NonReducibleUnknown, sendParent, sendTo, setup } from 'xstate';
import type { SpeechCommand } from './events.ts';

/** What the detector hears; it counts samples, so that the chart needs no timer. */
export type DetectorReport =
  | { readonly type: 'score.rose' }
  | { readonly type: 'score.fell' }
  | { readonly type: 'score.onset'; readonly onsetSample: number }
  | { readonly type: 'score.sustained'; readonly onsetSample: number }
  | { readonly type: 'score.paused' }
  | { readonly type: 'score.resumed'; readonly onsetSample: number }
  | { readonly type: 'score.ended' };

type DetectorLogic = CallbackActorLogic<SpeechCommand, NonReducibleUnknown, DetectorReport>;

/** Whether the caller speaks. */
export const speechDetectorMachine = setup({
  types: {
    context: {} as { readonly onsetSample: number; readonly isSustained: boolean },
    events: {} as DetectorReport | SpeechCommand,
    tags: {} as 'callerSpeaking',
  },
  actors: {
    detector: {} as DetectorLogic,
  },
  guards: {
    isSustained: ({ context }) => context.isSustained,
  },
  actions: {
    rememberSustained: assign({ isSustained: true }),
    forgetSustained: assign({ isSustained: false }),
    rememberOnset: assign({
      onsetSample: ({ context, event }) => ('onsetSample' in event ? event.onsetSample : context.onsetSample),
    }),
    reportStarted: sendParent(({ context }) => ({
      type: 'speech.started',
      onsetSample: context.onsetSample,
    })),
    reportSustained: sendParent(({ context }) => ({
      type: 'speech.sustained',
      onsetSample: context.onsetSample,
    })),
    reportPaused: sendParent({ type: 'speech.paused' }),
    reportResumed: sendParent(({ context }) => ({
      type: 'speech.resumed',
      onsetSample: context.onsetSample,
    })),
    reportEnded: sendParent({ type: 'speech.ended' }),
    tellDetector: sendTo('detector', ({ event }) => event),
  },
}).createMachine({
  id: 'speechDetector',
  context: { onsetSample: 0, isSustained: false },
  description: 'Whether the caller speaks; time is counted in samples of the caller’s stream.',
  invoke: { id: 'detector', src: 'detector' },
  initial: 'silence',
  on: { 'speech.*': { actions: 'tellDetector' } },
  states: {
    silence: {
      description: 'Nobody speaks.',
      on: {
        'score.rose': 'maybeSpeech',
        'score.onset': { target: 'speech', actions: ['forgetSustained', 'rememberOnset', 'reportStarted'] },
      },
    },
    maybeSpeech: {
      description: 'The score has risen; a click or a word?',
      on: {
        'score.fell': 'silence',
        'score.onset': { target: 'speech', actions: ['forgetSustained', 'rememberOnset', 'reportStarted'] },
      },
    },
    speech: {
      description: 'The caller speaks.',
      tags: ['callerSpeaking'],
      on: {
        'speech.repeat': [
          { guard: 'isSustained', actions: ['reportStarted', 'reportSustained'] },
          { actions: 'reportStarted' },
        ],
        'speech.repeatSustained': { guard: 'isSustained', actions: 'reportSustained' },
        'score.sustained': { actions: ['rememberSustained', 'reportSustained'] },
        'score.paused': { target: 'maybeSilence', actions: 'reportPaused' },
        'score.ended': { target: 'silence', actions: 'reportEnded' },
      },
    },
    maybeSilence: {
      description: 'The caller has paused; a breath or the end of the turn?',
      tags: ['callerSpeaking'],
      on: {
        'speech.repeat': { actions: 'reportStarted' },
        'score.resumed': { target: 'speech', actions: ['rememberOnset', 'reportResumed'] },
        'score.ended': { target: 'silence', actions: 'reportEnded' },
      },
    },
  },
});
