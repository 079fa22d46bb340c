import { describe, expect, it } from 'vitest';
import { formatProblem, parseAgent } from '../../src/agents/index.ts';

interface Case {
  readonly what: string;
  readonly text: string;
  /** Each as `line:column  path: expected …, found …`. */
  readonly says: readonly string[];
}

const formatHint =
  'there is no choice of audio format: Exotel decides the rate of the line, Gemini hears 16000 Hz and speaks at 24000 Hz';

const cases: readonly Case[] = [
  {
    what: 'an empty file',
    text: '',
    says: ['1:1  expected a map of fields, with a prompt, found an empty file'],
  },
  {
    what: 'a list',
    text: '- prompt\n',
    says: ['1:1  expected a map of fields, with a prompt, found a list of 1'],
  },
  {
    what: 'a missing prompt',
    text: '# no prompt\nvoice: Kore\n',
    says: [
      '2:1  prompt: expected text of 1 to 100000 characters: who the agent is and how it works, found nothing',
    ],
  },
  {
    what: 'a blank prompt',
    text: 'prompt: "  "\n',
    says: [
      '1:9  prompt: expected text of 1 to 100000 characters: who the agent is and how it works, found the text "  "',
    ],
  },
  {
    what: 'an unknown field at the top',
    text: 'prompt: x\nlangages: [hi-IN]\n',
    says: [
      '2:1  langages: expected a field of an agent file, found the unknown name "langages" (did you mean languages?)',
    ],
  },
  {
    what: 'an unknown field without a near name',
    text: 'prompt: x\ncolour: blue\n',
    says: ['2:1  colour: expected a field of an agent file, found the unknown name "colour"'],
  },
  {
    what: 'a field in camel case',
    text: 'prompt: x\nplayout:\n  leadMs: 200\n',
    says: [
      '3:3  playout.leadMs: expected a field of playout, found the unknown name "leadMs" (did you mean lead_ms?)',
    ],
  },
  {
    what: 'a field without its unit',
    text: 'prompt: x\nturns:\n  confirm: 400\n',
    says: [
      '3:3  turns.confirm: expected a field of turns, found the unknown name "confirm" (did you mean confirm_ms?)',
    ],
  },
  {
    what: 'a field of another section',
    text: 'prompt: x\nturns:\n  chunk_ms: 40\n',
    says: [
      '3:3  turns.chunk_ms: expected a field of turns, found the unknown name "chunk_ms" (did you mean playout.chunk_ms?)',
    ],
  },
  {
    what: 'a name that JavaScript objects know',
    text: 'prompt: x\n__proto__:\n  a: 1\nconstructor: 2\n',
    says: [
      '2:1  __proto__: expected a field of an agent file, found the unknown name "__proto__"',
      '4:1  constructor: expected a field of an agent file, found the unknown name "constructor"',
    ],
  },
  {
    what: 'a voice that Gemini does not have',
    text: 'prompt: x\nvoice: Kora\n',
    says: [
      '2:8  voice: expected one of Achernar, Achird, Algenib, Algieba, Alnilam, Aoede, Autonoe, Callirrhoe, Charon, Despina, Enceladus, Erinome, Fenrir, Gacrux, Iapetus, Kore, Laomedeia, Leda, Orus, Puck, Pulcherrima, Rasalgethi, Sadachbia, Sadaltager, Schedar, Sulafat, Umbriel, Vindemiatrix, Zephyr, Zubenelgenubi, found the text "Kora" (did you mean Kore?)',
    ],
  },
  {
    what: 'numbers of the wrong kind',
    text: 'prompt: x\nplayout:\n  chunk_ms: 50\n  lead_ms: 2000\n  prebuffer_ms: "60ms"\n  trim_silence_ms: 1.5\ntemperature: .nan\n',
    says: [
      '3:13  playout.chunk_ms: expected a whole number from 20 to 200 ms, a multiple of 20, found 50',
      '4:12  playout.lead_ms: expected a whole number from 40 to 1000 ms, found 2000',
      '5:17  playout.prebuffer_ms: expected a whole number from 0 to 1000 ms, found the text "60ms" (write the bare number, without unit or quotes)',
      '6:20  playout.trim_silence_ms: expected a whole number from 0 to 1000 ms, found 1.5',
      '7:14  temperature: expected a number from 0 to 2, found NaN',
    ],
  },
  {
    what: 'a word for true, which YAML takes as text',
    text: 'prompt: x\ntranscription: { caller: yes }\n',
    says: ['2:26  transcription.caller: expected true or false, found the text "yes"'],
  },
  {
    what: 'a language that is none',
    text: 'prompt: x\nlanguages:\n  - hi-IN\n  - hindi please\n  - 3\n',
    says: [
      '4:5  languages[1]: expected a language tag such as hi-IN, found the text "hindi please"',
      '5:5  languages[2]: expected a language tag such as hi-IN, found 3',
    ],
  },
  {
    what: 'one language that is not in a list',
    text: 'prompt: x\nlanguages: hi-IN\n',
    says: [
      '2:12  languages: expected a list of 1 to 10, each a language tag such as hi-IN, found the text "hi-IN"',
    ],
  },
  {
    what: 'a section without fields',
    text: 'prompt: x\ngreeting:\nturns: gemini\n',
    says: [
      '2:1  greeting: expected a map of fields, found nothing (leave it out, or give it a field)',
      '3:8  turns: expected a map of fields, found the text "gemini"',
    ],
  },
  {
    what: 'a wrong value behind an anchor',
    text: 'prompt: x\nlimits:\n  setup_ms: &wait 5\n  start_ms: *wait\n',
    says: [
      '3:19  limits.setup_ms: expected a whole number from 1000 to 60000 ms, found 5',
      '4:13  limits.start_ms: expected a whole number from 1000 to 60000 ms, found 5',
    ],
  },
  {
    what: 'fields that contradict a default',
    text: 'prompt: x\nplayout:\n  prebuffer_ms: 220\nturns:\n  reject_ms: 500\n  nudge_ms: 9000\n',
    says: [
      '3:17  playout.prebuffer_ms: expected at most playout.lead_ms (200 ms, the default), found 220 ms',
      '5:14  turns.reject_ms: expected less than turns.confirm_ms (500 ms, the default), found 500 ms',
      '6:13  turns.nudge_ms: expected less than turns.new_session_ms (8000 ms, the default), found 9000 ms',
    ],
  },
  {
    what: 'a field that a default contradicts',
    text: 'prompt: x\nplayout: { lead_ms: 40, chunk_ms: 40 }\nturns: { pre_roll_ms: 50, apology_ms: 8000 }\n',
    says: [
      '2:21  playout.lead_ms: expected at least playout.prebuffer_ms (60 ms, the default), found 40 ms',
      '3:23  turns.pre_roll_ms: expected at least turns.onset_ms (64 ms, the default), found 50 ms',
      '3:23  turns.pre_roll_ms: expected at least turns.onset_while_speaking_ms (100 ms, the default), found 50 ms',
      '3:39  turns.apology_ms: expected more than turns.new_session_ms (8000 ms, the default), found 8000 ms',
    ],
  },
  {
    what: 'fields that contradict each other across units',
    text: 'prompt: x\nlimits:\n  longest_call_min: 2\n  warn_before_end_s: 120\n',
    says: ['4:22  limits.warn_before_end_s: expected less than limits.longest_call_min (2 min), found 120 s'],
  },
  {
    what: 'a field twice',
    text: 'prompt: x\nplayout:\n  chunk_ms: 20\n  chunk_ms: 40\nprompt: y\n',
    says: [
      '4:3  playout.chunk_ms: expected each field once, found it a second time',
      '5:1  prompt: expected each field once, found it a second time',
    ],
  },
  {
    what: 'YAML that is none',
    text: 'prompt: [x\nvoice: Kore\n',
    says: [
      '2:1  expected valid YAML, found a fault: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    what: 'a tab',
    text: 'prompt: x\nturns:\n\tonset_ms: 64\n',
    says: ['3:1  expected valid YAML, found a fault: Tabs are not allowed as indentation'],
  },
  {
    what: 'two documents',
    text: 'prompt: x\n---\nprompt: y\n',
    says: ['2:1  expected one document, found a second one after ---'],
  },
  {
    what: 'a reference to nothing',
    text: 'prompt: *text\n',
    says: [
      '1:1  expected valid YAML, found a fault: Unresolved alias (the anchor must be set before the alias): text',
    ],
  },
  {
    what: 'a clip that is not there or no WAV',
    text: `prompt: x\napology:\n  clip: ${import.meta.filename}\n`,
    says: [
      `3:9  apology.clip: expected a readable WAV file, found a file without the head of a WAV at ${import.meta.filename}`,
    ],
  },
  {
    what: 'a phrase for those who wait that is no WAV',
    text: `prompt: x\ntools:\n  phrase: ${import.meta.filename}\n`,
    says: [
      `3:11  tools.phrase: expected a readable WAV file, found a file without the head of a WAV at ${import.meta.filename}`,
    ],
  },
  {
    what: 'an alias beside its field',
    text: 'prompt: x\nvoice_activity_detection:\n  enabled: true\n  threshold: 0.2\nturns:\n  owner: baari\nautomatic_detection:\n  end_sensitivity: low\n',
    says: [
      '3:3  voice_activity_detection.enabled: expected either turns.owner or its alias voice_activity_detection.enabled, found both (remove voice_activity_detection.enabled)',
      '4:3  voice_activity_detection.threshold: expected either automatic_detection.end_sensitivity or its alias voice_activity_detection.threshold, found both (remove voice_activity_detection.threshold)',
    ],
  },
  {
    what: 'an alias with a wrong value',
    text: 'prompt: x\nvoice_activity_detection: { threshold: 5, silence_ms: 3 }\n',
    says: [
      '2:40  voice_activity_detection.threshold: expected a number from 0 to 1, found 5',
      '2:43  voice_activity_detection.silence_ms: expected a field of voice_activity_detection, found the unknown name "silence_ms"',
    ],
  },
  {
    what: 'an audio format that is not in use',
    text: 'prompt: x\naudio_format:\n  encoding: mulaw\n  output_sample_rate: 16000\n  channels: 2\n  bitrate: 64\n',
    says: [
      `3:13  audio_format.encoding: expected 16-bit linear PCM ("pcm16") at 8000 or 16000 or 24000 Hz, found the text "mulaw" (${formatHint})`,
      `4:23  audio_format.output_sample_rate: expected 16-bit linear PCM ("pcm16") at 24000 Hz, found 16000 (${formatHint})`,
      `5:13  audio_format.channels: expected 1, found 2 (${formatHint})`,
      `6:3  audio_format.bitrate: expected a part of an audio format, such as encoding or sample_rate, found 64 (${formatHint})`,
    ],
  },
  {
    what: 'an audio format that contains itself',
    text: 'prompt: x\naudio_format: &self { input: *self }\n',
    says: [
      `2:30  audio_format.input.input: expected 16-bit linear PCM ("pcm16") at 16000 Hz, found a map (${formatHint})`,
    ],
  },
  {
    what: 'anchors that multiply without end',
    text: `prompt: x\na: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n`,
    says: [
      '1:1  expected valid YAML, found a fault: Excessive alias count indicates a resource exhaustion attack',
    ],
  },
  {
    what: 'an audio format that is neither a name nor a map',
    text: 'prompt: x\naudio_format: [pcm16]\n',
    says: [
      '2:15  audio_format: expected the name of an audio format, or a map of its parts, found a list of 1',
    ],
  },
];

describe('a wrong agent file', () => {
  for (const { what, text, says } of cases) {
    it(`is refused with line, path, expected and found: ${what}`, () => {
      const parsed = parseAgent(text, 'agents/shop.yaml', { alsoFrom: [import.meta.dirname] });
      expect(parsed.ok ? [] : parsed.problems.map(formatProblem)).toEqual(
        says.map((line) => `agents/shop.yaml:${line}`),
      );
    });
  }

  it('may have a name that is none', () => {
    const text = 'prompt: x\n';
    const says = (file: string) => {
      const parsed = parseAgent(text, file);
      return parsed.ok ? 'nothing' : parsed.problems.map(formatProblem).join('\n');
    };
    const form = 'expected a file name of at most 63 lower-case letters, digits and hyphens before .yaml';
    expect(says('agents/the-2nd-shop.yaml')).toBe('nothing');
    expect(says('agents/My Shop.yaml')).toBe(`agents/My Shop.yaml:1:1  ${form}, found My Shop.yaml`);
    expect(says('agents/-shop.yaml')).toBe(`agents/-shop.yaml:1:1  ${form}, found -shop.yaml`);
    expect(says('agents/status.yaml')).toBe(
      'agents/status.yaml:1:1  expected a name that no address of the service uses, found status',
    );
  });
});
