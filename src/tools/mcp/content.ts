import { ToolFailed } from '../result.ts';

/** Most of an error's text that the model is told, characters. */
const longestError = 300;

/** A tool's result as servers send it (Model Context Protocol 2025-06-18, tools/call). */
export interface McpResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: unknown;
  readonly [other: string]: unknown;
}

/** What the model is told of a result: its structured content, or else its texts; sounds and pictures are named only. */
export function resultOf({ content, structuredContent, isError }: McpResult): unknown {
  const parts = Array.isArray(content) ? content.map(partOf) : [];
  if (isError === true) {
    const said = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
    throw new ToolFailed(
      'tool.mcp-error',
      said.replace(/\s+/g, ' ').slice(0, longestError) || 'no reason was given',
    );
  }
  if (typeof structuredContent === 'object' && structuredContent !== null) return structuredContent;
  const [only = null, ...more] = parts;
  return more.length > 0 ? parts : only;
}

function partOf(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const told: Readonly<Record<string, unknown>> = { ...part };
  if (told.type === 'text' && typeof told.text === 'string') return jsonOr(told.text);
  if (told.type === 'resource_link') return { type: told.type, uri: told.uri, name: told.name };
  if (told.type === 'resource' && typeof told.resource === 'object' && told.resource !== null) {
    const { text, uri }: { text?: unknown; uri?: unknown } = told.resource;
    return typeof text === 'string' ? jsonOr(text) : { type: told.type, uri };
  }
  return { type: told.type, mimeType: told.mimeType };
}

/** Many servers send JSON as text. */
function jsonOr(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
