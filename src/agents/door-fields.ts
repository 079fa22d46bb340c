import * as z from 'zod';
import { choice, count, data, flag, list, milliseconds, seconds, section, text } from './field.ts';

const environmentName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const phoneNumber = /^\+?[0-9][0-9 ()-]{2,24}$/;

/** The numbers that lead to the agent; `/exotel/resolve` goes by them. */
export const numbers = list(
  { maxItems: 100, pattern: phoneNumber, expected: 'a phone number such as +918012345678' },
  'The numbers callers dial to reach this agent, for /exotel/resolve; without a country code they are Indian.',
);

export const security = section('Who may enter. Nothing set lets everyone in.', {
  basicUser: text<string | undefined>(
    undefined,
    { maxLength: 100, pattern: /^[^:\s]+$/, expected: 'a user name without colons and spaces' },
    'The user that Exotel must name (Basic credentials); it needs a password by one of the next two.',
  ),
  // a password has no place in an agent file: these two say where it is
  basicPasswordEnv: text<string | undefined>(
    undefined,
    {
      maxLength: 100,
      pattern: environmentName,
      expected: 'the name of an environment variable that holds the password, never the password',
      isSecret: true,
    },
    'The environment variable that holds the password.',
  ),
  basicPasswordFile: text<string | undefined>(
    undefined,
    {
      maxLength: 1_000,
      pattern: /^[~./]*\/.+$/,
      expected: 'the path of a file that holds the password, with a slash in it, never the password',
      isSecret: true,
    },
    'The file that holds the password, relative to where Baari is started.',
  ),
  pathToken: flag(
    false,
    'Streams need the signed, expiring path that /exotel/<agent>/resolve gives out; without it, it is one way in.',
  ),
  allow: list(
    {
      maxItems: 100,
      pattern: /^[0-9A-Fa-f:.]+(\/\d{1,3})?$/,
      expected: 'an IP address or a range such as 203.0.113.0/24',
    },
    'Only these addresses may connect; Exotel tells its ranges on request.',
  ),
});

export const overload = section('What happens to a call that comes when there is no room.', {
  answer: choice(
    'refuse',
    ['refuse', 'park'],
    'refuse: at once, so that Exotel’s flow goes on; park: the caller is asked to hold until there is room.',
  ),
  longestParkedMs: milliseconds(
    60_000,
    { min: 1_000, max: 600_000 },
    'A parked call that has found no room after this long hears the apology, and Exotel’s flow goes on.',
  ),
  pauseMs: milliseconds(
    4_000,
    { min: 500, max: 30_000 },
    'Silence between two times that a parked caller is asked to hold.',
  ),
  clip: text<string | undefined>(
    undefined,
    { maxLength: 1_000, expected: 'the path of a WAV file, relative to the agent file' },
    'A recording of your own that asks to hold; without it the one that comes with Baari is played.',
  ),
});

const menuChoice = z.strictObject({
  key: z.string().regex(/^[0-9*#]$/, { error: 'a key: 0 to 9, * or #, in quotes' }),
  means: z.string().min(1).max(100).meta({ description: 'Tells the model what is behind it.' }),
  branch: z.string().regex(/^[\w-]{1,40}$/, { error: 'the name of a branch: letters, digits, _ and -' }),
});

/** One choice of the menu that a caller can be sent on in. */
type MenuChoice = z.output<typeof menuChoice>;

export const afterCall = section('What Exotel’s flow is told when the stream is over.', {
  ringingS: seconds(30, { min: 5, max: 120 }, 'How long the phone that a call is passed on to may ring.'),
  menu: data<readonly MenuChoice[]>(
    {
      schema: z.array(menuChoice).max(12),
      default: [],
      expected: 'a list of at most 12 choices, each with key, means and branch',
      shown: (all) => all.map(({ key, branch }) => `${key}: ${branch}`),
    },
    'Where the tool send_dtmf_menu_choice can send a caller: branches of the flow’s SwitchCase applet.',
  ),
  branchB: list(
    {
      maxItems: 10,
      pattern:
        /^(failed|transferred|callerHungUp|agentEnded|callerSilent|timeLimit|modelUnavailable|lineFailed|stopped|refused)$/,
      expected: 'failed, or an outcome of a call such as transferred or modelUnavailable',
    },
    'What makes Passthru answer 302 (branch B) instead of 200; empty means transferred and failed.',
  ),
});

/** How many calls of this agent may be live at once. */
export const callsAtOnce = count(
  1_000,
  { min: 1, max: 100_000 },
  'Calls of this agent at once; the process as a whole has a limit of its own.',
);
