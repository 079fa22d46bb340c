import type { HttpToolDeclaration, McpDeclaration } from '../agents/index.ts';
import type { Tool } from './tool.ts';

type Run = Omit<Tool, 'name' | 'description' | 'parameters' | 'run'>;

/** How a tool is run, as its declaration says. */
export function runOf(declared: HttpToolDeclaration | McpDeclaration): Run {
  const { blocking, scheduling, timeoutMs, sideEffects, interruptible, phrase, phraseAfterMs } = declared;
  return {
    blocking,
    ...(scheduling && { scheduling }),
    timeoutMs,
    hasSideEffects: sideEffects,
    isInterruptible: interruptible,
    phrase,
    phraseAfterMs,
  };
}
