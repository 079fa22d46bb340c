import type { Agent } from '../../agents/index.ts';
import type { Scenario } from '../../sim/index.ts';
import { delay } from '../../time/index.ts';
import { type Tool, ToolSet } from '../../tools/index.ts';

/**
 * The tools of `agent` as a scenario wants them: those that would ask somebody outside answer what the scenario says.
 * A rehearsal orders nothing from anybody.
 */
export function scenarioTools(agent: Agent, tools: ToolSet, answers: Scenario['tools']): ToolSet {
  const outside = new Set(agent.tools.http.map(({ name }) => name));
  return new ToolSet(
    tools.all.map((tool) =>
      outside.has(tool.name) || tool.name in answers ? scripted(tool, answers[tool.name]) : tool,
    ),
  );
}

function scripted(tool: Tool, answer: Scenario['tools'][string] | undefined): Tool {
  return {
    ...tool,
    async run(_, { clock, signal }) {
      if (!answer) throw new Error(`the rehearsal has no answer of ${tool.name}`);
      await delay(clock, answer.after_ms, signal);
      if ('fails' in answer) throw new Error(answer.fails);
      return answer.answer;
    },
  };
}
