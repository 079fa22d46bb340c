import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { table } from '../../src/agents/agent-table.ts';
import { type AgentProblem, agentJsonSchema, exampleAgentsFolder } from '../../src/agents/index.ts';
import { runCheck } from '../../src/cli/check.ts';
import { ToolSet } from '../../src/tools/index.ts';
import { TestTool } from '../tools/test-tool.ts';
import { folderWith } from './temporary-folder.ts';

interface Checked {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function check(
  folder: string,
  options: {
    json?: boolean;
    schema?: boolean;
    color?: boolean;
    tools?: { toolsFor: () => ToolSet; problemsOf: () => readonly AgentProblem[] };
  } = {},
): Promise<Checked> {
  let out = '';
  let err = '';
  const code = await runCheck({
    folder,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    color: false,
    ...options,
  });
  return { code, out, err };
}

describe('checking agents', () => {
  it('shows every field in force with value, unit, origin and description', async () => {
    const { code, out, err } = await check(exampleAgentsFolder);
    expect([code, err]).toEqual([0, '']);
    for (const { path: fieldPath, field } of table) {
      const name = fieldPath.slice(fieldPath.indexOf('.') + 1);
      const row = out
        .split('\n')
        .find((line) => line.trim().startsWith(`${name} `) && line.includes(field.description));
      expect(row, fieldPath).toBeDefined();
    }
    expect(out).toMatch(/^ {2}voice +Kore +file +The voice/m);
    expect(out).toMatch(/^ {2}turns\n {4}owner +baari +file /m);
    expect(out).toMatch(/^ {4}lead_ms +200 ms +default +Audio kept ahead .* \[40–1000\]$/m);
    expect(out).toMatch(
      /^ {4}silence_duration_ms +500 ms +default .* {2}not in force under this turns\.owner$/m,
    );
    expect(out).toContain(`3 agents are good in ${exampleAgentsFolder}\n`);
  });

  it('shows what an alias became', async () => {
    const { out } = await check(
      folderWith({
        'shop.yaml': 'prompt: x\nvoice_activity_detection: { threshold: 0.7 }\naudio_format: pcm16\n',
      }),
    );
    expect(out).toMatch(/^ {4}start_sensitivity +low +alias /m);
    expect(out).toContain(
      'alias voice_activity_detection.threshold: 0.7 → automatic_detection.start_sensitivity: low, automatic_detection.end_sensitivity: low',
    );
    expect(out).toContain('alias audio_format: pcm16 → nothing: it states what is in use anyway');
  });

  it('writes problems to the error stream, one a line, and still shows the good agents', async () => {
    const folder = folderWith({
      'good.yaml': 'prompt: x\n',
      'bad.yaml': 'prompt: x\nplayout:\n  chunk_ms: 30\n',
    });
    const { code, out, err } = await check(folder);
    expect(code).toBe(1);
    expect(out).toContain('good  ');
    expect(err).toBe(
      `✗ ${path.join(folder, 'bad.yaml')}:3:13  playout.chunk_ms: expected a whole number from 20 to 200 ms, a multiple of 20, found 30\n` +
        `1 agent is good, 1 problem in ${folder}\n`,
    );
  });

  it('gives the same as JSON', async () => {
    const folder = folderWith({ 'good.yaml': 'prompt: x\n', 'bad.yaml': 'prompt: x\nvoice: 3\n' });
    const { code, out, err } = await check(folder, { json: true });
    expect([code, err]).toEqual([1, '']);
    const data = JSON.parse(out);
    expect(data.agents).toMatchObject([{ name: 'good', file: path.join(folder, 'good.yaml'), aliases: [] }]);
    expect(data.agents[0].fields).toHaveLength(table.length);
    expect(data.agents[0].fields).toContainEqual({
      path: 'playout.chunk_ms',
      value: 40,
      unit: 'ms',
      range: '20–200, step 20',
      origin: 'default',
      inForce: true,
      description: 'Audio per message to Exotel; smaller chunks let an interruption bite sooner.',
    });
    expect(data.problems).toMatchObject([{ line: 2, column: 8, path: 'voice', found: '3' }]);
  });

  it('prints the JSON Schema', async () => {
    const { code, out } = await check('/nowhere', { schema: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(agentJsonSchema());
  });

  it('colours only when asked to', async () => {
    expect((await check(exampleAgentsFolder)).out).not.toContain('\u001b[');
    expect((await check(exampleAgentsFolder, { color: true })).out).toContain('\u001b[');
  });

  it.each([
    ['gemini-3.8-live', 'the model waits', 'the model talks on'],
    [
      'gemini-3.8-live-extended-thinking',
      'the model talks on  gemini-3.8-live-extended-thinking never waits for a tool: it may speak before the result',
      'the model talks on  gemini-3.8-live-extended-thinking takes no scheduling SILENT',
    ],
    [
      'gemini-3.1-flash-live-preview',
      'the model waits',
      'the model waits  gemini-3.1-flash-live-preview waits for every tool: the caller waits too; gemini-3.1-flash-live-preview takes no scheduling SILENT',
    ],
    [
      'gemini-2.5-flash-native-audio-preview-12-2025',
      'not run  gemini-2.5-flash-native-audio-preview-12-2025 refuses tools: it is not declared',
      'not run  gemini-2.5-flash-native-audio-preview-12-2025 refuses tools: it is not declared',
    ],
  ])('says how tools are run for %s', async (model, book, look) => {
    const tools = [new TestTool('book'), new TestTool('look', { blocking: false, scheduling: 'SILENT' })];
    const folder = folderWith({ 'shop.yaml': `prompt: x\nmodel: ${model}\n` });
    const { out } = await check(folder, {
      tools: { toolsFor: () => new ToolSet(tools), problemsOf: () => [] },
    });
    expect(out).toContain(`\n  tool book: ${book}\n  tool look: ${look}\n`);
  });
});
