import type { Agent } from '../agents/index.ts';

/** What an agent knows of callers from earlier calls; numbers and what is known are personal data. */
export interface CallerMemory {
  /** In words for the model, `''` for nothing. May reject. */
  of(number: string): Promise<string>;
  /** Keeps a fact for later calls. May reject. */
  keep(number: string, fact: string): Promise<void>;
}

/** Whether a call of `agent` begins with a look at what is remembered. */
export function recalls({ tools, prompt, greeting, records }: Agent): boolean {
  const texts = [prompt, greeting.text ?? '', greeting.instruction, records.announcement ?? ''];
  return tools.builtIn.includes('remember') || texts.some((text) => /\{\{\s*memory\s*\}\}/.test(text));
}
