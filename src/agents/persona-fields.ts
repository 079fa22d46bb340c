import { numbers } from './door-fields.ts';
import { choice, flag, fraction, list, milliseconds, section, text } from './field.ts';
import { voices } from './voices.ts';

/** The fields at the top of the file: who the agent is. */
export const persona = {
  description: text<string | undefined>(
    undefined,
    { maxLength: 500, expected: 'text of at most 500 characters' },
    'What this agent is for, for people who look after it; the model never sees it.',
  ),
  model: text<string>(
    'gemini-3.8-live',
    {
      maxLength: 200,
      pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
      expected: 'the name of a Gemini Live model, such as gemini-3.8-live',
    },
    'The Gemini Live model that speaks for the agent.',
  ),
  prompt: text<string>(
    '',
    {
      maxLength: 100_000,
      expected: 'text of 1 to 100000 characters: who the agent is and how it works',
      required: true,
    },
    'The system instruction: who the agent is, what it knows, how it speaks.',
  ),
  numbers,
  voice: choice('Kore', voices, 'The voice of the agent, one of Gemini’s.'),
  languages: list(
    {
      maxItems: 10,
      pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
      expected: 'a language tag such as hi-IN',
    },
    'The languages callers speak; the first is told to Gemini as the language of its speech.',
  ),
  temperature: fraction<number | undefined>(
    '',
    undefined,
    { min: 0, max: 2 },
    'How freely the model chooses its words; unset leaves the choice to Gemini.',
  ),
};

export const greeting = section('How the call opens.', {
  by: choice('model', ['model', 'none'], 'Who speaks first: the model, or nobody, so that the caller does.'),
  instruction: text<string>(
    'The call has just been answered. Greet the caller in one short sentence and ask how you can help.',
    { maxLength: 2_000, expected: 'text of 1 to 2000 characters' },
    'What the model is told so that it speaks first.',
  ),
  protectedMs: milliseconds(
    1_500,
    { min: 0, max: 10_000 },
    'The caller cannot interrupt this first part of the greeting, so that a "hello?" does not cut it.',
  ),
});

export const transcription = section('What is written down.', {
  caller: flag(true, 'Ask Gemini for a transcript of the caller.'),
  agent: flag(true, 'Ask Gemini for a transcript of the agent.'),
});

export const apology = section('What the caller hears when the model cannot be had.', {
  clip: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a WAV file, relative to the agent file' },
    'A recording of your own; without it the one that comes with Baari is played.',
  ),
});
