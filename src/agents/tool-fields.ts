import { milliseconds, section, text } from './field.ts';

export const tools = section('What the caller hears while the agent waits for a tool.', {
  phrase: text<string>(
    'tone',
    { maxLength: 1_000, expected: 'tone, none, or the path of a WAV file, relative to the agent file' },
    'What is played to a caller who waits: tone (two soft notes), none, or a recording of your own.',
  ),
  phraseAfterMs: milliseconds(
    1_500,
    { min: 500, max: 10_000 },
    'A tool that the model waits for runs this long in silence: the phrase is played.',
  ),
  phraseEveryMs: milliseconds(
    6_000,
    { min: 1_000, max: 60_000 },
    'The tool still runs: the phrase is played again after this long.',
  ),
});
