import type { Agent, SecretReference } from '../agents/index.ts';
import type { Chance, Clock } from '../time/index.ts';
import { GuardedFetch } from '../wire/index.ts';
import { httpTool } from './http/http-tool.ts';
import type { SecretOf } from './secrets.ts';
import type { Tool } from './tool.ts';
import { ToolSet } from './tool-set.ts';

/** What the tools of agents are built with. */
export interface ToolSurroundings {
  readonly clock: Clock;
  readonly chance: Chance;
  /** The secrets that agent files refer to. */
  readonly secretOf: SecretOf;
  /** The tools that every call has, as far as its agent wants them. */
  readonly builtIn?: ((agent: Agent) => readonly Tool[]) | undefined;
}

/** The tools of one agent, and what they hold open. */
export interface AgentTools {
  readonly set: ToolSet;
  close(): Promise<void>;
}

/** Builds the tools of `agent`: its own connections and secrets, none of another agent's. @throws Error when two have one name */
export function toolSetOf(agent: Agent, { clock, chance, secretOf, builtIn }: ToolSurroundings): AgentTools {
  const { http, hosts } = agent.tools;
  // the part before the path is checked to be fixed
  const named = http.map(({ url }) => new URL(url.replace(/[{}]/g, '')).hostname);
  const fetch = new GuardedFetch({ clock, hosts: named, privateHosts: hosts });
  const around = { fetch, secretOf, chance, timeZone: agent.timeZone };
  const set = new ToolSet([
    ...(builtIn?.(agent) ?? []),
    ...http.map((declared) => httpTool(declared, around)),
  ]);
  return { set, close: () => fetch.close() };
}

/** The secrets that the tools of `agent` need, each with its place in the file. */
export function secretsNeeded({
  tools,
}: Agent): readonly { path: readonly (string | number)[]; reference: SecretReference }[] {
  return tools.http.flatMap(({ headers, sign }, at) => [
    ...Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [] : [{ path: ['tools', 'http', at, 'headers', name], reference: value }],
    ),
    ...(sign ? [{ path: ['tools', 'http', at, 'sign', 'secret'], reference: sign.secret }] : []),
  ]);
}
