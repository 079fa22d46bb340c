import { callsAtOnce } from './door-fields.ts';
import { choice, count, milliseconds, minutes, seconds, section } from './field.ts';

export const playout = section('How a reply is played to the caller.', {
  start: choice(
    'stream',
    ['stream', 'turn'],
    'stream: as soon as the prebuffer is filled; turn: only when the whole reply has arrived.',
  ),
  chunkMs: milliseconds(
    40,
    // Exotel: media payloads come in multiples of 320 bytes, which is 20 ms at 8 kHz
    { min: 20, max: 200, step: 20 },
    'Audio per message to Exotel; smaller chunks let an interruption bite sooner.',
  ),
  leadMs: milliseconds(
    200,
    { min: 40, max: 1_000 },
    'Audio kept ahead at the carrier: it hides jitter, and it is the time for a verdict on an interruption.',
  ),
  prebufferMs: milliseconds(
    60,
    { min: 0, max: 1_000 },
    'Audio that must have arrived before a reply starts to play.',
  ),
  prebufferMaxMs: milliseconds(
    300,
    { min: 0, max: 2_000 },
    'The most the prebuffer may grow to when a connection’s audio stalls.',
  ),
  markFallbackMs: milliseconds(
    1_000,
    { min: 100, max: 10_000 },
    'A mark that has not come back this long after its audio should have been heard counts as back.',
  ),
  keepAliveMs: milliseconds(
    10_000,
    { min: 1_000, max: 60_000 },
    'A silent chunk is sent after this long without audio, never while the agent speaks.',
  ),
  trimSilenceMs: milliseconds(
    20,
    { min: 0, max: 1_000 },
    'Silence at the start of a reply beyond this is not played.',
  ),
});

export const limits = section('The deadlines of a call, and how many there may be.', {
  calls: callsAtOnce,
  setupMs: milliseconds(
    10_000,
    { min: 1_000, max: 60_000 },
    'Gemini must be ready within this long, or the caller hears the apology.',
  ),
  // Google: a connection ends after about ten minutes, most are announced; on 3.8 58 minutes were seen
  rotateAfterMs: milliseconds(
    540_000,
    { min: 30_000, max: 3_420_000 },
    'A connection to Gemini that is this old is left for a new one as soon as nobody speaks.',
  ),
  startMs: milliseconds(
    20_000,
    { min: 1_000, max: 60_000 },
    'Exotel’s start event must come within this long of its connection.',
  ),
  // Exotel: a stream ends after 60 minutes
  longestCallMin: minutes(55, { min: 1, max: 59 }, 'The longest a call may last.'),
  warnBeforeEndS: seconds(
    60,
    { min: 5, max: 600 },
    'The model is told to come to an end this long before that.',
  ),
  closingMs: milliseconds(
    8_000,
    { min: 500, max: 60_000 },
    'The last words must have been heard within this long; then the call ends all the same.',
  ),
  warmSessions: count(
    0,
    { min: 0, max: 20 },
    'Gemini sessions kept set up ahead, so that a greeting starts at once; not for an agent that is set up anew for each call.',
  ),
});
