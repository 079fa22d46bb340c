import type { Tool } from '../tool.ts';

/** Keeps a fact for later calls of the same caller. */
export const remember: Tool = {
  name: 'remember',
  description:
    'Remembers a fact about this caller for their next calls, such as their name or what they usually order. Never remember card numbers, passwords, health or other sensitive matters.',
  parameters: {
    type: 'object',
    properties: {
      fact: { type: 'string', minLength: 1, maxLength: 300, description: 'One fact, in one sentence.' },
    },
    required: ['fact'],
    additionalProperties: false,
  },
  blocking: false,
  scheduling: 'SILENT',
  hasSideEffects: true,
  timeoutMs: 5000,
  async run({ fact }, { call }) {
    await call.remember(String(fact));
    return { remembered: true };
  },
};
