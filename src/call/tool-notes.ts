import { toolMode } from '../gemini/index.ts';
import type { ToolSet } from '../tools/index.ts';

/** How one tool of an agent is run. */
export interface ToolNote {
  readonly name: string;
  /** Whether the model stays silent until it has the result; undefined when it cannot call the tool at all. */
  readonly blocking: boolean | undefined;
  /** Why it is not run as it wishes to be. */
  readonly note: string | undefined;
}

/** How the tools of an agent are run by the rules of its model. */
export function toolNotes(model: string, tools: ToolSet): readonly ToolNote[] {
  return tools.all.map(({ name, blocking, scheduling }) => {
    const mode = toolMode(model, blocking);
    if (!mode) return { name, blocking: undefined, note: `${model} refuses tools: it is not declared` };
    const notes = [
      ...(blocking && !mode.blocking
        ? [`${model} never waits for a tool: it may speak before the result`]
        : []),
      ...(!blocking && mode.blocking ? [`${model} waits for every tool: the caller waits too`] : []),
      ...(!blocking && scheduling && !mode.takesScheduling
        ? [`${model} takes no scheduling ${scheduling}`]
        : []),
    ];
    return { name, blocking: mode.blocking, note: notes.length === 0 ? undefined : notes.join('; ') };
  });
}
