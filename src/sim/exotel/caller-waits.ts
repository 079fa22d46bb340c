import type { Ear } from './ear.ts';
import type { CloseReport } from './line.ts';
import type { UntilOptions, Watch } from './watch.ts';

/** A deadline for a wait; by default only what is heard from now on counts. */
export interface AgentWaitOptions {
  readonly withinMs: number;
  /** Call time from which on the agent's sound counts. */
  readonly sinceMs?: number;
}

/** When the agent was first and last audible, in call ms. */
export interface AgentSpeech {
  readonly firstAudibleMs: number;
  readonly lastAudibleMs: number;
}

export interface CallerWaitsOptions {
  readonly watch: Watch;
  readonly ear: Ear;
  readonly sampleRateHz: number;
  readonly nowMs: () => number;
  readonly isStreaming: () => boolean;
  readonly closeReport: () => CloseReport | undefined;
}

/**
 * Waits on what the caller can observe; each rejects with a `CallerWaitError` at its deadline or when the call ends.
 * What the agent does is judged by the level of the heard track alone.
 */
export class CallerWaits {
  readonly #options: CallerWaitsOptions;

  constructor(options: CallerWaitsOptions) {
    this.#options = options;
  }

  /** Resolves once the stream has started, with the call time. */
  connected({ withinMs }: { withinMs: number }): Promise<number> {
    const { isStreaming, nowMs, watch } = this.#options;
    return watch.until(() => (isStreaming() ? nowMs() : undefined), {
      what: 'the stream to start',
      withinMs,
    });
  }

  /** Resolves once the connection is over. */
  ended({ withinMs }: { withinMs: number }): Promise<CloseReport> {
    const { closeReport, watch } = this.#options;
    return watch.until(closeReport, { what: 'the call to end', withinMs, outlivesCall: true });
  }

  /** Resolves once the agent is audible at or after `sinceMs`, with the first audible sample of that stretch. */
  agentAudible({ withinMs, sinceMs }: AgentWaitOptions): Promise<{ firstAudibleMs: number }> {
    const since = this.#sampleAt(sinceMs);
    return this.until(
      () => {
        const run = this.#heard().firstEndingAfter(since);
        return run && { firstAudibleMs: this.#toMs(run.fromSample) };
      },
      { what: 'the agent to be audible', withinMs },
    );
  }

  /** Resolves once the agent has been silent for `forMs`, which may have begun before the call of this method. */
  agentSilent({ forMs, withinMs }: { forMs: number; withinMs: number }): Promise<{ silentSinceMs: number }> {
    return this.until(
      () => {
        const since = this.#heard().last?.toSample ?? 0;
        return this.#options.ear.playhead - since >= this.#samples(forMs)
          ? { silentSinceMs: this.#toMs(since) }
          : undefined;
      },
      { what: `the agent to be silent for ${forMs} ms`, withinMs },
    );
  }

  /** Resolves once the agent was audible at or after `sinceMs` and then silent for `forMs`. */
  agentFinished({ forMs, withinMs, sinceMs }: AgentWaitOptions & { forMs: number }): Promise<AgentSpeech> {
    const since = this.#sampleAt(sinceMs);
    return this.until(
      () => {
        const heard = this.#heard();
        const first = heard.firstEndingAfter(since);
        const last = heard.last;
        if (!first || !last || this.#options.ear.playhead - last.toSample < this.#samples(forMs))
          return undefined;
        return { firstAudibleMs: this.#toMs(first.fromSample), lastAudibleMs: this.#toMs(last.toSample) };
      },
      { what: `the agent to speak and then be silent for ${forMs} ms`, withinMs },
    );
  }

  /** Resolves once `audibleMs` of the agent's sound were heard at or after `sinceMs`. */
  agentHeard({ audibleMs, withinMs, sinceMs }: AgentWaitOptions & { audibleMs: number }): Promise<number> {
    const since = this.#sampleAt(sinceMs);
    return this.until(
      () => {
        const heardMs = this.#toMs(this.#heard().audibleSamplesSince(since));
        return heardMs >= audibleMs ? heardMs : undefined;
      },
      { what: `${audibleMs} ms of the agent to be heard`, withinMs },
    );
  }

  /** Resolves with the first value of `test` that is not undefined; it is looked at every 10 ms. */
  until<T>(test: () => T | undefined, options: UntilOptions): Promise<T> {
    return this.#options.watch.until(test, options);
  }

  #heard(): Ear['audible'] {
    this.#options.ear.listen();
    return this.#options.ear.audible;
  }

  #sampleAt(callMs = this.#options.nowMs()): number {
    return this.#samples(callMs);
  }

  #samples(ms: number): number {
    return Math.round((ms * this.#options.sampleRateHz) / 1000);
  }

  #toMs(samples: number): number {
    return (samples * 1000) / this.#options.sampleRateHz;
  }
}
