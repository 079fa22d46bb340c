import { costUsd, noTokens, type TokenUsage } from '../../../src/gemini/index.ts';
import type { Inputs } from './inputs.ts';

/** Google: about 25 tokens for a second of audio. */
export const audioTokensPerSecond = 25;
/** What is sent around each turn of a caller, s: the usual pre-roll (0.4), and the silence that ends it (0.5). */
const aroundTurnSeconds = 0.9;
const model = 'gemini-3.8-live';

/** What one call uses. */
interface CallTokens {
  readonly usage: TokenUsage;
  readonly usd: number;
}

/**
 * The tokens of a call of `minutes`, turn by turn: each turn is charged for the instruction and all audio before it again.
 *
 * `sends` says what of the line the model hears: the caller's turns, or all of it.
 */
export function tokensOfCall(inputs: Inputs, minutes: number, sends: 'turns' | 'all'): CallTokens {
  const turns = Math.max(1, Math.round(inputs.turnsPerMinute * minutes));
  const secondsPerTurn = (minutes * 60) / turns;
  const spoken = (secondsPerTurn * inputs.callerPercent) / 100;
  const heard =
    Math.min(secondsPerTurn, sends === 'all' ? Infinity : spoken + aroundTurnSeconds) * audioTokensPerSecond;
  const said = secondsPerTurn * (inputs.agentPercent / 100) * audioTokensPerSecond;
  let history = 0;
  let audioIn = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    audioIn += history + heard;
    history += heard + said;
  }
  const textIn = turns * inputs.instructionTokens;
  const audioOut = turns * said;
  const usage: TokenUsage = {
    ...noTokens,
    prompt: Math.round(textIn + audioIn),
    response: Math.round(audioOut),
    promptBy: { text: Math.round(textIn), audio: Math.round(audioIn), other: 0 },
    responseBy: { text: 0, audio: Math.round(audioOut), other: 0 },
  };
  const usd = costUsd(model, usage);
  if (usd === undefined) throw new Error(`expected a price of ${model} in src/gemini/price.ts, found none`);
  return { usage, usd };
}
