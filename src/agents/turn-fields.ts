import { choice, count, flag, fraction, milliseconds, section, text } from './field.ts';

export const turns = section('Who has the floor, and when it changes hands.', {
  owner: choice(
    'baari',
    ['baari', 'gemini'],
    'Who decides that the caller’s turn has ended: Baari’s detector, or Gemini’s automatic detection.',
  ),
  onsetMs: milliseconds(
    64,
    { min: 20, max: 400 },
    'Speech of this length is the start of a turn while the agent is silent.',
  ),
  onsetWhileSpeakingMs: milliseconds(
    100,
    { min: 20, max: 400 },
    'Speech of this length holds the reply while the agent is audible.',
  ),
  confirmMs: milliseconds(
    500,
    { min: 50, max: 3_000 },
    'Speech that lasts this long since its onset is a real interruption: the rest of the reply is dropped.',
  ),
  rejectMs: milliseconds(
    100,
    { min: 20, max: 1_000 },
    'Silence of this length before that means a cough or a "haan": the reply goes on where it was held.',
  ),
  tailAnswerMs: milliseconds(
    500,
    { min: 0, max: 3_000, onlyFor: 'baari' },
    'A word shorter than that over so much of the end of a reply is an answer to it; 0 means it is not.',
  ),
  endSilenceMs: milliseconds(
    490,
    { min: 100, max: 5_000, onlyFor: 'baari' },
    'Silence of this length ends the caller’s turn.',
  ),
  shortEndSilenceMs: milliseconds(
    350,
    { min: 100, max: 5_000, onlyFor: 'baari' },
    'The same after a short utterance, so that "yes" is answered sooner.',
  ),
  shortUtteranceMs: milliseconds(
    600,
    { min: 0, max: 3_000, onlyFor: 'baari' },
    'An utterance up to this long counts as short; 0 means none does.',
  ),
  longestMs: milliseconds(
    30_000,
    { min: 5_000, max: 120_000, onlyFor: 'baari' },
    'A caller’s turn is ended after this long, speech or not.',
  ),
  preRollMs: milliseconds(
    400,
    { min: 0, max: 1_000, onlyFor: 'baari' },
    'Audio from before the onset that Gemini is given too, so that no first syllable is lost.',
  ),
  tellCut: flag(
    false,
    'Tell the model in one line what the caller did not hear of an interrupted reply; its own history says it was heard.',
  ),
  overdueMs: milliseconds(
    1_200,
    { min: 300, max: 10_000 },
    'A caller who speaks again after this wait for an answer asks again; before it, goes on.',
  ),
  unansweredTurns: count(
    3,
    { min: 1, max: 20 },
    'So many turns in a row without an answer: a new Gemini session takes over with a recap of the call.',
  ),
  nudgeMs: milliseconds(
    3_900,
    { min: 1_000, max: 30_000 },
    'The model owes an answer for this long: it is reminded.',
  ),
  newSessionMs: milliseconds(
    8_000,
    { min: 1_000, max: 60_000 },
    'Still nothing: a new Gemini session takes over with a recap of the call.',
  ),
  apologyMs: milliseconds(
    12_000,
    { min: 1_000, max: 90_000 },
    'Still nothing: the caller hears the apology and the call ends.',
  ),
  lastAnswerMs: milliseconds(
    4_000,
    { min: 500, max: 30_000 },
    'A caller who speaks when the apology is due is let finish; the new session then has this long to answer.',
  ),
});

export const automaticDetection = section(
  'Gemini’s own detection of the caller’s turn.',
  {
    startSensitivity: choice(
      'high',
      ['high', 'low'],
      'How readily Gemini takes sound for the start of speech; high hears short answers, low ignores more noise.',
    ),
    endSensitivity: choice(
      'high',
      ['high', 'low'],
      'How readily Gemini takes silence for the end of speech; high answers sooner.',
    ),
    prefixPaddingMs: milliseconds(
      60,
      { min: 0, max: 1_000 },
      'Speech of this length is needed before Gemini commits to its start.',
    ),
    silenceDurationMs: milliseconds(
      500,
      { min: 100, max: 5_000 },
      'Silence of this length ends the caller’s turn for Gemini.',
    ),
  },
  'gemini',
);

export const detector = section('How speech is told from noise.', {
  kind: choice(
    'auto',
    ['auto', 'energy', 'silero'],
    'auto: silero where its runtime is installed, else energy; the log says which.',
  ),
  thresholdDb: fraction<number>(
    'dB',
    8,
    { min: 3, max: 30 },
    'energy: how far above the noise floor a sound must be to count as speech.',
  ),
  speechProbability: fraction<number>(
    '0–1',
    0.15,
    { min: 0.01, max: 0.99 },
    'silero: how probable speech must be to count as speech.',
  ),
});

export const patience = section('What happens when the caller, having heard the agent, stays silent.', {
  repromptAfterMs: milliseconds(
    8_000,
    { min: 2_000, max: 60_000 },
    'Silence of this length makes the agent ask again.',
  ),
  goodbyeAfterMs: milliseconds(
    8_000,
    { min: 2_000, max: 60_000 },
    'Silence of this length after the last time makes it say goodbye and end the call.',
  ),
  reprompts: count(
    2,
    { min: 0, max: 5 },
    'How often a silent caller is asked before the agent says goodbye.',
  ),
  ask: text<string | undefined>(
    undefined,
    { maxLength: 300, expected: 'text of 1 to 300 characters' },
    'What the agent says to a silent caller, word for word; in its own words without it.',
  ),
  goodbye: text<string | undefined>(
    undefined,
    { maxLength: 300, expected: 'text of 1 to 300 characters' },
    'What it says before it ends the call of a silent caller, word for word; in its own words without it.',
  ),
});
