import { numbers } from './door-fields.ts';
import { choice, count, flag, fraction, list, milliseconds, section, text } from './field.ts';
import { voices } from './voices.ts';
import { webhooks } from './webhook-fields.ts';

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
    'The system instruction: who the agent is, what it knows, how it speaks; may have {{variables}}.',
  ),
  promptFile: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a text file, relative to the agent file' },
    'A file with the prompt, instead of prompt.',
  ),
  knowledge: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a folder of Markdown files, relative to the agent file' },
    'What the agent knows: Markdown files that are put after the prompt, by name.',
  ),
  knowledgeTokens: count(
    8_000,
    { min: 100, max: 100_000 },
    'Most tokens of knowledge, estimated (4 Latin characters each, 1.5 of others); files beyond are left out.',
  ),
  timeZone: text<string>(
    'Asia/Kolkata',
    {
      maxLength: 64,
      pattern: /^[A-Za-z][A-Za-z0-9_+/-]*$/,
      expected: 'an IANA time zone, such as Asia/Kolkata',
    },
    'Where {{time}}, {{date}} and {{weekday}} of the prompt are told.',
  ),
  numbers,
  voice: choice('Kore', voices, 'The voice of the agent, one of Gemini’s.'),
  languages: list(
    {
      maxItems: 10,
      pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
      expected: 'a language tag such as hi-IN',
    },
    'The languages callers speak, hints for the transcript; the first is told to Gemini as that of its speech.',
  ),
  temperature: fraction<number | undefined>(
    '',
    undefined,
    { min: 0, max: 2 },
    'How freely the model chooses its words; unset leaves the choice to Gemini.',
  ),
  webhooks,
};

export const greeting = section('How the call opens.', {
  by: choice('model', ['model', 'none'], 'Who speaks first: the model, or nobody, so that the caller does.'),
  instruction: text<string>(
    'The call has just been answered. Greet the caller in one short sentence and ask how you can help.',
    { maxLength: 2_000, expected: 'text of 1 to 2000 characters' },
    'What the model is told so that it speaks first; may have {{variables}}.',
  ),
  text: text<string | undefined>(
    undefined,
    { maxLength: 500, expected: 'text of 1 to 500 characters' },
    'Words that the model is asked to say exactly, instead of instruction; may have {{variables}}.',
  ),
  clip: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a WAV file, relative to the agent file' },
    'A recording that is played as the greeting, once the model is ready; text then says what is in it.',
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
  hints: flag(
    false,
    'Tell Gemini `languages` as hints for the transcript of the caller; not every model is known to take them.',
  ),
  vocabulary: list(
    { maxItems: 100, pattern: /^\S(.{0,98}\S)?$/, expected: 'a word or phrase of at most 100 characters' },
    'Names and words that callers say, for the transcript of the caller.',
  ),
});

export const apology = section('What the caller hears when the model cannot be had.', {
  clip: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a WAV file, relative to the agent file' },
    'A recording of your own; without it the one that comes with Baari is played.',
  ),
});
