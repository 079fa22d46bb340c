import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Agent } from '../agents/index.ts';
import type { CallLedger } from '../call/index.ts';
import {
  type CallFields,
  calledNumbers,
  callSidOf,
  connectReply,
  readCallFields,
  readStatusReport,
  readStreamReport,
  resolveReply,
  type StatusReport,
  switchReply,
} from '../exotel/index.ts';
import type { Log } from '../observe/index.ts';
import { streamAddress } from './addresses.ts';
import { afterCall, destinationOf } from './after-call.ts';
import type { AgentNumbers } from './agent-numbers.ts';
import type { Guard } from './guard.ts';
import type { PathTokens } from './path-tokens.ts';
import type { Proxies } from './proxies.ts';
import { type Refusal, stopping } from './refusal.ts';
import { factsOf } from './upgrade.ts';

/** Largest body that is read, bytes: Exotel's callbacks are a few kB. */
const maxBodyBytes = 64 * 1024;

/** What the addresses that Exotel calls are built from. */
export interface ExotelRoutesOptions {
  readonly log: Log;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly numbers: AgentNumbers;
  readonly ledger: CallLedger;
  readonly guard: Guard;
  readonly tokens: PathTokens;
  readonly proxies: Proxies;
  /** The address Baari listens on, where a request names none. */
  readonly ownAddress: () => string;
  /** Whether no new calls are taken any more: the server is being stopped. */
  readonly isStopping: () => boolean;
  readonly refused: (status: number) => void;
  /** Told of each status callback that is kept. */
  readonly statusTold: (report: StatusReport) => void;
}

/** One request of Exotel, read. */
interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly fields: CallFields;
}

/** The addresses that Exotel calls beside the streams. */
export function exotelRoutes(options: ExotelRoutesOptions) {
  const { log, agents, numbers, ledger, guard, tokens, proxies } = options;
  const { ownAddress, isStopping, refused, statusTold } = options;

  const refuse = (reply: FastifyReply, { status, reason, headers = {} }: Refusal) => {
    log.warn(
      { requestId: reply.request.id, path: reply.request.routeOptions.url, status, reason },
      'exotel.refused',
    );
    refused(status);
    return reply.code(status).headers(headers).send({ error: reason });
  };
  /** Answers for `agent` when its guard lets the request in. */
  const guarded = async (asked: Asked, agent: Agent, answer: (callSid: string | undefined) => unknown) => {
    const { request, reply, fields } = asked;
    const visit = { agent, facts: factsOf(request.raw), use: 'callback', isStream: false } as const;
    const verdict = await guard.check({ ...visit, token: paramOf(request, 'token') });
    return 'status' in verdict ? refuse(reply, verdict) : answer(callSidOf(fields));
  };
  const ofAgent = (answer: (agent: Agent, callSid: string | undefined, asked: Asked) => unknown) => {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const asked = { request, reply, fields: readCallFields(request.query, request.body) };
      const agent = agents.get(paramOf(request, 'agent') ?? '');
      if (!agent) return refuse(reply, { status: 404, reason: 'there is no such agent here' });
      return guarded(asked, agent, (callSid) => answer(agent, callSid, asked));
    };
  };
  const resolve = async (agent: Agent, callSid: string | undefined, { request, reply }: Asked) => {
    // an address that would be refused a moment later: with none Exotel's flow goes on at once, or asks elsewhere
    if (isStopping()) return refuse(reply, stopping);
    const token = await tokens.issue('stream', { agent: agent.name, callSid });
    const base = proxies.streamBaseOf(factsOf(request.raw)) ?? ownAddress();
    log.info({ requestId: request.id, agent: agent.name, callSid }, 'exotel.resolved');
    return resolveReply(streamAddress(base, agent.name, token));
  };
  /** What is known of a call, to the agent that it belongs to only. */
  const known = (agent: Agent, callSid: string | undefined) => {
    const entry = callSid === undefined ? undefined : ledger.find(callSid);
    return entry?.agent === agent.name ? entry : undefined;
  };
  const goOn = (agent: Agent, callSid: string | undefined, { request, fields }: Asked) => {
    const report = readStreamReport(fields);
    const next = afterCall(agent, known(agent, callSid), report);
    const { status, disconnectedBy, durationS } = report;
    log.info(
      { requestId: request.id, agent: agent.name, callSid, status, disconnectedBy, durationS, ...next },
      'exotel.passthru',
    );
    return next;
  };
  const passthru = (agent: Agent, callSid: string | undefined, asked: Asked) => {
    const { isBranchB, branch } = goOn(agent, callSid, asked);
    return asked.reply
      .code(isBranchB ? 302 : 200)
      .type('application/json')
      .send(switchReply(branch));
  };
  const select = (agent: Agent, callSid: string | undefined, asked: Asked) =>
    asked.reply.type('text/plain; charset=utf-8').send(switchReply(goOn(agent, callSid, asked).branch));
  const connect = (agent: Agent, callSid: string | undefined, { request, reply }: Asked) => {
    const number = destinationOf(agent, known(agent, callSid));
    log.info(
      { requestId: request.id, agent: agent.name, callSid, hasNumber: number !== undefined },
      'exotel.connect',
    );
    if (number) return connectReply(number, agent.afterCall.ringingS);
    const reason = 'no number was chosen in the call, and the agent has no transfer.number';
    return refuse(reply, { status: 404, reason });
  };
  const route = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = { request, reply, fields: readCallFields(request.query, request.body) };
    const agent = numbers.agentOf(calledNumbers(asked.fields));
    if (agent) return guarded(asked, agent, (callSid) => resolve(agent, callSid, asked));
    return refuse(reply, { status: 404, reason: 'no agent has the number that was called' });
  };
  const status = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = { request, reply, fields: readCallFields(request.query, request.body) };
    const report = readStatusReport(asked.fields);
    if (!report) return refuse(reply, { status: 400, reason: 'expected the field CallSid, found none' });
    const { callSid, status: callStatus, event, key } = report;
    const entry = ledger.find(callSid);
    const agent = entry && agents.get(entry.agent);
    // nothing is kept of a call that is not ours; 200 keeps Exotel from sending it again
    if (!agent) return { status: 'no such call' };
    return guarded(asked, agent, () => {
      const kept = ledger.callback(callSid, { key, status: callStatus, event });
      log.info(
        { requestId: request.id, agent: agent.name, callSid, status: callStatus, event, kept },
        'exotel.status',
      );
      if (kept === 'kept') statusTold(report);
      return { status: kept };
    });
  };

  /** A request that cannot be read is the sender's fault; all else is a defect of ours. */
  const failed = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const told = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 0;
    const isForm = request.headers['content-type']?.startsWith('multipart/') === true;
    const status = told >= 400 && told < 500 ? told : isForm ? 400 : 500;
    const message = error instanceof Error ? error.message : 'unknown';
    const { url: path } = request.routeOptions;
    if (status === 500) log.error({ path, code: 'http.defect', message }, 'exotel.failed');
    else log.warn({ path, status }, 'exotel.refused');
    refused(status);
    return reply
      .code(status)
      .send({ error: status === 500 ? 'the request failed' : 'the request cannot be read' });
  };

  return async (http: FastifyInstance): Promise<void> => {
    http.setErrorHandler(failed);
    await http.register(formbody, { bodyLimit: maxBodyBytes });
    await http.register(multipart, {
      attachFieldsToBody: 'keyValues',
      limits: {
        fields: 100,
        parts: 100,
        fieldSize: 16 * 1024,
        files: 0,
        fieldNameSize: 200,
        headerPairs: 20,
      },
    });
    const at = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
      http.route({ method: ['GET', 'POST'], url, bodyLimit: maxBodyBytes, exposeHeadRoute: false, handler });
    };
    at('/exotel/resolve', route);
    at('/exotel/:agent/resolve', ofAgent(resolve));
    at('/exotel/:agent/passthru', ofAgent(passthru));
    at('/exotel/:agent/switch', ofAgent(select));
    at('/exotel/:agent/connect', ofAgent(connect));
    const posted = { method: 'POST', bodyLimit: maxBodyBytes, handler: status } as const;
    http.route({ ...posted, url: '/exotel/status' });
    http.route({ ...posted, url: '/exotel/status/t/:token' });
  };
}

function paramOf({ params }: FastifyRequest, name: string): string | undefined {
  const value = new Map<string, unknown>(Object.entries(params ?? {})).get(name);
  return typeof value === 'string' ? value : undefined;
}
