import type { Agent } from '../../agents/index.ts';
import type { Tool } from '../tool.ts';

/**
 * Chooses where the caller's phone menu goes on. Exotel's stream takes no keys from us: what a key would choose is the
 * branch that the flow's SwitchCase applet takes once the stream is over.
 */
export function chooseMenu({ afterCall: { menu } }: Agent): Tool | undefined {
  if (menu.length === 0) return undefined;
  const told = menu.map(({ key, means }) => `${key}: ${means}`).join('; ');
  return {
    name: 'send_dtmf_menu_choice',
    description: `Ends your part of the call and sends the caller on in the phone menu, as if they had pressed a key: ${told}. Say so in one short sentence.`,
    parameters: {
      type: 'object',
      properties: { key: { type: 'string', enum: menu.map(({ key }) => key) } },
      required: ['key'],
      additionalProperties: false,
    },
    blocking: true,
    hasSideEffects: false,
    async run({ key }, { call }) {
      const choice = menu.find((one) => one.key === key);
      if (!choice) throw new Error(`expected one of the keys ${menu.map((one) => one.key).join(', ')}`);
      call.leave(choice.branch);
      return {
        chosen: choice.means,
        note: 'Tell the caller in one short sentence that they are sent on. Say nothing else.',
      };
    },
  };
}
