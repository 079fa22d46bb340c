import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type Agent, explainAgent } from '../../agents/index.ts';
import { ApiError, type EndpointSurroundings, open } from './endpoint.ts';
import { knows } from './scopes.ts';

/** What the addresses of agents are built from. */
export interface AgentEndpointOptions extends EndpointSurroundings {
  /** The agents in force; changed in place when files change. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** What is wrong with an agent's file as it is now, a sentence each; by name, also of files that never were good. */
  readonly problemsOf?: (() => ReadonlyMap<string, readonly string[]>) | undefined;
  /** The address to paste into Exotel's applet. */
  readonly addressOf: (agent: Agent, request: FastifyRequest) => string;
  /** A path by which a browser's phone may reach an agent, for a short time. */
  readonly streamPathFor: (agent: Agent) => Promise<string>;
}

const fieldSchema = z.object({
  path: z.string(),
  value: z.string(),
  unit: z.string(),
  isStated: z.boolean(),
  description: z.string(),
});
const agentSchema = z.object({
  name: z.string(),
  description: z.string(),
  model: z.string(),
  voice: z.string(),
  languages: z.array(z.string()),
  hash: z.string().meta({ description: 'Of its file: which version is in force.' }),
  address: z.string(),
  fields: z.array(fieldSchema),
  problems: z.array(z.string()),
});
const nameSchema = z.strictObject({ name: z.string().min(1).max(63) });

/** `/api/agents`: the agents as they are in force. */
export function agentEndpoints(http: FastifyInstance, options: AgentEndpointOptions): void {
  const {
    agents,
    problemsOf = () => new Map<string, readonly string[]>(),
    addressOf,
    streamPathFor,
  } = options;
  open(http, options, {
    method: 'GET',
    path: '/api/agents',
    summary: 'The agents as they are in force, every field, and what is wrong with their files.',
    scope: 'agents:read',
    answers: { 200: z.object({ agents: z.array(agentSchema), broken: z.array(z.string()) }) },
    async handle({ principal, request }) {
      const problems = problemsOf();
      const known = [...agents.values()].filter(({ name }) => knows(principal, name));
      const broken = [...problems].filter(([name]) => !agents.has(name) && knows(principal, name));
      return {
        agents: known.map((agent) => ({
          name: agent.name,
          description: agent.description ?? '',
          model: agent.model,
          voice: agent.voice,
          languages: agent.languages,
          hash: agent.source.hash,
          address: addressOf(agent, request),
          fields: explainAgent(agent).map(({ path, value, unit, origin, description }) => ({
            path,
            value: Array.isArray(value) ? value.join(', ') : String(value ?? ''),
            unit,
            isStated: origin !== 'default',
            description,
          })),
          problems: problems.get(agent.name) ?? [],
        })),
        broken: broken.flatMap(([, sentences]) => sentences),
      };
    },
  });
  open(http, options, {
    method: 'POST',
    path: '/api/agents/:name/stream',
    summary:
      'A way in for the browser’s phone: a path for a WebSocket that speaks Exotel’s protocol, good for two minutes.',
    scope: 'calls:control',
    params: nameSchema,
    answers: { 200: z.object({ path: z.string() }), 404: undefined },
    async handle({ params: { name }, principal }) {
      const agent = agents.get(name);
      if (agent && knows(principal, name)) return { path: await streamPathFor(agent) };
      throw new ApiError(404, 'api.no-such-agent', 'expected the name of an agent, found no such one');
    },
  });
}
