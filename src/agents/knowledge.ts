import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One file of knowledge and its estimated size. */
interface KnowledgeFile {
  readonly name: string;
  readonly tokens: number;
}

/** What an agent is given to know, from a folder of Markdown files. */
export interface Knowledge {
  /** What goes into the instruction, under a heading for each file; `''` for nothing. */
  readonly text: string;
  readonly included: readonly KnowledgeFile[];
  /** What did not fit into the budget. */
  readonly leftOut: readonly KnowledgeFile[];
}

/** Knowledge of nothing. */
export const noKnowledge: Knowledge = { text: '', included: [], leftOut: [] };

/** Most files of a folder, and the largest one, bytes; beyond that the folder is refused. */
const mostFiles = 500;
const largestFileBytes = 1_048_576;

/** Characters a token: a rule of thumb for Latin script (Google: about four), and a careful one for all others. */
const latinPerToken = 4;
const otherPerToken = 1.5;

/** Roughly how many tokens a text is. */
function estimateTokens(text: string): number {
  const all = [...text].length;
  const latin = [...text.matchAll(/[\p{Script=Latin}\p{Script=Common}]/gu)].length;
  return Math.ceil(latin / latinPerToken + (all - latin) / otherPerToken);
}

/**
 * Reads the Markdown files of `folder` in the order of their names. Whole files are taken while they fit into
 * `budget` tokens; one that does not is left out, and a later, smaller one may still fit.
 *
 * @throws Error in words when the folder or a file of it cannot be read
 */
export function readKnowledge(folder: string, budget: number): Knowledge {
  const names = readdirSync(folder)
    .filter((name) => /^[^.].*\.md$/i.test(name))
    .sort();
  if (names.length === 0) throw new Error('no Markdown file (.md)');
  if (names.length > mostFiles) throw new Error(`${names.length} files, more than ${mostFiles}`);
  const included: KnowledgeFile[] = [];
  const leftOut: KnowledgeFile[] = [];
  const parts: string[] = [];
  let left = budget;
  for (const name of names) {
    const file = path.join(folder, name);
    const { size } = statSync(file);
    if (size > largestFileBytes) throw new Error(`${name} of ${size} bytes, more than ${largestFileBytes}`);
    const part = `## ${name.replace(/\.md$/i, '')}\n\n${textOf(file).trim()}`;
    const tokens = estimateTokens(part);
    const fits = tokens <= left;
    (fits ? included : leftOut).push({ name, tokens });
    if (!fits) continue;
    left -= tokens;
    parts.push(part);
  }
  return { text: parts.length === 0 ? '' : `# What you know\n\n${parts.join('\n\n')}`, included, leftOut };
}

/** The text of a UTF-8 file. @throws Error when it cannot be read or is none */
export function textOf(file: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
}
