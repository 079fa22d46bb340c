import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { table } from '../../src/agents/agent-table.ts';
import { agentJsonSchema, exampleAgentsFolder } from '../../src/agents/index.ts';

const schema = agentJsonSchema();

function at(node: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => Object(inner)[key], node);
}

describe('the JSON Schema of an agent file', () => {
  it('is one that editors complete YAML by', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      oneOf: [{ required: ['prompt'] }, { required: ['prompt_file'] }],
      additionalProperties: false,
    });
  });

  it('describes every field of the table, with its range and default', () => {
    for (const { path: fieldPath, field } of table) {
      const keys = fieldPath.split('.').flatMap((key) => ['properties', key]);
      const property = at(schema, ...keys);
      expect(at(property, 'description'), fieldPath).toContain(field.description);
      if (!field.required && !['list', 'map', 'data'].includes(field.kind))
        expect(at(property, 'default'), fieldPath).toEqual(field.default);
      if (field.kind === 'number') {
        expect(property, fieldPath).toMatchObject({ minimum: field.min, maximum: field.max });
      }
      if (field.kind === 'choice') expect(at(property, 'enum'), fieldPath).toEqual(field.options);
    }
  });

  it('marks aliases as deprecated', () => {
    expect(at(schema, 'properties', 'voice_activity_detection', 'deprecated')).toBe(true);
    expect(at(schema, 'properties', 'audio_format', 'deprecated')).toBe(true);
  });

  it('accepts the example, and refuses what the loader refuses', () => {
    const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const bakery: unknown = parse(readFileSync(path.join(exampleAgentsFolder, 'bakery.yaml'), 'utf8'));
    expect([accepts(bakery), accepts.errors]).toEqual([true, null]);
    const { prompt: _, ...promptless } = Object(bakery);
    expect(accepts({ ...promptless, prompt_file: 'bakery.md' })).toBe(true);
    expect(accepts(promptless)).toBe(false);
    for (const wrong of [
      { voice: 'Kora' },
      { playout: { chunk_ms: 50 } },
      { colour: 'blue' },
      { turns: { leadMs: 1 } },
      { prompt_file: 'bakery.md' },
    ]) {
      expect(accepts({ ...Object(bakery), ...wrong }), JSON.stringify(wrong)).toBe(false);
    }
  });
});
