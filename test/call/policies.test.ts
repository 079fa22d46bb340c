import { describe, expect, it } from 'vitest';
import { type Agent, agentJsonSchema } from '../../src/agents/index.ts';
import { CallerEar } from '../../src/call/caller-ear.ts';
import { callInput, geminiSettings, playoutPolicy, speechPolicy } from '../../src/call/policies.ts';
import { EnergyScorer } from '../../src/speech/index.ts';
import { agentOf } from '../helpers/simulated-call.ts';

/** An agent file in which no number is what it is by default, and none stands twice. */
const odd = agentOf(`
model: gemini-3.1-flash-live-preview
voice: Puck
languages: [hi-IN, en-IN]
temperature: 0.7
greeting: { by: model, instruction: Say namaste., protected_ms: 1234 }
transcription: { caller: false, agent: true, hints: true }
turns:
  owner: gemini
  onset_ms: 71
  onset_while_speaking_ms: 111
  confirm_ms: 501
  reject_ms: 121
  pre_roll_ms: 399
  nudge_ms: 4001
  new_session_ms: 8001
  apology_ms: 12001
automatic_detection: { start_sensitivity: low, end_sensitivity: high, prefix_padding_ms: 61, silence_duration_ms: 502 }
patience: { reprompt_after_ms: 8002, goodbye_after_ms: 8003 }
playout:
  start: turn
  chunk_ms: 60
  lead_ms: 201
  prebuffer_ms: 62
  prebuffer_max_ms: 301
  mark_fallback_ms: 1001
  keep_alive_ms: 10001
  trim_silence_ms: 21
limits: { setup_ms: 10002, start_ms: 20001, longest_call_min: 54, warn_before_end_s: 59, closing_ms: 8004 }
`);
const owned = agentOf(`
turns:
  owner: baari
  end_silence_ms: 511
  short_end_silence_ms: 351
  short_utterance_ms: 601
  longest_ms: 30001
`);

describe('every number of an agent file ends where it belongs', () => {
  it('in the playout', () => {
    expect(playoutPolicy(odd)).toEqual({
      start: 'turn',
      chunkMs: 60,
      leadMs: 201,
      prebufferMs: 62,
      prebufferMaxMs: 301,
      markFallbackMs: 1001,
      keepAliveMs: 10_001,
      trimSilenceMs: 21,
    });
  });

  it('in the detector', () => {
    expect(speechPolicy(odd)).toMatchObject({
      onsetMs: 71,
      onsetWhileSpeakingMs: 111,
      confirmMs: 501,
      rejectMs: 121,
    });
    expect(speechPolicy(owned)).toMatchObject({
      endSilenceMs: 511,
      shortEndSilenceMs: 351,
      shortUtteranceMs: 601,
      longestMs: 30_001,
    });
  });

  it('in the set-up of the model', () => {
    expect(geminiSettings(odd)).toEqual({
      model: 'gemini-3.1-flash-live-preview',
      instruction: 'You take calls.',
      voice: 'Puck',
      languageCode: 'hi-IN',
      callerLanguages: ['hi-IN', 'en-IN'],
      callerVocabulary: [],
      temperature: 0.7,
      transcribeCaller: false,
      transcribeAgent: true,
      turnOwner: 'gemini',
      automaticDetection: {
        startSensitivity: 'low',
        endSensitivity: 'high',
        prefixPaddingMs: 61,
        silenceDurationMs: 502,
      },
      tools: [],
      greeting: 'Say namaste.',
    });
  });

  it('in the charts, seconds and minutes as milliseconds', () => {
    const input = callInput('call-1', odd);
    expect(input).toMatchObject({
      callId: 'call-1',
      turn: {
        agentGreets: true,
        policy: { greetingProtectedMs: 1234, nudgeMs: 4001, newSessionMs: 8001, apologyMs: 12_001 },
      },
      exotelLink: { startMs: 20_001 },
      geminiLink: { setupMs: 10_002 },
      lastWordsMs: 8004,
      repromptAfterMs: 8002,
      goodbyeAfterMs: 8003,
      warnAfterMs: 54 * 60_000 - 59_000,
      warningMs: 59_000,
    });
    expect(input.turn.policy.verdictMs).toBeGreaterThan(501);
    expect(callInput('call-1', owned).turn.policy.longestCallerTurnMs).toBeGreaterThanOrEqual(30_001);
    expect(callInput('call-1', agentOf('greeting: { by: none }')).turn.agentGreets).toBe(false);
  });

  it('gives the charts a number for every deadline', () => {
    const numbers = JSON.stringify(callInput('call-1', odd), (_, value) =>
      typeof value === 'number' && !Number.isFinite(value) ? 'not a number' : value,
    );
    expect(numbers).not.toContain('not a number');
    expect(numbers).not.toContain('null');
  });
});

describe('no field is forgotten', () => {
  /** A value that differs. */
  function other(value: unknown): unknown {
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'string') return `${value}x`;
    return Array.isArray(value) ? ['xx-XX'] : 'x';
  }

  const all = (agent: Agent): string =>
    JSON.stringify([
      callInput('call-1', agent),
      geminiSettings(agent),
      speechPolicy(agent),
      playoutPolicy(agent),
    ]);

  const { name, source, ...fields } = odd;

  it('by the policies: these are the fields that they leave to others', () => {
    const left = Object.entries(fields).flatMap(([section, value]) => {
      if (typeof value !== 'object' || Array.isArray(value)) {
        return all({ ...odd, [section]: other(value) }) === all(odd) ? [section] : [];
      }
      return Object.entries(value).flatMap(([key, one]) => {
        const changed: Agent = { ...odd, [section]: { ...value, [key]: other(one) } };
        // the choices between two words are told apart by their own words
        const isTold = all(changed) !== all(odd) || ['owner', 'start', 'by'].includes(key);
        return isTold ? [] : [`${section}.${key}`];
      });
    });
    // what happens at the door is the server's, how calls are placed the dialler's, what is kept the recorder's, what is called the tools'
    const atTheDoor =
      /^(security|overload|afterCall|outbound|records|extraction)\.|^tools\.(builtIn|hosts|http|mcp)$|^(numbers|limits\.calls|webhooks|transfer\.targets)$/;
    expect(left.filter((path) => !atTheDoor.test(path)).toSorted()).toEqual([
      'apology.clip',
      'description',
      'detector.kind',
      'detector.speechProbability',
      'detector.thresholdDb',
      'dtmf.masked',
      // played in place of what the model is told; a test of its own plays one
      'greeting.clip',
      'knowledge',
      'knowledgeTokens',
      'limits.warmSessions',
      'promptFile',
      'timeZone',
      'tools.phrase',
      'turns.preRollMs',
      'turns.tellCut',
    ]);
    expect([name, source.stated.length > 0]).toEqual(['shop', true]);
  });
});

/** The bounds that the schema sets for a number of this section. */
function bounds(section: string): { field: string; least: number; most: number }[] {
  const schema: unknown = JSON.parse(JSON.stringify(agentJsonSchema()));
  const fields = at(at(at(schema, 'properties'), section), 'properties');
  return Object.entries(fields).flatMap(([field, rules]) => {
    const { minimum, maximum } = Object.fromEntries(Object.entries(rules));
    return typeof minimum === 'number' && typeof maximum === 'number'
      ? [{ field, least: minimum, most: maximum }]
      : [];
  });
}

function at(value: unknown, key: string): Record<string, object> {
  const found = Object.entries(value ?? {}).find(([name]) => name === key)?.[1];
  if (typeof found !== 'object' || found === null)
    throw new Error(`expected ${key} in the schema, found none`);
  return Object.fromEntries(Object.entries(found));
}

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe('the detector takes what an agent file may say', () => {
  const turnBounds = bounds('turns').flatMap(({ field, least, most }) => [
    { field, value: least },
    { field, value: most },
  ]);

  it('finds bounds to try', () => {
    expect(turnBounds.length).toBeGreaterThan(10);
  });

  it.each(turnBounds)('turns.$field: $value', ({ field, value }) => {
    const plain = agentOf('');
    const agent: Agent = { ...plain, turns: { ...plain.turns, [camel(field)]: value } };
    expect(() => new CallerEar(speechPolicy(agent), new EnergyScorer({ marginDb: 8 }))).not.toThrow();
  });

  it.each(bounds('detector').filter(({ field }) => field === 'threshold_db'))(
    'detector.$field: $least to $most',
    ({ least, most }) => {
      expect(() => new EnergyScorer({ marginDb: least })).not.toThrow();
      expect(() => new EnergyScorer({ marginDb: most })).not.toThrow();
    },
  );
});
