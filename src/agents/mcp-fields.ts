import * as z from 'zod';
import { data, inCode } from './field.ts';
import { runFields, toolName } from './http-tool-fields.ts';
import { looksLikeSecret, secretReference } from './secret-reference.ts';

const mostServers = 10;
const mostTools = 40;

const expectedText = 'a text, or a secret by reference: { env: NAME } or { file: path }';
const textOrSecret = z.union([z.string().max(1_000), secretReference], { error: expectedText });

const server = z
  .strictObject({
    name: toolName.meta({ description: 'What this server is called in logs and errors.' }),
    command: z
      .array(z.string().min(1).max(1_000))
      .min(1)
      .max(50)
      .optional()
      .meta({ description: 'A program and its arguments, spoken to over its standard input and output.' }),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: 'the name of an environment variable' }),
        textOrSecret,
      )
      .default({})
      .meta({
        description:
          'The environment of command, beside PATH, HOME and the like: nothing else of ours is in it.',
      }),
    url: z
      .string()
      .max(2_000)
      .refine((text) => isAddress(text), { error: 'an http: or https: address without credentials' })
      .optional()
      .meta({ description: 'The address of a server that speaks streamable HTTP, in place of command.' }),
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'the name of a header' }),
        textOrSecret,
      )
      .default({})
      .meta({ description: 'Headers of requests to url: texts, and secrets by reference.' }),
    tools: z
      .array(toolName, { error: 'a list of the names of tools that the model may call' })
      .min(1)
      .max(mostTools)
      .meta({
        description: 'The tools of the server that the model may call; all others stay out of reach.',
      }),
    start: z.enum(['with_service', 'first_call']).default('with_service').meta({
      description: 'When the server is started, or connected to: with Baari, or when a tool is first called.',
    }),
    side_effects: z
      .boolean()
      .default(true)
      .meta({ description: 'A call that the model repeats at once is not run again.' }),
    ...runFields,
  })
  .superRefine((one, context) => {
    const fault = (path: string[], message: string, found: string): void =>
      context.addIssue({ code: 'custom', path, message, params: { found } });
    if ((one.command === undefined) === (one.url === undefined)) {
      fault([], 'either command or url', one.url === undefined ? 'neither' : 'both');
    }
    if (one.url === undefined && Object.keys(one.headers).length > 0)
      fault(['headers'], 'url beside them', 'none');
    if (one.command === undefined && Object.keys(one.env).length > 0)
      fault(['env'], 'command beside it', 'none');
    const texts = [
      ...Object.entries(one.env).map(([name, value]) => ['env', name, value] as const),
      ...Object.entries(one.headers).map(([name, value]) => ['headers', name, value] as const),
    ];
    for (const [part, name, value] of texts) {
      if (typeof value !== 'string' || !looksLikeSecret(name, value)) continue;
      fault(
        [part, name],
        'a secret by reference: { env: NAME } or { file: path }',
        'a text that may be a secret, not shown',
      );
    }
  })
  .transform((one) => inCode({ ...one, interruptible: one.interruptible ?? !one.side_effects }));

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}

/** An MCP server as an agent file declares it. */
export type McpDeclaration = z.output<typeof server>;

/** `tools.mcp`: the MCP servers of an agent. */
export const mcpServers = data(
  {
    schema: z
      .array(server)
      .max(mostServers)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
        error: 'servers with different names',
      })
      .refine(
        (all) => new Set(all.flatMap(({ tools }) => tools)).size === all.flatMap(({ tools }) => tools).length,
        {
          error: 'tools with different names',
        },
      ),
    default: [],
    expected: `a list of at most ${mostServers} MCP servers, each with name, tools, and command or url`,
    shown: (all) => all.map(({ name, tools }) => `${name}: ${tools.join(' ')}`),
  },
  'Tools of MCP servers.',
);
