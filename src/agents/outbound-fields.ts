import { choice, count, flag, list, seconds, section, text } from './field.ts';

const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';

export const outbound = section('How calls are placed by this agent.', {
  mode: choice(
    'stream',
    ['stream', 'flow'],
    'stream: Exotel streams to Baari at once (Connect Voice AI); flow: the call goes through flow_id.',
  ),
  callerId: text<string | undefined>(
    undefined,
    {
      maxLength: 20,
      pattern: /^\+?[0-9](?:[ -]?[0-9]){5,15}$/,
      expected: 'an ExoPhone, such as 08000000002',
    },
    'The number that is shown to who is called: one of your ExoPhones.',
  ),
  streamUrl: text<string | undefined>(
    undefined,
    {
      // Exotel: fewer than 600 characters
      maxLength: 599,
      pattern: /^wss?:\/\/\S+$/,
      expected: 'a ws:// or wss:// address of fewer than 600 characters',
    },
    'For mode stream: where Exotel finds this agent; unset: the address of BAARI_PUBLIC_URL.',
  ),
  flowId: text<string | undefined>(
    undefined,
    { maxLength: 40, pattern: /^[0-9A-Za-z_-]+$/, expected: 'the number of a flow' },
    'For mode flow: the flow with the Voicebot applet.',
  ),
  hours: text<string>(
    '09:00-21:00',
    {
      maxLength: 11,
      pattern: new RegExp(`^${clock}-(?:${clock}|24:00)$`),
      expected: 'a time of day to another, such as 09:00-21:00',
    },
    'Nobody is called outside of these hours; a window such as 20:00-02:00 goes over midnight.',
  ),
  days: list(
    {
      maxItems: 7,
      pattern: /^(mon|tue|wed|thu|fri|sat|sun)$/,
      expected: 'mon, tue, wed, thu, fri, sat or sun',
    },
    'The days on which people are called; empty: all.',
  ),
  timeZone: text<string>(
    'Asia/Kolkata',
    { maxLength: 60, pattern: /^[A-Za-z0-9_+/-]+$/, expected: 'an IANA time zone, such as Asia/Kolkata' },
    'The zone of hours and days.',
  ),
  country: text<string>(
    'IN',
    { maxLength: 2, pattern: /^[A-Z]{2}$/, expected: 'a country code, such as IN' },
    'The country of numbers that are written without a country code.',
  ),
  doNotCall: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a text file, relative to the agent file' },
    'Numbers that are never called, one a line; a file that cannot be read stops all calls.',
  ),
  callsPerMinute: count(10, { min: 1, max: 600 }, 'At most so many calls are placed in any minute.'),
  timeLimitS: seconds(
    3_300,
    // Exotel: a call may last 14,400 s, its stream 60 minutes
    { min: 10, max: 14_400 },
    'Exotel ends a call after this long.',
  ),
  ringS: seconds(45, { min: 5, max: 120 }, 'For mode flow: how long it rings.'),
  record: flag(false, 'Ask Exotel to record the call.'),
});
