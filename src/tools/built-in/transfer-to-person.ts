import { type Agent, isOpenAt, nextOpening } from '../../agents/index.ts';
import type { Tool } from '../tool.ts';

/** Passes the caller on to a person who is there at this hour, with a summary for whoever answers. */
export function transferToPerson({
  transfer: { targets, number },
  timeZone,
  tools,
}: Agent): Tool | undefined {
  const all = targets.length > 0 || number === undefined ? targets : [{ ...anybody, number }];
  if (all.length === 0) return undefined;
  const told = all
    .map(({ name, description }) => `${name}${description ? ` (${description})` : ''}`)
    .join('; ');
  const instead = tools.builtIn.includes('take_message')
    ? 'Offer to take a message.'
    : 'Offer that they call again then.';
  return {
    // the record knows the summary by this name
    name: 'transfer_to_person',
    description: `Passes the caller on to a person. Use it when they ask for one, or you cannot help. There are: ${told}. Tell the caller in one short sentence that you pass them on.`,
    parameters: {
      type: 'object',
      properties: {
        to: {
          type: 'string',
          enum: all.map(({ name }) => name),
          description: 'Whom to pass the caller on to.',
        },
        summary: {
          type: 'string',
          minLength: 1,
          maxLength: 1000,
          description: 'For the person who answers: who calls, what they want, and what was agreed so far.',
        },
      },
      required: ['to', 'summary'],
      additionalProperties: false,
    },
    blocking: true,
    hasSideEffects: false,
    async run({ to, summary }, { call, clock }) {
      const target = all.find(({ name }) => name === to);
      if (!target) throw new Error(`expected one of ${all.map(({ name }) => name).join(', ')}`);
      const nowMs = clock.wallMs();
      if (!isOpenAt(target, nowMs, timeZone)) {
        const opens = nextOpening(target, nowMs, timeZone);
        return { passedOn: false, because: `${target.name} is not there now`, opens, note: instead };
      }
      call.transfer(target.number, String(summary));
      return {
        passedOn: true,
        note: 'If you have not told the caller yet, say so now in one short sentence. Say nothing else.',
      };
    },
  };
}

const anybody = { name: 'person', description: '', hours: [], closed: [] };
