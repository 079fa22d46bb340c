import { choice, count, flag, map, milliseconds, section } from './field.ts';

const keys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];

export const dtmf = section('What becomes of the keys that a caller presses.', {
  toModel: flag(true, 'Tell the model what was pressed; without it only the actions below count.'),
  pauseMs: milliseconds(
    1_500,
    { min: 200, max: 20_000 },
    'Keys belong to one entry until none has come for this long.',
  ),
  longestMs: milliseconds(
    30_000,
    { min: 1_000, max: 120_000 },
    'An entry is told this long after its first key, whatever still comes.',
  ),
  terminator: choice('#', ['#', '*', 'none'], 'The key that completes an entry at once; it is not told.'),
  maxDigits: count(20, { min: 1, max: 64 }, 'An entry of so many digits is complete.'),
  interrupts: flag(
    true,
    'A key stops what the agent says; without it the entry is told once the agent has finished.',
  ),
  masked: flag(true, 'The transcript has •••• in place of the digits; the model is told them all the same.'),
  actions: map(
    keys,
    ['transfer', 'end', 'repeat'],
    'What a key does that is pressed alone: passes the call on to transfer.number, ends it, or repeats.',
  ),
});

export const exotel = section('How the stream to Exotel is ended.', {
  stopBeforeClose: flag(
    false,
    'Send a stop message 700 ms before closing; not documented by Exotel, for flows that take a bare close for a fault.',
  ),
});
