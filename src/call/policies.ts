import type { CallInput } from '../../machines/index.ts';
import { type Agent, instructionOf } from '../agents/index.ts';
import type { GeminiSettings, ToolDeclaration } from '../gemini/index.ts';
import type { PlayoutPolicy } from '../playout/index.ts';
import type { SpeechPolicy } from '../speech/index.ts';

/** Beyond the confirmation, ms: a verdict that has not come by then counts as confirmed. */
const verdictGraceMs = 300;
/** Longest closing handshake with Exotel, ms. */
const lineCloseMs = 2000;
/** From our stop to the close, ms: as the one project waits that reports the need for it. */
const stopBeforeCloseMs = 700;
/** Pauses between attempts to resume a session, ms, and how long it is tried. */
const resume = {
  backoffMs: 500,
  longestBackoffMs: 4000,
  resumeBudgetMs: 30_000,
  stableMs: 10_000,
  mostAttempts: 10,
  mostResumptions: 3,
  mostRenewals: 2,
};
/** What the Gemini link waits for, ms; the model's first sound takes 1 to 2 s, and it is reminded after 4 s by default. */
const sessionDeadlines = {
  rotateGraceMs: 50_000,
  silenceMs: 6000,
  poisonedMs: 8000,
  turnCompleteMs: 3000,
  handleMs: 500,
  mostEmptyTurns: 3,
};
/** Beyond the longest time-out that a tool can have, ms: its answer is not waited for any more. */
const longestToolMs = 65_000;
/** Longest apology and longest goodbye, ms. */
const longestSentenceMs = 15_000;

/** The charts' input for a call with `agent` that opens with an announcement of `announcementMs`, 0 for none. */
export function callInput(callId: string, agent: Agent, announcementMs = 0): CallInput {
  const { turns, limits, patience, greeting, dtmf } = agent;
  const longestCallMs = limits.longestCallMin * 60_000;
  const warningMs = limits.warnBeforeEndS * 1000;
  return {
    callId,
    turn: {
      agentGreets: greeting.by === 'model' || announcementMs > 0,
      mustBeHeard: announcementMs > 0,
      policy: {
        greetingProtectedMs: announcementMs + greeting.protectedMs,
        verdictMs: turns.confirmMs + verdictGraceMs,
        tailAnswerMs: turns.tailAnswerMs,
        longestCallerTurnMs: turns.longestMs + turns.endSilenceMs,
        overdueMs: turns.overdueMs,
        unansweredTurns: turns.unansweredTurns,
        nudgeMs: turns.nudgeMs,
        newSessionMs: turns.newSessionMs,
        apologyMs: turns.apologyMs,
        lastAnswerMs: turns.lastAnswerMs,
        phraseAfterMs: agent.tools.phraseAfterMs,
        phraseEveryMs: agent.tools.phraseEveryMs,
        longestToolMs,
      },
    },
    exotelLink: {
      startMs: limits.startMs,
      closeMs: lineCloseMs,
      stopsFirst: agent.exotel.stopBeforeClose,
      stopMs: stopBeforeCloseMs,
    },
    geminiLink: {
      setupMs: limits.setupMs,
      rotateAfterMs: limits.rotateAfterMs,
      ...resume,
      ...sessionDeadlines,
    },
    keypad: {
      pauseMs: dtmf.pauseMs,
      longestMs: dtmf.longestMs,
      terminator: dtmf.terminator === 'none' ? '' : dtmf.terminator,
      mostDigits: dtmf.maxDigits,
      toldToModel: dtmf.toModel,
      interrupts: dtmf.interrupts,
      actions: dtmf.actions,
    },
    transferNumber: agent.transfer.number ?? '',
    apologyMs: longestSentenceMs,
    lastWordsMs: limits.closingMs,
    repromptAfterMs: patience.repromptAfterMs,
    reprompts: patience.reprompts,
    goodbyeAfterMs: patience.goodbyeAfterMs,
    goodbyeMs: longestSentenceMs,
    warnAfterMs: longestCallMs - warningMs,
    warningMs,
  };
}

/** How the model is set up for `agent`, with what it can have done. */
export function geminiSettings(agent: Agent, tools: readonly ToolDeclaration[] = []): GeminiSettings {
  return {
    model: agent.model,
    ...instructionOf(agent),
    voice: agent.voice,
    languageCode: agent.languages[0],
    temperature: agent.temperature,
    callerLanguages: agent.transcription.hints ? agent.languages : [],
    callerVocabulary: agent.transcription.vocabulary,
    transcribeCaller: agent.transcription.caller,
    transcribeAgent: agent.transcription.agent,
    turnOwner: agent.turns.owner,
    automaticDetection: agent.automaticDetection,
    tools,
    ...((agent.patience.ask ?? agent.patience.goodbye) !== undefined && { words: agent.patience }),
  };
}

/** How the detector decides for `agent`. */
export function speechPolicy({ turns }: Agent): Partial<SpeechPolicy> {
  return {
    onsetMs: turns.onsetMs,
    onsetWhileSpeakingMs: turns.onsetWhileSpeakingMs,
    confirmMs: turns.confirmMs,
    rejectMs: turns.rejectMs,
    endSilenceMs: turns.endSilenceMs,
    shortEndSilenceMs: turns.shortEndSilenceMs,
    shortUtteranceMs: turns.shortUtteranceMs,
    longestMs: turns.longestMs,
  };
}

/** How replies of `agent` are played. */
export function playoutPolicy({ playout }: Agent): PlayoutPolicy {
  const { start, chunkMs, leadMs, prebufferMs, prebufferMaxMs, markFallbackMs, keepAliveMs, trimSilenceMs } =
    playout;
  return { start, chunkMs, leadMs, prebufferMs, prebufferMaxMs, markFallbackMs, keepAliveMs, trimSilenceMs };
}
