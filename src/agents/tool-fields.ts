import { list, milliseconds, section, text } from './field.ts';
import { httpTools } from './http-tool-fields.ts';
import { mcpServers } from './mcp-fields.ts';

export const tools = section('What the model can have done, and what the caller hears meanwhile.', {
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
  builtIn: list(
    {
      maxItems: 6,
      pattern: /^(end_call|transfer_to_person|take_message|remember|send_dtmf_menu_choice|ask_digits)$/,
      expected:
        'one of end_call, transfer_to_person, take_message, remember, send_dtmf_menu_choice, ask_digits',
    },
    'What every agent can do if it may: end the call, pass it on, take a message, remember the caller.',
  ),
  http: httpTools,
  mcp: mcpServers,
  hosts: list(
    {
      maxItems: 100,
      pattern: /^[A-Za-z0-9.:_-]+(\/\d{1,3})?$/,
      expected: 'a host name, an IP address, or a network such as 10.0.0.0/8',
    },
    'Where tools may go although it is not on the public internet: by default nothing private is reached.',
  ),
});
