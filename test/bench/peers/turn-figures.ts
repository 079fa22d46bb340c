import { type CallFigures, measureCall, type RehearsedCall, type VoiceName } from '../../../src/sim/index.ts';
import { heardPieces } from './heard-pieces.ts';

/** An answer that begins later than this after the caller's last word is none, ms. */
const latestAnswerMs = 8000;
/** An interruption counts as noticed when the agent is silent within this, ms. */
const silentWithinMs = 2000;
/** A reply whose pieces are displaced by no more than this is in one piece, ms. */
const inPlaceMs = 10;

/**
 * What can be told of any bridge by what its caller heard alone: it need not be exact to the sample, as Baari's replies are, and
 * may fall silent without a `clear`.
 */
export function turnFigures(call: RehearsedCall): CallFigures {
  const { caller, scenario, dialogue } = call;
  const underruns = isUndisturbed(call) ? caller.underruns : undefined;
  const figures: CallFigures = {
    failed: [dialogue.failure ? 1 : 0],
    gaps: underruns ? [underruns.length] : [],
    gap_ms: underruns?.map(({ lengthMs }) => lengthMs) ?? [],
  };
  const said = dialogue.steps.flatMap(({ step, said: at }) =>
    at && 'say' in step ? [{ ...at, isClip: step.name === 'clip' }] : [],
  );
  const clip = said.find(({ isClip }) => isClip);
  const asked = said.filter(({ isClip }) => !isClip || scenario.measure === 'shortAnswer');
  figures.response_ms = asked.flatMap(({ speechEndMs }) => answerAfter(call, speechEndMs) ?? []);
  switch (scenario.measure) {
    case 'interruption': {
      const toSilence = measureCall(call).to_silence_ms ?? [];
      const isNoticed = clip !== undefined && toSilence.every((ms) => ms <= silentWithinMs);
      return {
        ...figures,
        noticed: [isNoticed ? 1 : 0],
        to_silence_ms: isNoticed ? toSilence : [],
      };
    }
    case 'ignored':
    case 'gaps': {
      const opening = said.find(({ isClip }) => !isClip);
      const spokenMs = opening?.speechEndMs ?? 0;
      const reply = caller.agentAudible.find(({ fromMs }) => fromMs >= spokenMs);
      const from = Math.round(8 * Math.max(0, (reply?.fromMs ?? 0) - 100));
      const { share, isEnded, laterMs } = heardPieces(firstVoice(call), caller.heard.samples(), from);
      if (scenario.measure === 'gaps') {
        return { ...figures, whole: [share === 1 && Math.abs(laterMs) <= inPlaceMs ? 1 : 0] };
      }
      // a reply that was held for a moment and went on is not stopped: the piece that the moment fell into is not found
      return { ...figures, stopped: [isEnded && share > 0.7 ? 0 : 1], heard_share: [share] };
    }
    case 'shortAnswer':
      return { ...figures, answered: [clip && answerAfter(call, clip.speechEndMs) !== undefined ? 1 : 0] };
    case 'pause':
      return { ...figures, answered_into: measureCall(call).answered_into ?? [] };
    default:
      return figures;
  }
}

/** Whether the agent is let talk: a reply that is held while the caller says something has a gap that is meant. */
function isUndisturbed({ scenario: { measure } }: RehearsedCall): boolean {
  return measure !== 'interruption' && measure !== 'ignored';
}

/** From the caller's last word to the agent's first, ms. */
function answerAfter({ caller }: RehearsedCall, speechEndMs: number): number | undefined {
  const answer = caller.agentAudible.find(({ fromMs }) => fromMs >= speechEndMs);
  const afterMs = answer && answer.fromMs - speechEndMs;
  return afterMs !== undefined && afterMs <= latestAnswerMs ? afterMs : undefined;
}

function firstVoice({ scenario: { model } }: RehearsedCall): VoiceName {
  const [reply = 'cakes'] = model.replies;
  return typeof reply === 'string' ? reply : reply.voice;
}
