import type { Agent } from '../agents/index.ts';
import { asE164 } from '../exotel/index.ts';

/** A number that is none, or that more than one agent has, and the agent that does not get it. */
interface UnusableNumber {
  readonly agent: string;
  readonly why: string;
}

/** Which agent answers which number. */
export class AgentNumbers {
  readonly #agents = new Map<string, Agent>();

  /** Gives the numbers to these agents anew: those that cannot be used. */
  give(agents: Iterable<Agent>): UnusableNumber[] {
    const unusable: UnusableNumber[] = [];
    this.#agents.clear();
    for (const agent of agents) {
      for (const [index, number] of agent.numbers.entries()) {
        const key = asE164(number);
        const other = key === undefined ? undefined : this.#agents.get(key);
        if (key !== undefined && !other) this.#agents.set(key, agent);
        else if (other !== agent) {
          const why = other ? `is ${other.name}’s already` : 'is no phone number';
          unusable.push({ agent: agent.name, why: `numbers[${index}] ${why}` });
        }
      }
    }
    return unusable;
  }

  /** The agent of the first of `numbers` (E.164) that any has. */
  agentOf(numbers: readonly string[]): Agent | undefined {
    for (const number of numbers) {
      const agent = this.#agents.get(number);
      if (agent) return agent;
    }
    return undefined;
  }
}
