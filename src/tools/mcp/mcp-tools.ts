import { Ajv2020 } from 'ajv/dist/2020.js';
import type { McpDeclaration } from '../../agents/index.ts';
import { runOf } from '../run-of.ts';
import type { Tool } from '../tool.ts';
import type { McpServer, OfferedTool } from './mcp-server.ts';

/** What is known of a tool before its server has told it: it is called all the same, and the server checks. */
const anything = { type: 'object', properties: {}, additionalProperties: true } as const;
/** Longest description that the model is told, characters. */
const longestDescription = 2_000;

/** The chosen tools of a server; `offered` is what it has told of them, if it has. */
export function mcpTools(
  declared: McpDeclaration,
  server: McpServer,
  offered: ReadonlyMap<string, OfferedTool> | undefined,
): readonly Tool[] {
  return declared.tools
    .filter((name) => offered === undefined || offered.has(name))
    .map((name) => {
      const told = offered?.get(name);
      return {
        name,
        description: (told?.description || `The tool ${name} of ${declared.name}.`).slice(
          0,
          longestDescription,
        ),
        parameters: parametersOf(told?.inputSchema),
        ...runOf(declared),
        run: (args, context) => server.call(name, args, context),
      };
    });
}

/** The schema of a server as ours; one that cannot be compiled here is left to the server. */
function parametersOf(schema: OfferedTool['inputSchema'] = anything): Tool['parameters'] {
  // its dialect is named there; those in use differ in nothing that tools need
  const { $schema: _, $id: __, ...plain } = schema;
  try {
    new Ajv2020({ allowUnionTypes: true, validateFormats: false, logger: false, strict: false }).compile({
      ...plain,
    });
    return plain.type === 'object' ? plain : anything;
  } catch {
    return anything;
  }
}
