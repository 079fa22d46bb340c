import type { Failure, ToolCallOutcome, ToolDeskReport, ToolWorkReport } from '../../machines/index.ts';
import type { CallFacts } from '../agents/index.ts';
import type { Log } from '../observe/index.ts';
import type { Clock } from '../time/index.ts';
import { callText, RepeatedCalls } from './repeated-calls.ts';
import { failureOf, type ReadResult, readResult } from './result.ts';
import { type CallPowers, noPowers, type ResultScheduling, type ToolArguments } from './tool.ts';
import type { ReadyTool, ToolSet } from './tool-set.ts';

/** Runs at the same time in one call at most; one more is refused. */
const mostRunning = 8;

/** A call of the model, to be answered under its `key`. */
export interface ToolRequest {
  readonly key: string;
  readonly name: string;
  readonly args: unknown;
}

/** What the model is told. */
export interface DeskAnswer {
  readonly response: { readonly output: unknown } | { readonly error: string };
  readonly scheduling: ResultScheduling | undefined;
}

/** What became of one call of the model; arguments and results are personal data. */
export interface ToolCallRecord {
  readonly name: string;
  readonly arguments: unknown;
  /** `refused`: never run; `repeated`: told the result of the same call; `abandoned`: the phone call was over. */
  readonly outcome: ToolCallOutcome | 'refused' | 'repeated' | 'abandoned';
  readonly result?: unknown;
  readonly failure?: Failure;
  readonly durationMs: number;
}

/** What a desk is built from. */
export interface ToolDeskOptions {
  readonly callId: string;
  /** What is known of the phone call, once it has begun. */
  readonly facts?: () => CallFacts | undefined;
  /** What tools may do to the call; nothing without it. */
  readonly call?: CallPowers;
  readonly clock: Clock;
  readonly log: Log;
  readonly tools: ToolSet;
  /** How a tool that wishes to block, or not, is run; undefined when the model takes no tools. */
  readonly modeOf: (blocking: boolean) => { blocking: boolean; takesScheduling: boolean } | undefined;
  readonly answer: (key: string, answer: DeskAnswer) => void;
  /** Tells the model of a tool that it has taken back, and that ran all the same. */
  readonly remark?: (name: string, response: DeskAnswer['response']) => void;
  /** Told of each call of the model, once. */
  readonly ended: (record: ToolCallRecord) => void;
}

interface Wish {
  readonly request: ToolRequest;
  readonly atMs: number;
  /** The model has taken the call back, and is told the result without having waited. */
  isTakenBack?: boolean;
}

interface Run {
  readonly ready: ReadyTool;
  readonly args: ToolArguments;
  readonly call: string;
  readonly scheduling: ResultScheduling | undefined;
  readonly isBlocking: boolean;
  readonly controller: AbortController;
  /** The calls that wait for this run, the one that began it first. */
  wishes: Wish[];
  result: ReadResult | undefined;
}

/**
 * Answers the model's calls: runs tools, or says why not.
 *
 * The chart decides how a run ends; the desk does the work and keeps arguments and results. Invariant: each key is answered
 * once, unless it is cancelled first or the call is over.
 */
export class ToolDesk {
  readonly #o: ToolDeskOptions;
  readonly #runs = new Map<string, Run>();
  readonly #repeated: RepeatedCalls;
  #report: ((report: ToolDeskReport) => void) | undefined;
  #count = 0;

  constructor(options: ToolDeskOptions) {
    this.#o = options;
    this.#repeated = new RepeatedCalls(options.clock);
  }

  /** Tells where reports go: to the chart of the tools. */
  listen(report: (report: ToolDeskReport) => void): void {
    this.#report = report;
  }

  /** The phrase of the tool that the model waits for; undefined where it has none of its own. */
  get phrase(): string | undefined {
    const awaited = [...this.#runs.values()].filter(({ isBlocking }) => isBlocking);
    return awaited.find(({ wishes }) => wishes.some(({ isTakenBack }) => !isTakenBack))?.ready.tool.phrase;
  }

  /** Takes calls of the model; without a chart, before the call has begun or after its end, they are passed over. */
  take(requests: readonly ToolRequest[]): void {
    for (const request of requests) if (this.#report) this.#take(request, this.#report);
  }

  /** The model does not want the answers to these keys any more. */
  cancel(keys: readonly string[]): void {
    for (const [name, run] of this.#runs) {
      const cancelled = run.wishes.filter(({ request }) => keys.includes(request.key));
      if (cancelled.length === 0) continue;
      if (run.ready.tool.isInterruptible === false) {
        for (const wish of cancelled) wish.isTakenBack = true;
        if (run.wishes.every(({ isTakenBack }) => isTakenBack))
          this.#report?.({ type: 'desk.release', run: name });
        continue;
      }
      run.wishes = run.wishes.filter((wish) => !cancelled.includes(wish));
      for (const wish of cancelled) this.#end(wish, 'cancelled');
      // a repetition of the call may still wait for it
      if (run.wishes.length === 0) this.#report?.({ type: 'desk.cancel', run: name });
    }
  }

  /** For the chart: does the work of a run; the returned function aborts it. */
  work(name: string, report: (report: ToolWorkReport) => void): () => void {
    const run = this.#runs.get(name);
    if (!run) return () => undefined;
    const { ready, args, controller } = run;
    const { signal } = controller;
    const { callId, clock, facts, call = noPowers } = this.#o;
    const finish = (result: ReadResult): void => {
      if (signal.aborted) return;
      run.result = result;
      report({ type: result.ok ? 'work.answered' : 'work.failed' });
    };
    // async, so that a tool that throws at once is no different
    const work = async (): Promise<unknown> =>
      ready.tool.run(structuredClone(args), { callId, facts: facts?.(), call, clock, signal });
    work().then(
      (value) => finish(readResult(value)),
      (error: unknown) => finish({ ok: false, failure: failureOf(error) }),
    );
    return () => controller.abort();
  }

  /** For the chart: a run is over; whoever waits for it is answered. */
  settle(name: string, outcome: ToolCallOutcome): void {
    const run = this.#runs.get(name);
    if (!run) return;
    this.#runs.delete(name);
    const { result } = run;
    this.#repeated.ended(run.call, result?.ok && outcome === 'answered' ? result : undefined);
    for (const [at, wish] of run.wishes.entries()) {
      if (outcome === 'answered' && result?.ok) this.#tell(wish, run, result.output, at > 0);
      else if (outcome !== 'cancelled') this.#fail(wish, run, outcome);
    }
  }

  /** The call is over: nobody is answered any more. Repeated calls are ignored. */
  dispose(): void {
    this.#report = undefined;
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    for (const { controller, wishes } of runs) {
      // the charts do so too, unless a defect ended the call
      controller.abort();
      for (const wish of wishes) this.#end(wish, 'abandoned');
    }
  }

  #take(request: ToolRequest, report: (report: ToolDeskReport) => void): void {
    const wish = { request, atMs: this.#o.clock.nowMs() };
    const { name, args } = request;
    const { tools } = this.#o;
    const ready = tools.find(name);
    const mode = ready && this.#o.modeOf(ready.tool.blocking);
    if (!ready || !mode) {
      const known = tools.names.join(', ') || 'none';
      return this.#refuse(
        wish,
        'tool.unknown',
        `there is no tool named ${name || '(none)'}; there are: ${known}`,
      );
    }
    const fault = ready.faultOf(args);
    if (fault !== undefined)
      return this.#refuse(wish, 'tool.bad-arguments', `the arguments do not fit: ${fault}`);
    const scheduling = mode.takesScheduling ? (ready.tool.scheduling ?? 'WHEN_IDLE') : undefined;
    const call = callText(name, args);
    if (ready.tool.hasSideEffects && this.#isRepeated(wish, call, scheduling)) return;
    if (this.#runs.size >= mostRunning) {
      return this.#refuse(
        wish,
        'tool.too-many',
        `${mostRunning} tools are running: wait for their results first`,
      );
    }
    this.#count += 1;
    const run = `run-${this.#count}`;
    // the schema has accepted them as an object
    const fitting = typeof args === 'object' && args !== null ? { ...args } : {};
    this.#runs.set(run, {
      ready,
      args: fitting,
      call,
      scheduling,
      isBlocking: mode.blocking,
      controller: new AbortController(),
      wishes: [wish],
      result: undefined,
    });
    if (ready.tool.hasSideEffects) this.#repeated.started(call, run);
    const { phraseAfterMs } = ready.tool;
    const { timeoutMs } = ready;
    report({ type: 'desk.run', run, tool: name, timeoutMs, blocking: mode.blocking, phraseAfterMs });
  }

  /** Whether the same is being done, or was a moment ago; the call then gets that result. */
  #isRepeated(wish: Wish, call: string, scheduling: ResultScheduling | undefined): boolean {
    const running = this.#runs.get(this.#repeated.runningAs(call) ?? '');
    if (running) {
      running.wishes.push(wish);
      return true;
    }
    const lately = this.#repeated.lately(call);
    if (lately) this.#tell(wish, { scheduling }, lately.output, true);
    return lately !== undefined;
  }

  #tell(wish: Wish, { scheduling }: Pick<Run, 'scheduling'>, output: unknown, isRepeated: boolean): void {
    // one result is spoken of once
    const when = scheduling && isRepeated ? 'SILENT' : scheduling;
    this.#answer(wish, { response: { output }, scheduling: when });
    this.#end(wish, isRepeated ? 'repeated' : 'answered', { result: output });
  }

  #fail(wish: Wish, { ready, result, scheduling }: Run, outcome: 'answered' | 'failed' | 'timedOut'): void {
    const failure = result && !result.ok ? result.failure : timeOut(ready);
    const { name } = ready.tool;
    this.#answer(wish, { response: { error: `${name}: ${failure.message}` }, scheduling });
    this.#end(wish, outcome, { failure });
  }

  #answer({ request: { key, name }, isTakenBack }: Wish, answer: DeskAnswer): void {
    if (isTakenBack) this.#o.remark?.(name, answer.response);
    else this.#o.answer(key, answer);
  }

  #refuse(wish: Wish, code: string, message: string): void {
    this.#o.answer(wish.request.key, { response: { error: message }, scheduling: undefined });
    this.#end(wish, 'refused', { failure: { code, message } });
  }

  #end(
    { request, atMs }: Wish,
    outcome: ToolCallRecord['outcome'],
    told: Pick<ToolCallRecord, 'result' | 'failure'> = {},
  ): void {
    const { name, args } = request;
    const durationMs = this.#o.clock.nowMs() - atMs;
    const code = told.failure === undefined ? {} : { code: told.failure.code };
    // a name that is no tool's is the model's invention, and may hold anything
    const tool = this.#o.tools.find(name) ? name : '(unknown)';
    this.#o.log.info({ tool, outcome, durationMs: Math.round(durationMs), ...code }, 'tool.ended');
    this.#o.ended({ name, arguments: args, outcome, ...told, durationMs });
  }
}

function timeOut({ timeoutMs, tool }: ReadyTool): Failure {
  const doubt = tool.hasSideEffects ? '; whether it was done is not known' : '';
  return { code: 'tool.timeout', message: `no result within ${timeoutMs} ms${doubt}` };
}
