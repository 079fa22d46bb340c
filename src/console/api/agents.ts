import { useQuery } from '@tanstack/react-query';
import type { AgentField } from '../agents/field-groups.ts';
import { ask } from './ask.ts';

/** An agent as the console shows it. */
export interface AgentSummary {
  readonly name: string;
  readonly description: string;
  readonly model: string;
  readonly voice: string;
  readonly languages: readonly string[];
  /** The first 12 hexadecimal digits of the SHA-256 of its file. */
  readonly hash: string;
  /** The address to paste into Exotel’s Voicebot applet. */
  readonly address: string;
  /** Every field with the value in force, its unit and where it comes from. */
  readonly fields: readonly AgentField[];
  /** What is wrong with the file as it is now; the agent then stays as it was when it was last good. */
  readonly problems: readonly string[];
}

const files = {
  queryKey: ['agents'],
  queryFn: () => ask<{ agents: AgentSummary[]; broken: string[] }>('api/agents'),
  refetchInterval: 10_000,
} as const;

/** The agents of the service. */
export function useAgents() {
  return useQuery({ ...files, select: ({ agents }) => agents });
}

/** What is wrong with files that have never been good. */
export function useBrokenFiles() {
  return useQuery({ ...files, select: ({ broken }) => broken });
}

/** Where a phone in the browser connects to for an agent; the way in is good for a short time. */
export async function streamAddressOf(agent: string): Promise<string> {
  const { path } = await ask<{ path: string }>(`api/agents/${encodeURIComponent(agent)}/stream`, {
    method: 'POST',
  });
  return new URL(path, location.href.replace(/^http/, 'ws').replace(/#.*$/, '')).href;
}
