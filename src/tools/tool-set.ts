import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Tool } from './tool.ts';

/** Time for a tool that names none, and the most that one may ask for, ms: a caller waits meanwhile. */
const defaultTimeoutMs = 10_000;
const longestTimeoutMs = 60_000;
/** Tools of one agent at most: more only confuse a model. */
export const mostTools = 64;
/** Faults of arguments that are told at most, and the length of a value that is shown of them, characters. */
const mostFaults = 5;
const shownLength = 80;

/** A tool of an agent, ready to be called. */
export interface ReadyTool {
  readonly tool: Tool;
  readonly timeoutMs: number;
  /** What is wrong with `args`, in words for the model; undefined when nothing is. */
  readonly faultOf: (args: unknown) => string | undefined;
}

/** The tools of one agent. */
export class ToolSet {
  readonly #tools = new Map<string, ReadyTool>();

  /** @throws Error when a tool is not well made: names, schemas and times are checked here, once */
  constructor(tools: readonly Tool[] = []) {
    if (tools.length > mostTools) {
      throw new Error(`expected at most ${mostTools} tools, found ${tools.length}`);
    }
    const ajv = new Ajv2020({
      allErrors: true,
      allowUnionTypes: true,
      validateFormats: false,
      logger: false,
    });
    for (const tool of tools) {
      if (this.#tools.has(tool.name))
        throw new Error(`expected tool names to differ, found ${tool.name} twice`);
      this.#tools.set(tool.name, readyTool(tool, ajv));
    }
  }

  get all(): readonly Tool[] {
    return [...this.#tools.values()].map(({ tool }) => tool);
  }

  get names(): readonly string[] {
    return [...this.#tools.keys()];
  }

  find(name: string): ReadyTool | undefined {
    return this.#tools.get(name);
  }
}

function readyTool(tool: Tool, ajv: Ajv2020): ReadyTool {
  const { name, parameters, timeoutMs = defaultTimeoutMs } = tool;
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(name)) {
    throw new Error(
      `expected a tool name of up to 64 letters, digits, _ and -, found ${JSON.stringify(name)}`,
    );
  }
  if (!(timeoutMs > 0 && timeoutMs <= longestTimeoutMs)) {
    throw new Error(`tool ${name}: expected a time of 1 to ${longestTimeoutMs} ms, found ${timeoutMs}`);
  }
  if (parameters.type !== 'object') {
    throw new Error(
      `tool ${name}: expected parameters of type object, found ${JSON.stringify(parameters.type)}`,
    );
  }
  const fits = compiled(name, parameters, ajv);
  return { tool, timeoutMs, faultOf: (args) => (fits(args) ? undefined : faultsOf(args, fits.errors ?? [])) };
}

function compiled(name: string, parameters: Tool['parameters'], ajv: Ajv2020): ValidateFunction {
  try {
    return ajv.compile({ ...parameters });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw new Error(`tool ${name}: expected parameters to be a JSON Schema: ${reason}`);
  }
}

function faultsOf(args: unknown, errors: readonly ErrorObject[]): string {
  const told = errors.slice(0, mostFaults).map((error) => faultOf(args, error));
  const more = errors.length > mostFaults ? [`and ${errors.length - mostFaults} more`] : [];
  return [...told, ...more].join('; ');
}

/** One fault as "`/people` must be integer, found "two"". */
function faultOf(args: unknown, { instancePath, message, params }: ErrorObject): string {
  const where = instancePath === '' ? 'the arguments' : instancePath;
  const found = valueAt(args, instancePath);
  const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
  const choices = 'allowedValues' in params ? ` (${JSON.stringify(params.allowedValues)})` : '';
  return `expected: ${where} ${message ?? 'must fit the schema'}${extra}${choices}, found ${shown(found)}`;
}

function valueAt(args: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((value, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }, args);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
