import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Agent } from '../../agents/index.ts';
import type { CallCommand } from '../../call/index.ts';
import { type CallRow, maskNumber } from '../../inspection/index.ts';
import type { Clock } from '../../time/index.ts';
import { ApiError, type Asked, type EndpointSurroundings, open } from './endpoint.ts';
import { knows, type Principal } from './scopes.ts';
import { numberOf, transferSchema } from './transfer-targets.ts';

/** What became of a command: the call is over, or cannot take it at this moment; unknown when a process has not answered. */
export type CommandOutcome = 'taken' | 'notNow' | 'over' | 'unknown';

/** The live calls of the service, wherever they run. */
export interface LiveCalls {
  /** Partial when a process has not answered: its calls are left out. */
  rows(): Promise<{ readonly rows: readonly CallRow[]; readonly isPartial: boolean }>;
  /** @param by the name of whoever commands, for the record */
  command(callId: string, command: CallCommand, by: string): Promise<CommandOutcome>;
}

/** What the addresses of live calls are built from. */
export interface LiveEndpointOptions extends EndpointSurroundings {
  readonly live: LiveCalls;
  /** The agents in force, for the people whom they know. */
  readonly agents: ReadonlyMap<string, Agent>;
  readonly clock: Clock;
}

const callIdSchema = z.strictObject({ callId: z.uuid('expected the id of a call, a UUID') });
const rowSchema = z.object({
  callId: z.string(),
  callSid: z.string().optional(),
  agent: z.string(),
  caller: z.string().optional().meta({ description: 'Masked but for its last digits without numbers:read.' }),
  startedAt: z.iso.datetime(),
  floor: z.enum(['agent', 'caller', 'nobody']),
  because: z.string().meta({ description: 'Why, in a word of the turn chart.' }),
  floorSinceMs: z.number(),
  latenciesMs: z
    .array(z.number())
    .meta({ description: 'From the caller’s last sound to the reply, of the last replies.' }),
  health: z.enum(['good', 'slow', 'reconnecting', 'failing']),
  isMuted: z.boolean().meta({ description: 'The caller’s voice is kept from the agent.' }),
});
const listSchema = z.object({
  calls: z.array(rowSchema),
  isPartial: z
    .literal(true)
    .optional()
    .meta({ description: 'A process of the service has not answered: its calls are left out.' }),
});
const doneSchema = z.object({ callId: z.string() });
const saySchema = z.strictObject({
  sentence: z
    .string()
    .trim()
    .min(1)
    .max(500)
    // it stands between quotes in what the model is told
    .regex(/^[^[\]"\p{Cc}]*$/u, 'expected one line without quotes and brackets'),
});
const muteSchema = z.strictObject({ isMuted: z.boolean() });
/** Why a command is not taken at this moment. */
const notNow: Readonly<Record<CallCommand['type'], string>> = {
  end: 'expected a call that goes on, found one that is over',
  say: 'expected a call in conversation for which no other sentence waits; try again in some seconds',
  mute: 'expected a call in conversation, found one that has not begun or that ends',
  transfer:
    'expected a call in conversation, found one that has not begun, or that ends or is passed on already',
};

/** `/api/live`: the calls of this moment, and what may be done to them. */
export function liveEndpoints(http: FastifyInstance, options: LiveEndpointOptions): void {
  const { live, log, agents, clock } = options;
  const rowsFor = async (principal: Principal): Promise<{ rows: CallRow[]; isPartial: boolean }> => {
    const { rows, isPartial } = await live.rows();
    return { rows: rows.filter(({ agent }) => knows(principal, agent)), isPartial };
  };
  const rowFor = async ({
    params,
    principal,
  }: Asked<{ callId: string }, unknown, unknown>): Promise<CallRow> => {
    const { rows, isPartial } = await rowsFor(principal);
    const row = rows.find(({ callId }) => callId === params.callId);
    if (row) return row;
    if (isPartial) throw silent();
    throw new ApiError(404, 'api.no-such-call', 'expected the id of a live call, found no such one');
  };
  const control = async <B>(
    asked: Asked<{ callId: string }, unknown, B>,
    command: CallCommand,
  ): Promise<object> => {
    const { callId } = await rowFor(asked);
    log.info({ callId, command: command.type, by: asked.principal.name }, 'call.commanded');
    const outcome = await live.command(callId, command, asked.principal.name);
    if (outcome === 'taken') return { callId };
    if (outcome === 'notNow') throw new ApiError(409, 'api.not-now', notNow[command.type]);
    if (outcome === 'unknown') throw silent();
    throw new ApiError(404, 'api.no-such-call', 'expected the id of a live call, found one that is over');
  };

  open(http, options, {
    method: 'GET',
    path: '/api/live',
    summary: 'The live calls, in the order in which they came.',
    scope: 'calls:read',
    answers: { 200: listSchema },
    async handle({ principal }) {
      const { rows, isPartial } = await rowsFor(principal);
      return { calls: rows.map((row) => told(row, principal)), ...(isPartial && { isPartial }) };
    },
  });
  open(http, options, {
    method: 'GET',
    path: '/api/live/:callId',
    summary: 'One live call.',
    scope: 'calls:read',
    params: callIdSchema,
    answers: { 200: rowSchema, 404: undefined, 503: undefined },
    handle: async (asked) => told(await rowFor(asked), asked.principal),
  });
  open(http, options, {
    method: 'POST',
    path: '/api/live/:callId/end',
    summary: 'Ends a call: last words are heard, then the line is closed.',
    scope: 'calls:control',
    params: callIdSchema,
    answers: { 200: doneSchema, 404: undefined, 503: undefined },
    handle: (asked) => control(asked, { type: 'end' }),
  });
  open(http, options, {
    method: 'POST',
    path: '/api/live/:callId/transfer',
    summary: 'Passes a call on to a number, or to one of the people whom its agent knows.',
    scope: 'calls:control',
    params: callIdSchema,
    body: transferSchema,
    answers: { 200: doneSchema, 404: undefined, 409: undefined, 503: undefined },
    async handle(asked) {
      const { agent } = await rowFor(asked);
      const to = numberOf(asked.body, agents.get(agent), clock.wallMs());
      return control(asked, { type: 'transfer', to, announce: asked.body.announce });
    },
  });
  open(http, options, {
    method: 'POST',
    path: '/api/live/:callId/say',
    summary:
      'Lets the agent say a sentence in the next quiet moment, within a minute; nobody is talked over.',
    scope: 'calls:control',
    params: callIdSchema,
    body: saySchema,
    answers: { 200: doneSchema, 404: undefined, 409: undefined, 503: undefined },
    handle: (asked) => control(asked, { type: 'say', ...asked.body }),
  });
  open(http, options, {
    method: 'POST',
    path: '/api/live/:callId/mute',
    summary:
      'Keeps the caller’s voice from the agent, or lets it through again. The recording has it all the same; keys still count.',
    scope: 'calls:control',
    params: callIdSchema,
    body: muteSchema,
    answers: { 200: doneSchema, 404: undefined, 409: undefined, 503: undefined },
    handle: (asked) => control(asked, { type: 'mute', ...asked.body }),
  });
}

/** A process of the service has not answered: whether it has the call is not known, nor what became of a command. */
function silent(): ApiError {
  const message =
    'expected all processes of the service to answer, found one that does not; look at the call again';
  return new ApiError(503, 'api.worker-silent', message, { 'retry-after': '5' });
}

function told({ acceptedWallMs, caller, ...row }: CallRow, { scopes }: Principal): z.infer<typeof rowSchema> {
  const number = caller === undefined || scopes.has('numbers:read') ? caller : maskNumber(caller);
  return {
    ...row,
    caller: number,
    latenciesMs: [...row.latenciesMs],
    startedAt: new Date(acceptedWallMs).toISOString(),
  };
}
