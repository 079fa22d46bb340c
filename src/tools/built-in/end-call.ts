import type { Tool } from '../tool.ts';

/** Ends the call once the agent has said its last sentence. */
export const endCall: Tool = {
  name: 'end_call',
  description:
    'Ends the phone call. Use it when the caller has said goodbye or wants nothing more. Say goodbye in one short sentence; the line is closed after it.',
  parameters: {
    type: 'object',
    properties: {
      reason: { type: 'string', maxLength: 200, description: 'Why the call is over, in a few words.' },
    },
    additionalProperties: false,
  },
  blocking: true,
  // a caller who speaks into the goodbye keeps the call, and the model may end it again
  hasSideEffects: false,
  async run(_, { call }) {
    call.leave();
    return {
      ending: true,
      note: 'If you have not said goodbye yet, say it now in one short sentence. Say nothing else.',
    };
  },
};
