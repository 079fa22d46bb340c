import { count, flag, list, section } from './field.ts';

export const records = section('What is kept of a call, where records are written at all.', {
  audio: flag(true, 'Records audio.wav: caller left, agent as heard right.'),
  transcript: flag(true, 'Writes transcript.jsonl.'),
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
  keepDays: count(
    0,
    { min: 0, max: 36_500 },
    'Days after which a record is deleted; 0 keeps it for ever. It counts as it was when the call began.',
  ),
});
