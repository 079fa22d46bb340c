import type { Agent, SecretReference } from '../agents/index.ts';
import type { Log } from '../observe/index.ts';
import type { Chance, Clock } from '../time/index.ts';
import { GuardedFetch } from '../wire/index.ts';
import { builtInTools } from './built-in/built-in-tools.ts';
import { httpTool } from './http/http-tool.ts';
import { McpServer, type OfferedTool } from './mcp/mcp-server.ts';
import { mcpTools } from './mcp/mcp-tools.ts';
import type { SecretOf } from './secrets.ts';
import type { Tool } from './tool.ts';
import { mostTools, ToolSet } from './tool-set.ts';

/** What the tools of agents are built with. */
export interface ToolSurroundings {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** The secrets that agent files refer to. */
  readonly secretOf: SecretOf;
  /** A server of tools could not be had, or was lost. */
  readonly serverTroubled?: ((agent: string, server: string) => void) | undefined;
}

/**
 * The tools of one agent: its own connections, programs and secrets, none of another agent's.
 *
 * Invariant: a server that is not there takes no tool away and stops no call; the model is told when it calls.
 */
export class AgentTools {
  readonly #own: readonly Tool[];
  readonly #servers: readonly McpServer[];
  readonly #offered: (ReadonlyMap<string, OfferedTool> | undefined)[] = [];
  readonly #fetch: GuardedFetch;
  readonly #agent: Agent;
  readonly #log: Log;
  #set: ToolSet;

  constructor(agent: Agent, { clock, chance, log, secretOf, serverTroubled }: ToolSurroundings) {
    const { http, mcp, hosts } = agent.tools;
    this.#agent = agent;
    this.#log = log.child({ agent: agent.name });
    const fetch = new GuardedFetch({ clock, hosts: [...http, ...mcp].flatMap(hostOf), privateHosts: hosts });
    const around = { fetch, secretOf, chance, timeZone: agent.timeZone };
    this.#fetch = fetch;
    this.#own = [...http.map((declared) => httpTool(declared, around)), ...builtInTools(agent)];
    this.#servers = mcp.map(
      (declared, at) =>
        new McpServer({
          declared,
          clock,
          log: this.#log,
          secretOf,
          fetch,
          offered: (tools) => this.#learn(at, tools),
          troubled: () => serverTroubled?.(agent.name, declared.name),
        }),
    );
    this.#set = this.#build();
  }

  /** What there is now: more is known of the tools of a server once it has told them. */
  get set(): ToolSet {
    return this.#set;
  }

  /** Starts the servers that start with the service; resolves when each has answered, or failed to. */
  async start(): Promise<void> {
    const { mcp } = this.#agent.tools;
    const early = this.#servers.filter((_, at) => mcp[at]?.start === 'with_service');
    await Promise.all(early.map((server) => server.start()));
  }

  /** Closes connections, and ends the programs. */
  async close(): Promise<void> {
    await Promise.all([this.#fetch.close(), ...this.#servers.map((server) => server.close())]);
  }

  #learn(at: number, tools: ReadonlyMap<string, OfferedTool>): void {
    this.#offered[at] = tools;
    try {
      this.#set = this.#build();
    } catch (error) {
      // what was known before serves as well
      this.#log.warn({ message: error instanceof Error ? error.message : 'unknown' }, 'mcp.toolsUnfit');
    }
  }

  #build(): ToolSet {
    const { mcp } = this.#agent.tools;
    const ofServers = this.#servers.flatMap((server, at) => {
      const declared = mcp[at];
      return declared ? mcpTools(declared, server, this.#offered[at]) : [];
    });
    return new ToolSet(this.#fitting([...this.#own, ...ofServers]));
  }

  /** Of two tools of one name the first, and no more than a model may have. */
  #fitting(tools: readonly Tool[]): Tool[] {
    const byName = new Map<string, Tool>();
    for (const tool of tools) {
      const why = byName.has(tool.name) ? 'name taken' : byName.size >= mostTools ? 'too many' : undefined;
      if (why === undefined) byName.set(tool.name, tool);
      else this.#log.warn({ tool: tool.name, why }, 'tool.leftOut');
    }
    return [...byName.values()];
  }
}

/** The host of an address; the part before the path is checked to be fixed. */
function hostOf({ url }: { readonly url?: string | undefined }): string[] {
  return url === undefined ? [] : [new URL(url.replace(/[{}]/g, '')).hostname];
}

/** The secrets that the tools of `agent` need, each with its place in the file. */
export function secretsNeeded({
  tools,
}: Agent): readonly { path: readonly (string | number)[]; reference: SecretReference }[] {
  const inMap = (
    path: readonly (string | number)[],
    map: Readonly<Record<string, string | SecretReference>>,
  ) =>
    Object.entries(map).flatMap(([name, value]) =>
      typeof value === 'string' ? [] : [{ path: [...path, name], reference: value }],
    );
  return [
    ...tools.http.flatMap(({ headers, sign }, at) => [
      ...inMap(['tools', 'http', at, 'headers'], headers),
      ...(sign ? [{ path: ['tools', 'http', at, 'sign', 'secret'], reference: sign.secret }] : []),
    ]),
    ...tools.mcp.flatMap(({ headers, env }, at) => [
      ...inMap(['tools', 'mcp', at, 'headers'], headers),
      ...inMap(['tools', 'mcp', at, 'env'], env),
    ]),
  ];
}
