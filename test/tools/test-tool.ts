import type { Tool, ToolArguments, ToolContext } from '../../src/tools/index.ts';

/** One run of a test tool, which the test ends. */
export interface TestRun {
  readonly args: ToolArguments;
  readonly context: ToolContext;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A tool whose runs wait for the test; with `after` they end by themselves. */
export class TestTool implements Tool {
  readonly name: string;
  readonly description = 'Books a table.';
  readonly parameters = {
    type: 'object',
    properties: { people: { type: 'integer', minimum: 1 } },
    required: ['people'],
    additionalProperties: false,
  };
  readonly blocking: boolean;
  readonly hasSideEffects: boolean;
  readonly timeoutMs?: number;
  readonly scheduling?: 'INTERRUPT' | 'WHEN_IDLE' | 'SILENT';
  readonly isInterruptible?: boolean;
  readonly phrase?: string | undefined;
  readonly phraseAfterMs?: number | undefined;
  readonly runs: TestRun[] = [];
  readonly #act: ((args: ToolArguments, context: ToolContext) => unknown) | undefined;

  constructor(
    name: string,
    options: Partial<
      Pick<
        Tool,
        | 'blocking'
        | 'hasSideEffects'
        | 'timeoutMs'
        | 'scheduling'
        | 'isInterruptible'
        | 'phrase'
        | 'phraseAfterMs'
      >
    > & {
      readonly act?: (args: ToolArguments, context: ToolContext) => unknown;
    } = {},
  ) {
    this.name = name;
    this.blocking = options.blocking ?? true;
    this.hasSideEffects = options.hasSideEffects ?? false;
    if (options.timeoutMs !== undefined) this.timeoutMs = options.timeoutMs;
    if (options.scheduling !== undefined) this.scheduling = options.scheduling;
    if (options.isInterruptible !== undefined) this.isInterruptible = options.isInterruptible;
    this.phrase = options.phrase;
    this.phraseAfterMs = options.phraseAfterMs;
    this.#act = options.act;
  }

  run(args: ToolArguments, context: ToolContext): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.runs.push({ args, context, resolve, reject });
    if (this.#act) resolve(this.#act(args, context));
    return promise;
  }

  /** Runs whose result is still wanted. */
  get wanted(): TestRun[] {
    return this.runs.filter(({ context }) => !context.signal.aborted);
  }
}
