import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Log } from '../../observe/index.ts';
import type { RecordStore } from '../../records/index.ts';
import type { Clock } from '../../time/index.ts';
import { type AgentEndpointOptions, agentEndpoints } from './agent-endpoints.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { ApiGate } from './gate.ts';
import { type LiveCalls, liveEndpoints } from './live-endpoints.ts';
import { type Outbound, outboundEndpoints } from './outbound-endpoints.ts';
import { recordEndpoints } from './record-endpoints.ts';
import { sessionEndpoints } from './session-endpoints.ts';

/** What the API is built from. */
export interface ApiRoutesOptions
  extends Pick<AgentEndpointOptions, 'agents' | 'problemsOf' | 'addressOf' | 'streamPathFor'> {
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: ApiGate;
  readonly tokens: () => ApiTokens;
  readonly isSecure: (request: FastifyRequest) => boolean;
  readonly records: RecordStore | undefined;
  readonly live: LiveCalls;
  readonly outbound: Outbound | undefined;
}

/** The addresses under `/api`, and the OpenAPI document of them at `/api/openapi.json`. */
export function apiRoutes(options: ApiRoutesOptions) {
  const { log, outbound } = options;
  return async (http: FastifyInstance): Promise<void> => {
    // schemas describe; the endpoints themselves check, by the same zod schemas
    http.setValidatorCompiler(() => () => true);
    http.setSerializerCompiler(() => (data) => JSON.stringify(data));
    http.setErrorHandler((error, _, reply) => {
      const status = statusCodeOf(error);
      const isTheirs = status >= 400 && status < 500;
      // an error of ours is told as one, without what was sent
      if (!isTheirs) log.error({ code: 'api.defect' }, 'api.failed');
      const message = isTheirs
        ? 'expected a JSON object of at most 16 kB, found something else'
        : 'a defect of ours';
      return reply
        .code(isTheirs ? status : 500)
        .send({ code: isTheirs ? 'api.bad-request' : 'api.defect', error: message });
    });
    await http.register(swagger, { openapi: description });
    http.addHook('onSend', async (_, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    });
    await http.register(async (api) => {
      sessionEndpoints(api, options);
      agentEndpoints(api, options);
      recordEndpoints(api, options);
      liveEndpoints(api, options);
      if (outbound) outboundEndpoints(api, { ...options, ...outbound });
    });
    http.all('/api/*', { schema: { hide: true } }, async (_, reply) => {
      const error = 'expected an address that /api/openapi.json describes, found another';
      return reply.code(404).send({ code: 'api.no-such-address', error });
    });
    http.get('/api/openapi.json', { schema: { hide: true } }, async () => http.swagger());
  };
}

const description = {
  openapi: '3.1.0',
  info: {
    title: 'Baari',
    description: 'Calls that agents take: past, live and to be placed.',
    version: '1',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  components: {
    securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } },
  },
};

function statusCodeOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
