import type { Tool } from '../tool.ts';

/** Takes a message down for whoever looks after the business: it stands in the record, and receivers of webhooks are told. */
export const takeMessage: Tool = {
  // the record knows messages by this name
  name: 'take_message',
  description:
    'Takes down a message for the people of the business, who read it later. Use it when nobody can be reached, or the caller asks for a call back. Say the message back to the caller first.',
  parameters: {
    type: 'object',
    properties: {
      from: { type: 'string', minLength: 1, maxLength: 100, description: 'Who the message is from.' },
      number: {
        type: 'string',
        maxLength: 30,
        description: 'Where to call back, when it is not the number they call from.',
      },
      text: { type: 'string', minLength: 1, maxLength: 2000, description: 'The message, in full sentences.' },
      urgent: { type: 'boolean' },
    },
    required: ['from', 'text'],
    additionalProperties: false,
  },
  blocking: true,
  hasSideEffects: true,
  run: async () => ({ taken: true }),
};
