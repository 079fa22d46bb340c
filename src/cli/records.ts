import type { Agent } from '../agents/index.ts';
import { type CallObserver, recordCall } from '../call/index.ts';
import type { Log } from '../observe/index.ts';
import { CallRecorder, finishCutOff } from '../records/index.ts';
import type { Clock } from '../time/index.ts';

/** What the records of a service are kept with. */
export interface RecordsOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The records of a service: writes those of its calls, and completes what a lost process left. */
export class Records {
  readonly #o: RecordsOptions;
  readonly #hurry = new AbortController();

  constructor(options: RecordsOptions) {
    this.#o = options;
  }

  /** Follows a call into its record. */
  follow(callId: string, agent: Agent): CallObserver {
    const { folder, clock, log } = this.#o;
    let failures = 0;
    const onError = ({ message }: Error): void => {
      failures += 1;
      log.error({ callId, message }, 'record.failed');
    };
    const recorder = new CallRecorder({ folder, callId, clock, onError, hurry: this.#hurry.signal });
    return recordCall(recorder, callId, agent, clock, ({ isComplete, retries }) => {
      if (isComplete) log.info({ callId, ...(retries > 0 && { retries }) }, 'record.complete');
      else log.error({ callId, failures, retries }, 'record.incomplete');
    });
  }

  /** Completes what was cut off; beside the calls, and never a reason not to serve them. */
  async finishCutOff(): Promise<void> {
    const { folder, clock, log } = this.#o;
    const { finished, failed } = await finishCutOff(folder, clock.wallMs());
    for (const callId of finished) log.warn({ callId }, 'record.cutOff');
    for (const { callId, message } of failed) log.error({ callId, message }, 'record.failed');
  }

  /** The service stops: what the disk does not take now is given up. */
  stop(): void {
    this.#hurry.abort();
  }
}
