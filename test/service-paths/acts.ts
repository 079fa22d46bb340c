import { encodePcm16Base64 } from '../../src/audio/index.ts';
import { seededChance } from '../../src/time/index.ts';
import type { TurnState } from '../machines/turn-words.ts';
import type { ServiceStage } from './service-stage.ts';

/** One thing that happens outside the service, or a wait; all times are ms. */
export type Act =
  /** The caller speaks from now on for so long. */
  | { readonly speak: number }
  /** The model sends so much audio, at once. */
  | { readonly audio: number }
  /** The model says what is the matter with its reply. */
  | { readonly model: 'generationComplete' | 'interrupted' | 'turnComplete' }
  /** The model moves the call to a new connection at the next quiet moment, which is now. */
  | { readonly model: 'rotates' }
  /** The model's connection drops. */
  | { readonly model: 'drops' }
  /** The caller's audio stops arriving, though the line is open, or arrives again. */
  | { readonly uplink: 'lost' | 'back' }
  /** The model calls a tool, or the tool that was called first answers. */
  | { readonly tool: 'called' | 'answers' }
  | { readonly pass: number }
  | { readonly until: TurnState };

/** Longest wait for a state, ms. */
const longestMs = 15_000;
const syllableMs = 160;
/** Too short to be a pause of the caller, or silence at the end of a short sound. */
const syllablePauseMs = 40;
const modelRateHz = 24_000;
const lineRateHz = 8000;

/** Lets one act happen; throws when a state that is waited for does not come. */
export async function perform(stage: ServiceStage, act: Act): Promise<void> {
  if ('speak' in act) stage.caller.say(sound(act.speak, lineRateHz));
  else if ('audio' in act) sendAudio(stage, act.audio);
  else if ('uplink' in act) stage.setUplink(act.uplink === 'back');
  else if ('tool' in act) {
    if (act.tool === 'called') stage.callTool();
    else stage.answerTool();
  } else if ('pass' in act) await stage.pass(act.pass);
  else if ('until' in act) {
    const isThere = await stage.pass(longestMs, () => stage.turn.state === act.until);
    if (!isThere) throw new Error(`expected the turn to come to ${act.until}; ${stage.describe()}`);
  } else if (act.model === 'drops') stage.session?.kill();
  else if (act.model === 'rotates') {
    stage.fromModel({ serverContent: { turnComplete: true } });
    // no time is left for a quiet moment
    stage.fromModel({ goAway: { timeLeft: '0s' } });
  } else stage.fromModel({ serverContent: { [act.model]: true } });
}

function sendAudio(stage: ServiceStage, ms: number): void {
  const inlineData = { mimeType: 'audio/pcm;rate=24000', data: encodePcm16Base64(sound(ms, modelRateHz)) };
  stage.fromModel({ serverContent: { modelTurn: { parts: [{ inlineData }] } } });
}

/** Noise as loud as speech, in syllables, so that it is not taken for the noise of a street. */
export function sound(ms: number, rateHz: number): Int16Array {
  const chance = seededChance(ms);
  const period = (syllableMs * rateHz) / 1000;
  const pause = (syllablePauseMs * rateHz) / 1000;
  return Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, at) =>
    at % period < period - pause ? (chance.next() - 0.5) * 16_000 : 0,
  );
}
