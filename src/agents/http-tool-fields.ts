import { Ajv2020 } from 'ajv/dist/2020.js';
import jsonata from 'jsonata';
import * as z from 'zod';
import { data, inCode } from './field.ts';
import { looksLikeSecret, secretReference } from './secret-reference.ts';
import { templateFault, templateParts } from './tool-template.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** Methods of which a second request does no more than one (RFC 9110, 9.2.2). */
const idempotent = ['GET', 'HEAD', 'PUT', 'DELETE'];
const mostTools = 40;

/** The name of a tool, as the model calls it. */
export const toolName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, {
    error: 'a name of up to 64 letters, digits, _ and -, which begins with a letter or _',
  })
  .meta({ description: 'How the model calls it.' });

/** How a tool is run in a call; the same for all kinds of tools. */
export const runFields = {
  timeout_ms: z
    .int({ error: 'a whole number from 100 to 60000 ms' })
    .min(100)
    .max(60_000)
    .default(10_000)
    .meta({
      description:
        'Longest run, retries included; the model is then told that there was no result. Unit: ms.',
    }),
  blocking: z.boolean().default(true).meta({
    description: 'The model stays silent until it has the result, where its rules let it be told so.',
  }),
  scheduling: z.enum(['INTERRUPT', 'WHEN_IDLE', 'SILENT']).optional().meta({
    description: 'When the model speaks of a result that it did not wait for; by default WHEN_IDLE.',
  }),
  interruptible: z.boolean().optional().meta({
    description:
      'Whether it is stopped when the caller interrupts; false: it runs to its end, and the model is told what came of it. By default true unless it has side effects.',
  }),
  phrase: z
    .string({ error: 'tone, none, or the path of a WAV file, relative to the agent file' })
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'What a caller hears who waits for this tool; by default tools.phrase.' }),
  phrase_after_ms: z
    .int({ error: 'a whole number from 500 to 10000 ms' })
    .min(500)
    .max(10_000)
    .optional()
    .meta({ description: 'In place of tools.phrase_after_ms for this tool. Unit: ms.' }),
};

const template = z.string().min(1).max(4_000);

const headerValue = z.union(
  [
    z
      .string()
      .max(1_000)
      .regex(/^[\x20-\x7e]+$/),
    secretReference,
  ],
  { error: 'a text of printable ASCII, or a secret by reference: { env: NAME } or { file: path }' },
);

const httpTool = z
  .strictObject({
    name: toolName,
    description: z
      .string()
      .min(1)
      .max(2_000)
      .meta({ description: 'Tells the model what it does, and when to use it.' }),
    method: z.enum(methods).default('GET').meta({ description: 'The method of the request.' }),
    url: template.meta({
      description:
        'The address: {name} is an argument, {{caller.number}} a variable of prompts, both URL-encoded; the host is fixed.',
    }),
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'the name of a header' }),
        headerValue,
      )
      .default({})
      .meta({ description: 'Headers: texts with {{variables}}, and secrets by reference.' }),
    query: z.record(z.string().min(1).max(100), template).default({}).meta({
      description: 'Parts of the query: texts as in url; one with an argument that is not given is left out.',
    }),
    body: z.unknown().optional().meta({
      description:
        'What is sent as JSON, with {arguments} and {{variables}} in its texts; by default the arguments, for methods that have a body.',
    }),
    parameters: z
      .record(z.string(), z.unknown())
      .default({ type: 'object', properties: {} })
      .meta({ description: 'The arguments: a JSON Schema (2020-12) of type object.' }),
    ...runFields,
    retries: z.int({ error: 'a whole number from 0 to 5' }).min(0).max(5).optional().meta({
      description:
        'Further attempts within timeout_ms; by default 2, and 0 for POST and PATCH without idempotency_key, where none may be.',
    }),
    idempotency_key: z.boolean().default(false).meta({
      description:
        'An Idempotency-Key header, the same in all attempts of one call: the service knows a retry by it.',
    }),
    result: z.string().min(1).max(4_000).optional().meta({
      description: 'A JSONata expression: what the model is told of the answer; by default all of it.',
    }),
    max_result_bytes: z
      .int({ error: 'a whole number from 256 to 1048576 bytes' })
      .min(256)
      .max(1_048_576)
      .default(65_536)
      .meta({ description: 'The largest answer that is read. Unit: bytes.' }),
    sign: z
      .strictObject({
        secret: secretReference,
        header: z
          .string()
          .regex(/^[A-Za-z0-9-]{1,100}$/, { error: 'the name of a header' })
          .default('Baari-Signature'),
      })
      .optional()
      .meta({
        description: 'A header with a timestamp and an HMAC-SHA256 by which the service knows who asks.',
      }),
    side_effects: z.boolean().optional().meta({
      description:
        'Running it twice would do something twice: a call that the model repeats at once is not run again. By default true but for GET and HEAD.',
    }),
  })
  .superRefine((tool, context) => {
    const fault = (path: (string | number)[], message: string, found?: string, hint?: string): void =>
      context.addIssue({ code: 'custom', path, message, params: { found, hint } });
    parametersFault(tool.parameters, fault);
    addressFault(tool.url, fault);
    const known = argumentNames(tool.parameters);
    const texts: [(string | number)[], string][] = [
      [['url'], tool.url],
      ...Object.entries(tool.query).map(([name, text]): [string[], string] => [['query', name], text]),
      ...textsIn(['body'], tool.body),
    ];
    for (const [path, text] of texts) {
      const wrong = templateFault(text, known);
      if (wrong) fault(path, wrong.expected, wrong.found);
    }
    for (const [name, value] of Object.entries(tool.headers)) {
      if (typeof value !== 'string') continue;
      const wrong = templateFault(value, []);
      if (wrong) fault(['headers', name], wrong.expected, wrong.found);
      if (looksLikeSecret(name, value)) {
        const expected = 'a secret by reference: { env: NAME } or { file: path }';
        fault(['headers', name], expected, 'a text that may be a secret, not shown');
      }
    }
    for (const [name, value] of Object.entries(tool.query)) {
      if (templateParts(value).every(({ kind }) => kind === 'text') && looksLikeSecret(name, value)) {
        fault(
          ['query', name],
          'no secret: send it in a header, by reference',
          'a text that may be one, not shown',
        );
      }
    }
    if (tool.body !== undefined && !hasBody(tool.method)) fault(['body'], `no body with ${tool.method}`);
    if ((tool.retries ?? 0) > 0 && !idempotent.includes(tool.method) && !tool.idempotency_key) {
      const expected = `0 with ${tool.method}: a retry could do it twice`;
      fault(['retries'], expected, undefined, 'idempotency_key: true lets the service know a retry');
    }
    if (tool.result !== undefined) {
      try {
        jsonata(tool.result);
      } catch (error) {
        fault(['result'], 'a JSONata expression', `a fault: ${reasonOf(error)}`);
      }
    }
  })
  .transform((tool) =>
    inCode({
      ...tool,
      retries: tool.retries ?? (idempotent.includes(tool.method) || tool.idempotency_key ? 2 : 0),
      side_effects: hasSideEffects(tool),
      interruptible: tool.interruptible ?? !hasSideEffects(tool),
      sign: tool.sign,
    }),
  );

/** An HTTP tool as an agent file declares it. */
export type HttpToolDeclaration = z.output<typeof httpTool>;

type Fault = (path: (string | number)[], message: string, found?: string, hint?: string) => void;

function hasSideEffects(tool: { side_effects?: boolean | undefined; method: string }): boolean {
  return tool.side_effects ?? !['GET', 'HEAD'].includes(tool.method);
}

function hasBody(method: string): boolean {
  return ['POST', 'PUT', 'PATCH'].includes(method);
}

function argumentNames(parameters: Readonly<Record<string, unknown>>): string[] {
  const { properties } = parameters;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function parametersFault(parameters: Readonly<Record<string, unknown>>, fault: Fault): void {
  if (parameters.type !== 'object') {
    return fault(
      ['parameters'],
      'a JSON Schema of type object',
      `type ${JSON.stringify(parameters.type) ?? 'nothing'}`,
    );
  }
  try {
    const ajv = new Ajv2020({ allowUnionTypes: true, validateFormats: false, logger: false });
    ajv.compile({ ...parameters });
  } catch (error) {
    fault(['parameters'], 'a JSON Schema (2020-12)', `a fault: ${reasonOf(error)}`);
  }
}

/** Everything before the path is fixed: an argument must not decide who is asked. */
function addressFault(text: string, fault: Fault): void {
  const [origin = ''] = /^https?:\/\/[^/?#]*/.exec(text) ?? [];
  const url = origin.includes('{') ? null : URL.parse(origin);
  if (!url?.hostname) {
    return fault(['url'], 'an http:// or https:// address with a fixed host', undefined);
  }
  const query = URL.parse(text.replace(/[{}]/g, ''))?.searchParams ?? [];
  for (const [name, value] of query) {
    if (!looksLikeSecret(name, value)) continue;
    const found = 'a text that may be one, not shown';
    return fault(['url'], 'no secret in the address', found, 'send it in a header, by reference');
  }
  if (url.username || url.password) {
    fault(
      ['url'],
      'an address without credentials',
      'some, not shown',
      'send them in a header, by reference',
    );
  }
}

function textsIn(path: (string | number)[], value: unknown): [(string | number)[], string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    textsIn([...path, isList ? Number(key) : key], inner),
  );
}

function reasonOf(error: unknown): string {
  const reason = typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : undefined;
  return typeof reason === 'string' ? reason : 'unreadable';
}

/** `tools.http`: the HTTP tools of an agent. */
export const httpTools = data(
  {
    schema: z
      .array(httpTool)
      .max(mostTools)
      .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, {
        error: 'tools with different names',
      }),
    default: [],
    expected: `a list of at most ${mostTools} tools, each with name, description and url`,
    shown: (tools) => tools.map(({ name, method, url }) => `${name}: ${method} ${url}`),
  },
  'Tools that are requests to a web service.',
);
