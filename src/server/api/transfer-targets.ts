import * as z from 'zod';
import { type Agent, isOpenAt, nextOpening } from '../../agents/index.ts';
import { ApiError } from './endpoint.ts';

/** Whom a call is to be passed on to: a number, or one of the people whom its agent knows. */
export const transferSchema = z
  .strictObject({
    to: z
      .string()
      .regex(/^\+?\d{6,15}$/, 'expected a phone number')
      .optional(),
    target: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .meta({ description: 'A name in transfer.targets of the agent; in place of a number.' }),
    force: z
      .boolean()
      .default(false)
      .meta({ description: 'Passes the call on to a target that is not there at this hour, too.' }),
    announce: z.boolean().default(true).meta({ description: 'The agent tells the caller first.' }),
  })
  .refine(({ to, target }) => (to === undefined) !== (target === undefined), 'expected either to or target');

/**
 * The number that is meant, at `wallMs`, ms since 1970.
 *
 * @throws ApiError when the agent knows nobody of this name, or they are not there and that is not forced
 */
export function numberOf(
  { to, target, force }: z.output<typeof transferSchema>,
  agent: Agent | undefined,
  wallMs: number,
): string {
  if (to !== undefined) return to;
  const found = agent?.transfer.targets.find(({ name }) => name === target);
  if (!agent || !found) {
    throw new ApiError(
      404,
      'api.no-such-target',
      'expected a name in transfer.targets of the agent, found no such one',
    );
  }
  if (force || isOpenAt(found, wallMs, agent.timeZone)) return found.number;
  const opens = nextOpening(found, wallMs, agent.timeZone);
  throw new ApiError(
    409,
    'api.target-closed',
    `expected somebody who is there now, found ${found.name} away${opens ? ` until ${opens}` : ''}; force passes the call on all the same`,
  );
}
