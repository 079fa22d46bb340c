import { Ajv2020 } from 'ajv/dist/2020.js';
import * as z from 'zod';
import { count, data, list, seconds, section, text } from './field.ts';

/** Longest schema as JSON, characters. */
const longestSchema = 20_000;

function isSchema(schema: Readonly<Record<string, unknown>>): boolean {
  try {
    new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(structuredClone(schema));
    return true;
  } catch {
    return false;
  }
}

const jsonSchema = z
  .record(z.string(), z.unknown(), { error: 'a JSON Schema' })
  .refine((schema) => schema.type === 'object', { error: 'a JSON Schema of type object' })
  .refine((schema) => JSON.stringify(schema).length <= longestSchema, {
    error: `a JSON Schema of at most ${longestSchema} characters`,
  })
  .refine(isSchema, { error: 'a JSON Schema (2020-12) that can be compiled' });

export const extraction = section('What is read out of each call afterwards, by a Gemini text model.', {
  schema: data<Readonly<Record<string, unknown>> | undefined>(
    {
      schema: jsonSchema,
      default: undefined,
      expected: 'a JSON Schema of type object',
      shown: (schema) => [`${Object.keys(Object(schema?.properties)).join(', ') || 'any object'}`],
    },
    'JSON Schema of what is to be read out of the transcript; nothing is without it.',
  ),
  instruction: text<string | undefined>(
    undefined,
    { maxLength: 10_000, expected: 'text of 1 to 10000 characters' },
    'What the model should know to read it out, beyond the descriptions in the schema.',
  ),
  model: text<string>(
    'gemini-flash-latest',
    {
      maxLength: 200,
      pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
      expected: 'the name of a Gemini text model, such as gemini-flash-latest',
    },
    'The Gemini text model that reads; Vertex AI may want another name.',
  ),
  outcomes: list(
    {
      maxItems: 20,
      pattern: /^[A-Za-z]{1,40}$/,
      expected: 'an outcome of a call such as callerHungUp, agentEnded, transferred or cutOff',
    },
    'Only calls that ended so are read; empty means all.',
  ),
  minWords: count(
    3,
    { min: 0, max: 10_000 },
    'Only calls in which the caller said at least so many words are read.',
  ),
  deadlineS: seconds(
    300,
    { min: 5, max: 3_600 },
    'Longest time for it, all attempts together; then the record says that it failed.',
  ),
  webhookWaitsS: seconds(
    30,
    { min: 0, max: 600 },
    'The webhook call.ended waits so long for it, and then goes without; the record gets it all the same.',
  ),
});
