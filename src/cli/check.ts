import pc from 'picocolors';
import {
  type Agent,
  agentJsonSchema,
  agentNotes,
  type ExplainedField,
  explainAgent,
  formatProblem,
  loadAgents,
} from '../agents/index.ts';
import { toolNotes } from '../call/index.ts';
import { ToolSet } from '../tools/index.ts';
import type { ToolBook } from './tools.ts';

/** Where text goes; a stream of Node is one. */
interface TextSink {
  write(text: string): unknown;
}

interface CheckOptions {
  /** The folder of the agent files. */
  readonly folder: string;
  /** Further folders that agent files may name files in. */
  readonly alsoFrom?: readonly string[];
  /** One JSON object instead of tables. */
  readonly json?: boolean;
  /** The JSON Schema of an agent file instead of a check. */
  readonly schema?: boolean;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** What the model of an agent can have done, and what keeps it from that; nothing by default. */
  readonly tools?: Pick<ToolBook, 'toolsFor' | 'problemsOf'>;
  /** Colours; by default where the terminal has them and NO_COLOR is not set. */
  readonly color?: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;
type Notes = ReturnType<typeof toolNotes>;

/**
 * `baari check`: explains every field of every agent in a folder on `stdout`, and every problem on `stderr`.
 * Resolves with the exit code: 0 when all is well, 1 when a file has a problem; a secret that is not in this environment is told only.
 */
export async function runCheck(options: CheckOptions): Promise<number> {
  const { folder, json = false, schema = false, stdout, stderr, color = pc.isColorSupported } = options;
  if (schema) {
    stdout.write(`${JSON.stringify(agentJsonSchema(), null, 2)}\n`);
    return 0;
  }
  const { agents, problems } = await loadAgents(folder, { alsoFrom: options.alsoFrom ?? [] });
  // no fault of the file: the secrets may be where the service runs
  const missing = [...agents.values()].flatMap((agent) => options.tools?.problemsOf(agent) ?? []);
  const notesOf = (agent: Agent): Notes =>
    toolNotes(agent.model, options.tools?.toolsFor(agent) ?? new ToolSet());
  const exitCode = problems.length > 0 ? 1 : 0;
  if (json) {
    stdout.write(
      `${JSON.stringify({ folder, agents: [...agents.values()].map((agent) => asData(agent, notesOf(agent))), problems, missing }, null, 2)}\n`,
    );
    return exitCode;
  }
  const colors = pc.createColors(color);
  for (const agent of agents.values()) stdout.write(`${agentText(agent, notesOf(agent), colors)}\n`);
  for (const problem of problems) stderr.write(`${colors.red('✗')} ${formatProblem(problem)}\n`);
  for (const problem of missing) stderr.write(`${colors.yellow('!')} ${formatProblem(problem)}\n`);
  const good = `${agents.size} ${agents.size === 1 ? 'agent is' : 'agents are'} good`;
  const bad =
    problems.length === 0 ? '' : `, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  (exitCode === 0 ? stdout : stderr).write(`${good}${bad} in ${folder}\n`);
  return exitCode;
}

function asData(agent: Agent, tools: Notes): Record<string, unknown> {
  const { file, hash, aliases } = agent.source;
  return {
    name: agent.name,
    file,
    hash,
    aliases,
    fields: explainAgent(agent),
    tools,
    notes: agentNotes(agent),
  };
}

function agentText(agent: Agent, tools: Notes, colors: Colors): string {
  const { file, hash, aliases } = agent.source;
  const fields = explainAgent(agent);
  const sectionKeys = [...new Set(fields.map(({ path }) => sectionOf(path)))];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...fields.map((field) => (cells(field)[column] ?? '').length)),
  );
  const lines = [`${colors.bold(agent.name)}  ${colors.dim(`${file}  ${hash}`)}`];
  for (const key of sectionKeys) {
    if (key !== '') lines.push(`  ${colors.bold(key)}`);
    const inSection = fields.filter(({ path }) => sectionOf(path) === key);
    lines.push(
      ...inSection.map(
        (field) => `${key === '' ? '  ' : '    '}${rowText(field, key === '', widths, colors)}`,
      ),
    );
  }
  for (const { name, blocking, note } of tools) {
    const how = blocking === undefined ? 'not run' : blocking ? 'the model waits' : 'the model talks on';
    lines.push(`  tool ${name}: ${how}${note === undefined ? '' : colors.yellow(`  ${note}`)}`);
  }
  for (const note of agentNotes(agent)) lines.push(`  ${colors.yellow(note)}`);
  for (const { path, value, became } of aliases) {
    lines.push(`  ${colors.yellow('alias')} ${path}: ${value} → ${became}`);
  }
  return `${lines.join('\n')}\n`;
}

function rowText(field: ExplainedField, top: boolean, widths: readonly number[], colors: Colors): string {
  const [name = '', value = '', origin = ''] = cells(field).map((cell, column) =>
    cell.padEnd((widths[column] ?? 0) + (top && column === 0 ? 2 : 0)),
  );
  const range = field.range === '' ? '' : ` [${field.range}]`;
  const idle = field.inForce ? '' : '  not in force under this turns.owner';
  const row = `${name}  ${value}  ${field.origin === 'default' ? colors.dim(origin) : colors.cyan(origin)}  `;
  const text = `${row}${field.description}${colors.dim(range)}${colors.yellow(idle)}`;
  return field.inForce ? text : colors.dim(text);
}

function cells({ path, value, unit, origin }: ExplainedField): readonly string[] {
  return [
    path.slice(path.indexOf('.') + 1),
    `${valueText(value)} ${unit === '0–1' ? '' : unit}`.trimEnd(),
    origin,
  ];
}

const longestValue = 28;
const longestList = 48;

function valueText(value: ExplainedField['value']): string {
  if (value === null) return '–';
  if (typeof value === 'object') return value.length === 0 ? '–' : shortened(value.join(', '), longestList);
  return shortened(String(value).trim().replace(/\s+/g, ' '), longestValue);
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function sectionOf(path: string): string {
  return path.includes('.') ? path.slice(0, path.indexOf('.')) : '';
}
