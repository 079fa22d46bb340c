import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpDeclaration, SecretReference } from '../../agents/index.ts';
import type { GuardedFetch } from '../../wire/index.ts';
import { ToolFailed } from '../result.ts';
import type { SecretOf } from '../secrets.ts';

/** The largest message of a server, bytes. */
const largestMessageBytes = 1_048_576;
/** Longest exchange over HTTP, ms; each run of a tool has its own, shorter deadline. */
const longestExchangeMs = 61_000;

/** The way to a server: a program that is started, or an address. @throws ToolFailed when a secret is missing */
export function transportTo(declared: McpDeclaration, secretOf: SecretOf, fetch: GuardedFetch): Transport {
  const [command, ...args] = declared.command ?? [];
  if (command !== undefined) {
    const env = texts(declared.env, secretOf);
    return new StdioClientTransport({
      command,
      args,
      env,
      stderr: 'ignore',
      maxBufferSize: largestMessageBytes,
    });
  }
  const headers = texts(declared.headers, secretOf);
  return new StreamableHTTPClientTransport(new URL(declared.url ?? ''), {
    requestInit: { headers },
    fetch: async (url, init) => {
      // a standing stream would bring only what nobody here takes; the protocol lets a server have none
      if (init?.method === 'GET') return new Response(null, { status: 405 });
      const { status, body, ...told } = await fetch.ask({
        url: new URL(url),
        method: init?.method === 'DELETE' ? 'DELETE' : 'POST',
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: typeof init?.body === 'string' ? init.body : undefined,
        timeoutMs: longestExchangeMs,
        maxBytes: largestMessageBytes,
        signal: init?.signal ?? undefined,
      });
      return new Response(body.length > 0 ? new Uint8Array(body) : null, { status, headers: told.headers });
    },
  });
}

function texts(
  given: Readonly<Record<string, string | SecretReference>>,
  secretOf: SecretOf,
): Record<string, string> {
  const entries = Object.entries(given).map(([name, value]) => {
    if (typeof value === 'string') return [name, value] as const;
    const secret = secretOf(value);
    if (secret === undefined)
      throw new ToolFailed('tool.no-secret', 'the tool is not set up: its secret is missing');
    return [name, `${value.prefix ?? ''}${secret}`] as const;
  });
  return Object.fromEntries(entries);
}
