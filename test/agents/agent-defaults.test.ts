import { describe, expect, it } from 'vitest';
import { ruleFindings } from '../../src/agents/agent-rules.ts';
import { agentFileSchema } from '../../src/agents/agent-schema.ts';
import { fieldAt, table } from '../../src/agents/agent-table.ts';
import { explainAgent, parseAgent } from '../../src/agents/index.ts';

const parsed = parseAgent('prompt: Say hello.\n', 'agents/shop.yaml');
if (!parsed.ok) throw new Error('a prompt must be enough');
const { agent } = parsed;

describe('an agent file with a prompt only', () => {
  it('gives the documented values', () => {
    expect(agent).toMatchObject({
      name: 'shop',
      description: undefined,
      model: 'gemini-3.8-live',
      prompt: 'Say hello.',
      voice: 'Kore',
      languages: [],
      temperature: undefined,
      greeting: { by: 'model', protectedMs: 1500 },
      transcription: { caller: true, agent: true },
      turns: {
        owner: 'baari',
        onsetMs: 64,
        onsetWhileSpeakingMs: 100,
        confirmMs: 500,
        rejectMs: 100,
        endSilenceMs: 490,
        shortEndSilenceMs: 350,
        shortUtteranceMs: 600,
        longestMs: 30_000,
        preRollMs: 400,
        nudgeMs: 3900,
        newSessionMs: 8000,
        apologyMs: 12_000,
      },
      automaticDetection: {
        startSensitivity: 'high',
        endSensitivity: 'high',
        prefixPaddingMs: 60,
        silenceDurationMs: 500,
      },
      detector: { kind: 'auto', thresholdDb: 8, speechProbability: 0.15 },
      playout: {
        start: 'stream',
        chunkMs: 40,
        leadMs: 200,
        prebufferMs: 60,
        prebufferMaxMs: 300,
        markFallbackMs: 1000,
        keepAliveMs: 10_000,
        trimSilenceMs: 20,
      },
      limits: { setupMs: 10_000, startMs: 20_000, longestCallMin: 55, warnBeforeEndS: 60, closingMs: 8000 },
      patience: { repromptAfterMs: 8000, goodbyeAfterMs: 8000 },
      apology: { clip: undefined },
      tools: { phrase: 'tone', phraseAfterMs: 1500, phraseEveryMs: 6000 },
      records: { audio: true, transcript: true, redactNumbers: true, redact: [], keepDays: 0 },
      source: { file: 'agents/shop.yaml', stated: ['prompt'], aliases: [] },
    });
  });

  it('explains every field of the table, in its order, with the default as its value', () => {
    const rows = explainAgent(agent);
    expect(rows.map(({ path }) => path)).toEqual(table.map(({ path }) => path));
    for (const [index, { path, field }] of table.entries()) {
      if (path === 'prompt') continue;
      expect(rows[index], path).toMatchObject({
        value: field.default ?? null,
        unit: field.unit,
        origin: 'default',
        description: field.description,
      });
    }
  });

  it('is frozen to its depth', () => {
    expect(
      Object.isFrozen(agent) && Object.isFrozen(agent.turns) && Object.isFrozen(agent.source.stated),
    ).toBe(true);
    expect(Object.isFrozen(agent.languages)).toBe(true);
  });
});

describe('the table of fields', () => {
  it('has defaults that its own schema and rules accept', () => {
    const content: Record<string, unknown> = { prompt: 'x' };
    for (const { path, field } of table) {
      if (field.required || field.default === undefined || field.kind === 'list') continue;
      const [first = '', second] = path.split('.');
      if (second === undefined) content[first] = field.default;
      else content[first] = { ...Object(content[first]), [second]: field.default };
    }
    expect(agentFileSchema.safeParse(content).error?.issues ?? []).toEqual([]);
    const findings = ruleFindings(
      (path) => fieldAt(path)?.default,
      () => false,
      () => false,
    );
    expect(findings).toEqual([]);
  });

  it('has the unit of every number in its name', () => {
    const endings = { ms: '_ms', s: '_s', min: '_min', dB: '_db' };
    for (const { path, field } of table) {
      if (field.unit !== '' && field.unit !== '0–1')
        expect(path.endsWith(endings[field.unit]), path).toBe(true);
    }
  });
});
