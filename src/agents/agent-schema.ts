import * as z from 'zod';
import { sections, voiceActivityDetection } from './agent-table.ts';
import { type Field, type Fields, fileName, type Section } from './field.ts';
import { persona } from './persona-fields.ts';

function checked(field: Field): z.ZodType {
  switch (field.kind) {
    case 'number': {
      const number = z.number().min(field.min).max(field.max);
      const whole = field.whole ? number.int() : number;
      return field.step ? whole.multipleOf(field.step) : whole;
    }
    case 'text':
      return z.string().min(1).max(field.maxLength).regex(field.pattern);
    case 'choice':
      return z.enum(field.options);
    case 'flag':
      return z.boolean();
    case 'list':
      return z.array(z.string().regex(field.pattern)).min(1).max(field.maxItems);
    case 'map':
      return z.partialRecord(z.enum(field.keys), z.enum(field.options));
    case 'data':
      return field.schema;
  }
}

function schemaOf(field: Field): z.ZodType {
  const unit = field.unit === '' ? '' : ` Unit: ${field.unit}.`;
  const description = `${field.description}${unit}`;
  if (field.required) return checked(field).meta({ description });
  const hasDefault = field.default !== undefined && !['list', 'map', 'data'].includes(field.kind);
  return checked(field)
    .meta(hasDefault ? { description, default: field.default } : { description })
    .optional();
}

function shapeOf(fields: Fields): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [fileName(key), schemaOf(field)]));
}

function sectionSchema({ description, fields, onlyFor }: Section): z.ZodType {
  const condition = onlyFor ? ` In force only while turns.owner is ${onlyFor}.` : '';
  return z
    .strictObject(shapeOf(fields))
    .meta({ description: `${description}${condition}` })
    .optional();
}

/** Accepts the content of an agent file, under the names of the file; unknown fields are refused. */
export const agentFileSchema = z
  .strictObject({
    ...shapeOf(persona),
    ...Object.fromEntries(Object.entries(sections).map(([key, of]) => [fileName(key), sectionSchema(of)])),
    voice_activity_detection: z
      .strictObject(shapeOf(voiceActivityDetection.fields))
      .meta({ description: voiceActivityDetection.description, deprecated: true })
      .optional(),
    audio_format: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .meta({
        description: 'Alias without effect: accepted where it states the formats that are in use anyway.',
        deprecated: true,
      })
      .optional(),
  })
  .meta({ title: 'Baari agent', description: 'One agent of Baari: one file, one tenant.' });

function needed(field: string) {
  return { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] };
}

/** The JSON Schema (draft 7, which editors complete YAML by) of an agent file. */
export function agentJsonSchema(): Record<string, unknown> {
  const { required: _, ...schema } = z.toJSONSchema(agentFileSchema, { target: 'draft-7', io: 'input' });
  return { ...schema, oneOf: ['prompt', 'prompt_file'].map(needed) };
}
