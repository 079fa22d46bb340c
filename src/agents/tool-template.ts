import { isVariable } from './prompt-variables.ts';

/** A part of a text that is filled in for each call of a tool. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** An argument of the model's call: `{name}`. */
  | { readonly kind: 'argument'; readonly name: string }
  /** What is known of the phone call: `{{caller.number}}`. */
  | { readonly kind: 'variable'; readonly name: string };

const form = /\{\{([^{}]*)\}\}|\{([A-Za-z_][A-Za-z0-9_.-]{0,63})\}/g;

/** The parts of a text with `{arguments}` and `{{variables}}`. */
export function templateParts(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (const match of text.matchAll(form)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    const [whole, variable, argument] = match;
    if (argument !== undefined) parts.push({ kind: 'argument', name: argument });
    else parts.push({ kind: 'variable', name: (variable ?? '').trim() });
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

/** What is wrong with a template for a tool of these arguments; in words, undefined when nothing is. */
export function templateFault(
  text: string,
  known: readonly string[],
): { readonly expected: string; readonly found: string } | undefined {
  for (const part of templateParts(text)) {
    if (part.kind === 'argument' && !known.includes(part.name)) {
      const expected =
        known.length > 0 ? `one of {${known.join('}, {')}}` : 'no argument: parameters has none';
      return { expected, found: `{${part.name}}` };
    }
    if (part.kind === 'variable' && !isVariable(part.name)) {
      return {
        expected: 'a variable that prompts have too, such as {{caller.number}}',
        found: `{{${part.name}}}`,
      };
    }
  }
  return undefined;
}
