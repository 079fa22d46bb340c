import type { Agent } from '../../agents/index.ts';
import type { Tool } from '../tool.ts';
import { askDigits } from './ask-digits.ts';
import { chooseMenu } from './choose-menu.ts';
import { endCall } from './end-call.ts';
import { remember } from './remember.ts';
import { takeMessage } from './take-message.ts';
import { transferToPerson } from './transfer-to-person.ts';

const makers: Readonly<Record<string, (agent: Agent) => Tool | undefined>> = {
  end_call: () => endCall,
  transfer_to_person: transferToPerson,
  take_message: () => takeMessage,
  remember: () => remember,
  send_dtmf_menu_choice: chooseMenu,
  ask_digits: () => askDigits,
};

/** The tools of `tools.built_in` that `agent` wants. */
export function builtInTools(agent: Agent): readonly Tool[] {
  return agent.tools.builtIn.flatMap((name) => makers[name]?.(agent) ?? []);
}
