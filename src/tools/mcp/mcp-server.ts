import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { McpDeclaration } from '../../agents/index.ts';
import type { Log } from '../../observe/index.ts';
import { type Clock, type Timer, within } from '../../time/index.ts';
import { FetchFailed, type GuardedFetch } from '../../wire/index.ts';
import { ToolFailed } from '../result.ts';
import type { SecretOf } from '../secrets.ts';
import type { ToolArguments, ToolContext } from '../tool.ts';
import { resultOf } from './content.ts';

/** Longest time for a server to start, greet and list its tools, and for its end, ms. */
const connectMs = 15_000;
const closeMs = 5_000;
/** Pause before it is started again, ms: twice as long after each failure, up to the longest; a good while in use begins anew. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
const goodWhileMs = 60_000;
/** Pages of tools that are read of a server at most. */
const mostPages = 20;

/** A tool as a server tells it. */
export interface OfferedTool {
  readonly description: string | undefined;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** What a connection to a server is kept with. */
export interface McpServerOptions {
  readonly declared: McpDeclaration;
  readonly clock: Clock;
  readonly log: Log;
  readonly secretOf: SecretOf;
  readonly fetch: GuardedFetch;
  /** The server has told its tools. */
  readonly offered: (tools: ReadonlyMap<string, OfferedTool>) => void;
  /** It could not be had, or was lost. */
  readonly troubled: (code: string) => void;
}

/**
 * Owns one race: a server that starts, dies and comes back, and the calls that want it meanwhile.
 *
 * Invariant: there is one connection at most; a call never waits for a server that is known to be down.
 */
export class McpServer {
  readonly #o: McpServerOptions;
  #client: Client | undefined;
  #connecting: Promise<Client> | undefined;
  #retry: Timer | undefined;
  #failures = 0;
  /** What the model is told while the server is down. */
  #trouble = down();
  #upSinceMs = 0;
  #isClosed = false;

  constructor(options: McpServerOptions) {
    this.#o = options;
  }

  /** Starts the server, or connects to it, if that is not done; never rejects. */
  async start(): Promise<void> {
    await this.#ready().catch(() => undefined);
  }

  /** Has a tool of the server run. @throws ToolFailed in words for the model */
  async call(tool: string, args: ToolArguments, { signal }: ToolContext): Promise<unknown> {
    const client = await this.#ready();
    const { timeoutMs } = this.#o.declared;
    try {
      // the run has a deadline of its own, which aborts the signal
      const limits = { signal, timeout: timeoutMs + 1_000, maxTotalTimeout: timeoutMs + 1_000 };
      return resultOf(await client.callTool({ name: tool, arguments: { ...args } }, undefined, limits));
    } catch (error) {
      if (error instanceof ToolFailed) throw error;
      if (this.#client === client && !signal.aborted && !isAnswer(error)) this.#lose(client, codeOf(error));
      throw new ToolFailed(
        'tool.mcp-failed',
        isAnswer(error) ? messageOf(error) : 'its server cannot be reached',
      );
    }
  }

  /** Ends the connection and the program. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#o.clock.clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    const ended = Promise.allSettled([client?.close(), this.#connecting?.then((late) => late.close())]);
    await within(this.#o.clock, closeMs, ended);
  }

  #ready(): Promise<Client> {
    if (this.#client) return Promise.resolve(this.#client);
    if (this.#isClosed || this.#retry) return Promise.reject(this.#trouble);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Client> {
    const { declared, clock, log, secretOf, fetch, offered } = this.#o;
    try {
      // loaded for those only who use it
      const [{ Client }, { transportTo }] = await Promise.all([
        import('@modelcontextprotocol/sdk/client/index.js'),
        import('./transport.ts'),
      ]);
      const client = new Client({ name: 'baari', version: '1' });
      client.onclose = () => this.#lose(client, 'closed');
      client.onerror = () => undefined;
      const open = client.connect(transportTo(declared, secretOf, fetch)).then(() => toolsOf(client));
      open.catch(() => undefined);
      const tools = await within(clock, connectMs, open).catch(async (error: unknown) => {
        await client.close().catch(() => undefined);
        throw error;
      });
      if (!tools || this.#isClosed) {
        client.close().catch(() => undefined);
        throw new ToolFailed('tool.mcp-timeout', 'its server does not answer');
      }
      this.#client = client;
      this.#upSinceMs = clock.nowMs();
      const missing = declared.tools.filter((name) => !tools.has(name));
      if (missing.length > 0) log.warn({ server: declared.name, missing }, 'mcp.toolsMissing');
      log.info({ server: declared.name, tools: declared.tools.length - missing.length }, 'mcp.ready');
      offered(tools);
      return client;
    } catch (error) {
      this.#trouble = error instanceof ToolFailed ? error : down();
      this.#failed(error instanceof ToolFailed ? error.code : codeOf(error));
      throw this.#trouble;
    }
  }

  #lose(client: Client, code: string): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#trouble = down();
    client.close().catch(() => undefined);
    if (this.#o.clock.nowMs() - this.#upSinceMs >= goodWhileMs) this.#failures = 0;
    this.#failed(code);
  }

  #failed(code: string): void {
    if (this.#isClosed) return;
    const { clock, log, declared, troubled } = this.#o;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    log.warn({ server: declared.name, code, againInMs: pauseMs }, 'mcp.down');
    troubled(code);
    clock.clearTimeout(this.#retry);
    this.#retry = clock.setTimeout(() => {
      this.#retry = undefined;
      this.start();
    }, pauseMs);
  }
}

async function toolsOf(client: Client): Promise<ReadonlyMap<string, OfferedTool>> {
  const tools = new Map<string, OfferedTool>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor });
    for (const { name, description, inputSchema } of listed.tools)
      tools.set(name, { description, inputSchema });
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

function down(): ToolFailed {
  return new ToolFailed('tool.mcp-down', 'its server is not there at the moment');
}

/** Whether the server has answered, with an error of the protocol: it is there. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'McpError' && !/-3200[01]/.test(codeOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason was given';
}

function codeOf(error: unknown): string {
  if (error instanceof FetchFailed) return error.code;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === undefined ? 'unknown' : String(code);
}
