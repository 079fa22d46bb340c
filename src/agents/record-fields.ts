import { count, flag, list, section, text } from './field.ts';

export const records = section('What is kept of a call, where records are written at all.', {
  audio: flag(true, 'Records audio.wav: caller left, agent as heard right.'),
  transcript: flag(true, 'Writes transcript.jsonl.'),
  announcement: text<string | undefined>(
    undefined,
    { maxLength: 300, expected: 'text of 1 to 300 characters' },
    'What the caller is told first, such as that the call is recorded, where it is; nobody can interrupt it. May have {{variables}}.',
  ),
  announcementClip: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a WAV file, relative to the agent file' },
    'A recording of the announcement, played before greeting.clip; announcement then says what is in it.',
  ),
  redactNumbers: flag(
    true,
    'Numbers of cards, Aadhaar and PAN are replaced by a mark in what is written; the audio stays as it is.',
  ),
  redact: list(
    {
      maxItems: 50,
      pattern: /^(?=.*[#@])[^\r\n]{2,60}$/,
      expected: 'a pattern such as ORD-######, in which # is a digit and @ a letter',
    },
    'Further patterns that are replaced by a mark: # is a digit, @ a letter, all else stands for itself.',
  ),
  memoryDays: count(
    365,
    { min: 1, max: 3_650 },
    'Days after which what the tool remember has kept of a caller is forgotten.',
  ),
  keepDays: count(
    0,
    { min: 0, max: 36_500 },
    'Days after which a record is deleted; 0 keeps it for ever. It counts as it was when the call began.',
  ),
});
