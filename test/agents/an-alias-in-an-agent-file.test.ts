import { describe, expect, it } from 'vitest';
import { type Agent, explainAgent, formatProblem, parseAgent } from '../../src/agents/index.ts';

function agentOf(text: string): Agent {
  const parsed = parseAgent(`prompt: x\n${text}`, 'agents/shop.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.agent;
}

describe('an alias in an agent file', () => {
  const detection = [
    { alias: 'enabled: true', owner: 'gemini', start: 'high', end: 'high', silenceMs: 500 },
    { alias: 'enabled: false', owner: 'baari', start: 'high', end: 'high', silenceMs: 500 },
    { alias: 'threshold: 0', owner: 'baari', start: 'high', end: 'high', silenceMs: 500 },
    { alias: 'threshold: 0.5', owner: 'baari', start: 'high', end: 'high', silenceMs: 500 },
    { alias: 'threshold: 0.51', owner: 'baari', start: 'low', end: 'low', silenceMs: 500 },
    { alias: 'silence_duration_ms: 800', owner: 'baari', start: 'high', end: 'high', silenceMs: 800 },
    {
      alias: 'enabled: true, threshold: 0.9, silence_duration_ms: 700',
      owner: 'gemini',
      start: 'low',
      end: 'low',
      silenceMs: 700,
    },
  ];
  for (const { alias, owner, start, end, silenceMs } of detection) {
    it(`sets the fields of today: voice_activity_detection { ${alias} }`, () => {
      const { turns, automaticDetection } = agentOf(`voice_activity_detection: { ${alias} }\n`);
      expect(turns.owner).toBe(owner);
      expect(automaticDetection).toMatchObject({
        startSensitivity: start,
        endSensitivity: end,
        silenceDurationMs: silenceMs,
      });
    });
  }

  it('is told apart from a field of the file and from a default', () => {
    const agent = agentOf(
      'voice_activity_detection: { enabled: true }\nautomatic_detection: { prefix_padding_ms: 20 }\n',
    );
    const origins = new Map(explainAgent(agent).map(({ path, origin }) => [path, origin]));
    expect(origins.get('turns.owner')).toBe('alias');
    expect(origins.get('automatic_detection.prefix_padding_ms')).toBe('file');
    expect(origins.get('automatic_detection.silence_duration_ms')).toBe('default');
    expect(agent.source.aliases).toEqual([
      {
        path: 'voice_activity_detection.enabled',
        value: 'true',
        sets: ['turns.owner'],
        became: 'turns.owner: gemini',
      },
    ]);
  });

  const formats = [
    'pcm16',
    'PCM_16',
    'linear16',
    'raw/slin',
    'pcm_s16le',
    '16000',
    '8khz',
    'pcm_24000',
    '"audio/pcm;rate=16000"',
    '{}',
    '{ encoding: pcm16, sample_rate: 8000, channels: 1, bit_depth: 16 }',
    '{ input: pcm16, output: { encoding: pcm16, sample_rate: 24000 } }',
    '{ input_sample_rate: 16000, output_sample_rate: "24000" }',
  ];
  for (const format of formats) {
    it(`says what is in use anyway and changes nothing: audio_format ${format}`, () => {
      const quoted = format === '16000' ? `"${format}"` : format;
      const { source, ...agent } = agentOf(`audio_format: ${quoted}\n`);
      const { source: _, ...plain } = agentOf('');
      expect(agent).toEqual(plain);
      expect(source.aliases).toMatchObject([{ path: 'audio_format', sets: [] }]);
    });
  }

  const refused = [
    'mulaw',
    'opus',
    'pcm8',
    '44100',
    'pcm_44100',
    '""',
    '{ input: { sample_rate: 24000 } }',
    '{ output: pcm16_16khz }',
  ];
  for (const format of refused) {
    it(`is refused where nothing can be chosen: audio_format ${format}`, () => {
      expect(parseAgent(`prompt: x\naudio_format: ${format}\n`, 'agents/shop.yaml').ok).toBe(false);
    });
  }
});
