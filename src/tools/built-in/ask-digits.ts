import type { Tool } from '../tool.ts';

/** Lets the caller type a number instead of saying it. */
export const askDigits: Tool = {
  name: 'ask_digits',
  description:
    'Waits for a number that the caller types on the phone’s keys, such as an order number or a phone number. Ask the caller to type it first.',
  parameters: {
    type: 'object',
    properties: {
      digits: { type: 'integer', minimum: 1, maximum: 20, description: 'How many digits it has at most.' },
    },
    required: ['digits'],
    additionalProperties: false,
  },
  blocking: true,
  hasSideEffects: false,
  timeoutMs: 60_000,
  async run({ digits }, { call, signal }) {
    const ask = { digits: Number(digits), terminator: '#', timeoutMs: 20_000 };
    const entered = await call.askForDigits(ask, signal);
    const isEntered = entered.because === 'complete' || entered.because === 'terminator';
    return isEntered ? { digits: entered.digits } : { digits: null, because: entered.because };
  },
};
