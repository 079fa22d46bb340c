import type { AudibleRuns, Run } from './audible-runs.ts';
import type { CallTime } from './call-time.ts';
import type { Ear } from './ear.ts';
import type { CloseReport } from './line.ts';
import type { UntilOptions, Watch } from './watch.ts';

/** Which of the agent's sound a wait is about, and its deadline; times are ms. */
export interface AgentWaitOptions {
  readonly withinMs: number;
  /** Call time beyond which the sound must reach; by default now. */
  readonly sinceMs?: number;
  /** Only speech that begins at or after `sinceMs` and this long after any earlier: leaves out a tail that is cut off. */
  readonly afterSilenceMs?: number;
}

/** When the agent was first and last audible, in call ms. */
export interface AgentSpeech {
  readonly firstAudibleMs: number;
  readonly lastAudibleMs: number;
}

export interface CallerWaitsOptions {
  readonly watch: Watch;
  readonly ear: Ear;
  readonly time: CallTime;
  readonly isConnected: () => boolean;
  readonly closeReport: () => CloseReport | undefined;
}

/**
 * Waits on what the caller can observe; each rejects with a `CallerWaitError` at its deadline or when the call ends.
 * What the agent does is judged by the level of the heard track alone.
 */
export class CallerWaits {
  readonly #options: CallerWaitsOptions;
  readonly #time: CallTime;

  constructor(options: CallerWaitsOptions) {
    this.#options = options;
    this.#time = options.time;
  }

  /** Resolves once the stream has started, with the call time. */
  connected({ withinMs }: { readonly withinMs: number }): Promise<number> {
    const { isConnected } = this.#options;
    const what = 'the stream to start';
    return this.until(() => (isConnected() ? this.#time.nowMs : undefined), { what, withinMs });
  }

  /** Resolves once the connection is over. */
  ended({ withinMs }: { readonly withinMs: number }): Promise<CloseReport> {
    return this.until(this.#options.closeReport, { what: 'the call to end', withinMs, outlivesCall: true });
  }

  /** Resolves once the agent is audible, with the first audible sample of that stretch. */
  agentAudible(options: AgentWaitOptions): Promise<{ readonly firstAudibleMs: number }> {
    const find = this.#finder(options);
    return this.until(
      () => {
        const first = find();
        return first && { firstAudibleMs: this.#time.toMs(first.fromSample) };
      },
      { what: 'the agent to be audible', withinMs: options.withinMs },
    );
  }

  /** Resolves once the agent has been silent for `forMs`, which may have begun before. */
  agentSilent(options: {
    readonly forMs: number;
    readonly withinMs: number;
  }): Promise<{ readonly silentSinceMs: number }> {
    const { forMs, withinMs } = options;
    return this.until(
      () => {
        const silentSinceMs = this.#silentSinceMs();
        return this.#time.nowMs - silentSinceMs >= forMs ? { silentSinceMs } : undefined;
      },
      { what: `the agent to be silent for ${forMs} ms`, withinMs },
    );
  }

  /** Resolves once the agent was audible and then silent for `forMs`. */
  agentFinished(options: AgentWaitOptions & { readonly forMs: number }): Promise<AgentSpeech> {
    const { forMs, withinMs } = options;
    const find = this.#finder(options);
    return this.until(
      () => {
        const first = find();
        const lastAudibleMs = this.#silentSinceMs();
        if (!first || this.#time.nowMs - lastAudibleMs < forMs) return undefined;
        return { firstAudibleMs: this.#time.toMs(first.fromSample), lastAudibleMs };
      },
      { what: `the agent to speak and then be silent for ${forMs} ms`, withinMs },
    );
  }

  /** Resolves once `audibleMs` of the agent's sound were heard after `sinceMs`, with how much it is. */
  agentHeard(options: {
    readonly audibleMs: number;
    readonly withinMs: number;
    readonly sinceMs?: number;
  }): Promise<number> {
    const { audibleMs, withinMs, sinceMs = this.#time.nowMs } = options;
    const sinceSample = this.#time.toSamples(sinceMs);
    return this.until(
      () => {
        const heardMs = this.#time.toMs(this.#audible.audibleSamplesSince(sinceSample));
        return heardMs >= audibleMs ? heardMs : undefined;
      },
      { what: `${audibleMs} ms of the agent to be heard`, withinMs },
    );
  }

  /** Resolves with the first value of `test` that is not undefined; it is looked at every 10 ms. */
  until<T>(test: () => T | undefined, options: UntilOptions): Promise<T> {
    return this.#options.watch.until(test, options);
  }

  get #audible(): AudibleRuns {
    return this.#options.ear.audible;
  }

  #silentSinceMs(): number {
    return this.#time.toMs(this.#audible.last?.toSample ?? 0);
  }

  #finder({ sinceMs = this.#time.nowMs, afterSilenceMs }: AgentWaitOptions): () => Run | undefined {
    const sinceSample = this.#time.toSamples(sinceMs);
    if (afterSilenceMs === undefined) return () => this.#audible.firstEndingAfter(sinceSample);
    const silence = this.#time.toSamples(afterSilenceMs);
    return () => this.#audible.firstBeginningAfter(sinceSample, silence);
  }
}
