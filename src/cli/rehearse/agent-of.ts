import type { Agent } from '../../agents/index.ts';
import type { Scenario } from '../../sim/index.ts';
import { UserError } from '../output.ts';

/** `agent` with the fields that a scenario, or the command line, sets otherwise. @throws UserError naming the field */
export function agentOf(agent: Agent, changes: Scenario['agent']): Agent {
  const changed: Record<string, unknown> = { ...agent };
  for (const [section, fields] of Object.entries(changes)) {
    const sectionKey = camel(section);
    const current = changed[sectionKey];
    if (typeof current !== 'object' || current === null) {
      throw new UserError(`agent.${section}: expected a section of the agent file, found no such section`);
    }
    const next: Record<string, unknown> = { ...current };
    for (const [field, value] of Object.entries(fields)) {
      const key = camel(field);
      if (!(key in next))
        throw new UserError(`agent.${section}.${field}: expected a field of the agent file, found none`);
      if (typeof next[key] !== typeof value) {
        throw new UserError(
          `agent.${section}.${field}: expected a ${typeof next[key]}, found a ${typeof value}`,
        );
      }
      next[key] = value;
    }
    changed[sectionKey] = next;
  }
  return { ...agent, ...changed };
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
