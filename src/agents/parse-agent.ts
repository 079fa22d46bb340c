import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Agent, type AppliedAlias, buildAgent } from './agent.ts';
import { readAliases } from './agent-aliases.ts';
import { agentNameOf, nameFault } from './agent-name.ts';
import { type AgentProblem, describeFound } from './agent-problem.ts';
import { ruleFindings } from './agent-rules.ts';
import { fieldAt, table } from './agent-table.ts';
import { clipFault } from './clip-fault.ts';
import { asMap, type Finding, pathText } from './finding.ts';
import { type Knowledge, noKnowledge, readKnowledge, textOf } from './knowledge.ts';
import { type NamedFile, NamedFiles } from './named-files.ts';
import { variableFindings } from './prompt-variables.ts';
import { schemaFindings } from './schema-findings.ts';
import { securityFindings } from './security-findings.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

/** The fields that name a WAV file, relative to the agent file. */
const clipPaths = [
  'apology.clip',
  'greeting.clip',
  'records.announcement_clip',
  'tools.phrase',
  'overload.clip',
] as const;

/** The lists of tools, each of which may name a WAV file of its own. */
const toolsPaths = ['tools.http', 'tools.mcp'] as const;

/** The fields that may have variables. */
const variedPaths = ['prompt', 'greeting.instruction', 'greeting.text', 'records.announcement'] as const;

/** An agent file that was read: the agent, or everything that is wrong with the file. */
export type ParsedAgent =
  | { readonly ok: true; readonly agent: Agent }
  | {
      readonly ok: false;
      readonly problems: readonly AgentProblem[];
      /** The files and folders that it names, absolute, missing ones too. */
      readonly names: readonly string[];
    };

/** What agents are read with. */
export interface ReadOptions {
  /** Folders, besides that of the agent file, that it may name files in. */
  readonly alsoFrom?: readonly string[];
}

/**
 * Reads the text of the agent file at path `file`, which gives the agent its name and is the place that a relative
 * `apology.clip` and the other clips start from; reports all problems, in the order of the text.
 */
export function parseAgent(text: string, file: string, { alsoFrom = [] }: ReadOptions = {}): ParsedAgent {
  const named = new NamedFiles(file, alsoFrom);
  const yaml = readYaml(text);
  const faults = yaml.faults.map((fault) => ({ file, hint: undefined, ...fault }));
  const badName = nameFault(file);
  const problems: AgentProblem[] = badName ? [...faults, badName] : faults;
  const content = asMap(yaml.content);
  if (!content) {
    if (yaml.faults.length === 0) problems.push(notAMap(file, yaml.content));
    return { ok: false, problems, names: [] };
  }
  const prompt = readPrompt(content, named);
  const { values, findings, stated, aliases, knowledge } = readContent(prompt.content, file, named);
  if (prompt.finding) findings.unshift(prompt.finding);
  problems.push(...findings.map((finding) => problemOf(finding, file, yaml)));
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const names = named.all;
  if (problems.length > 0) return { ok: false, problems, names };
  const beyond = content === prompt.content ? '' : String(values.get('prompt'));
  const hash = createHash('sha256').update(text).update(beyond).update(knowledge.text);
  for (const clip of clipsIn(values)) hash.update(readFileSync(clip));
  const source = { file, hash: hash.digest('hex').slice(0, 12), stated, aliases, knowledge, names };
  return { ok: true, agent: buildAgent(agentNameOf(file), values, source) };
}

const longestPrompt = 100_000;

/** The content with the text of its `prompt_file` as its prompt. */
function readPrompt(
  content: Readonly<Record<string, unknown>>,
  files: NamedFiles,
): { content: Readonly<Record<string, unknown>>; finding?: Finding } {
  const named = content.prompt_file;
  if (typeof named !== 'string' || named.trim() === '') return { content };
  const refuse = (expected: string, found: string, hint?: string) => ({
    // a prompt is there or is missed once already
    content: { prompt: '-', ...content },
    finding: { path: ['prompt_file'], at: 'value' as const, expected, found, hint },
  });
  if ('prompt' in content) return refuse('either prompt or prompt_file', 'both', 'remove one of them');
  const { place, fault } = files.find(named);
  if (fault) return refuse(fault.expected, fault.found, fault.hint);
  try {
    const prompt = textOf(place);
    if (prompt.trim() !== '' && prompt.length <= longestPrompt) return { content: { ...content, prompt } };
    return refuse(`a file of 1 to ${longestPrompt} characters`, `${prompt.trim().length} in ${place}`);
  } catch (error) {
    return refuse('a readable file of UTF-8 text', `none at ${place}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface ReadContent {
  readonly values: ReadonlyMap<string, unknown>;
  readonly findings: Finding[];
  readonly stated: readonly string[];
  readonly aliases: readonly AppliedAlias[];
  readonly knowledge: Knowledge;
}

function readContent(
  content: Readonly<Record<string, unknown>>,
  file: string,
  named: NamedFiles,
): ReadContent {
  const findings = schemaFindings(content);
  const faulty = new Set(
    findings.map(({ path: steps }) =>
      steps
        .filter((step) => typeof step === 'string')
        .slice(0, 2)
        .join('.'),
    ),
  );
  const isFaulty = (fieldPath: string): boolean => faulty.has(fieldPath) || faulty.has(sectionOf(fieldPath));
  const stated = table.map((entry) => entry.path).filter((fieldPath) => isIn(content, fieldPath));
  const aliases = readAliases(content, isFaulty, (fieldPath) => stated.includes(fieldPath));
  const values = new Map(aliases.values);
  for (const fieldPath of stated)
    if (!isFaulty(fieldPath)) values.set(fieldPath, readValue(fieldPath, valueIn(content, fieldPath)));
  findings.push(...aliases.findings);
  findings.push(
    ...ruleFindings(
      (fieldPath) => (values.has(fieldPath) ? values.get(fieldPath) : fieldAt(fieldPath)?.default),
      isFaulty,
      (fieldPath) => stated.includes(fieldPath),
    ),
  );
  const doNotCall = values.get('outbound.do_not_call');
  if (typeof doNotCall === 'string') {
    values.set('outbound.do_not_call', path.resolve(path.dirname(file), doNotCall));
  }
  const password = values.get('security.basic_password_file');
  if (typeof password === 'string') named.all.push(path.resolve(password));
  for (const clipPath of clipPaths) {
    const clip = values.get(clipPath);
    if (typeof clip !== 'string' || isNamedPhrase(clipPath, clip)) continue;
    const { place, fault } = named.find(clip);
    values.set(clipPath, place);
    const wrong = fault ?? notAClip(place);
    if (wrong) findings.push({ path: clipPath.split('.'), at: 'value', ...wrong });
  }
  findings.push(...findPhrases(values, named));
  findings.push(...securityFindings(values, isFaulty));
  for (const fieldPath of variedPaths) {
    const text = values.get(fieldPath);
    if (typeof text === 'string') findings.push(...variableFindings(fieldPath.split('.'), text));
  }
  const knowledge = knowledgeOf(values, named);
  if ('finding' in knowledge) findings.push(knowledge.finding);
  return {
    values,
    findings,
    stated,
    aliases: aliases.applied,
    knowledge: 'finding' in knowledge ? noKnowledge : knowledge,
  };
}

function notAClip(place: string): NamedFile['fault'] | { expected: string; found: string } {
  const found = clipFault(place);
  return found === undefined ? undefined : { expected: 'a readable WAV file', found };
}

/** Finds the phrases of single tools, as {@link clipPaths} are found. */
function findPhrases(values: Map<string, unknown>, named: NamedFiles): Finding[] {
  const findings: Finding[] = [];
  for (const toolsPath of toolsPaths) {
    const tools = values.get(toolsPath);
    if (!Array.isArray(tools)) continue;
    const found = tools.map((tool: unknown, at) => {
      const phrase = phraseOf(tool);
      if (phrase === undefined) return tool;
      const { place, fault } = named.find(phrase);
      const wrong = fault ?? notAClip(place);
      if (wrong) findings.push({ path: [...toolsPath.split('.'), at, 'phrase'], at: 'value', ...wrong });
      return { ...asMap(tool), phrase: place };
    });
    values.set(toolsPath, found);
  }
  return findings;
}

/** The WAV file that a tool names. */
function phraseOf(tool: unknown): string | undefined {
  const phrase = asMap(tool)?.phrase;
  return typeof phrase === 'string' && !isNamedPhrase('tools.phrase', phrase) ? phrase : undefined;
}

/** The WAV files of an agent. */
function clipsIn(values: ReadonlyMap<string, unknown>): string[] {
  const ofTools = toolsPaths.flatMap((toolsPath) => {
    const tools = values.get(toolsPath);
    return Array.isArray(tools) ? tools.flatMap((tool: unknown) => phraseOf(tool) ?? []) : [];
  });
  const ofFields = clipPaths.flatMap((clipPath) => {
    const clip = values.get(clipPath);
    return typeof clip === 'string' && !isNamedPhrase(clipPath, clip) ? [clip] : [];
  });
  return [...ofFields, ...ofTools];
}

function knowledgeOf(values: Map<string, unknown>, files: NamedFiles): Knowledge | { finding: Finding } {
  const named = values.get('knowledge');
  if (typeof named !== 'string') return noKnowledge;
  const { place: folder, fault } = files.find(named);
  values.set('knowledge', folder);
  if (fault) return { finding: { path: ['knowledge'], at: 'value', ...fault } };
  try {
    return readKnowledge(
      folder,
      Number(values.get('knowledge_tokens') ?? fieldAt('knowledge_tokens')?.default),
    );
  } catch (error) {
    const found = `${folder}: ${messageOf(error)}`;
    return { finding: { path: ['knowledge'], at: 'value', expected: 'a folder of Markdown files', found } };
  }
}

function isNamedPhrase(clipPath: string, value: string): boolean {
  return clipPath === 'tools.phrase' && (value === 'tone' || value === 'none');
}

function sectionOf(fieldPath: string): string {
  return fieldPath.split('.')[0] ?? '';
}

function isIn(content: Readonly<Record<string, unknown>>, fieldPath: string): boolean {
  const [first = '', second] = fieldPath.split('.');
  return second === undefined ? first in content : second in (asMap(content[first]) ?? {});
}

function valueIn(content: Readonly<Record<string, unknown>>, fieldPath: string): unknown {
  const [first = '', second] = fieldPath.split('.');
  return second === undefined ? content[first] : asMap(content[first])?.[second];
}

/** The value of a field; structured data as its schema reads it, where it can. */
function readValue(fieldPath: string, value: unknown): unknown {
  const field = fieldAt(fieldPath);
  return field?.kind === 'data' ? (field.schema.safeParse(value).data ?? field.default) : value;
}

function notAMap(file: string, content: unknown): AgentProblem {
  const found = content === null || content === undefined ? 'an empty file' : describeFound(content);
  return {
    file,
    line: 1,
    column: 1,
    path: '',
    expected: 'a map of fields, with a prompt',
    found,
    hint: undefined,
  };
}

function problemOf(finding: Finding, file: string, yaml: YamlText): AgentProblem {
  const { path: steps, at, expected, found, hint } = finding;
  const position = at === 'key' ? yaml.keyAt(steps) : yaml.valueAt(steps);
  return { file, ...position, path: pathText(steps), expected, found, hint };
}
