/** One frame of a caller, ms: Exotel's own. */
export const frameMs = 20;
/** The rate of a call, Hz. */
export const rateHz = 8000;

/** What the callers' process is told. */
export type CallersOrder =
  | {
      readonly do: 'open';
      /** So many calls more. */
      readonly calls: number;
      readonly address: string;
      /** How many begin in a second. */
      readonly perSecond: number;
      /** Calls last between half and one and a half of this and are followed by new ones, s; without it they stay. */
      readonly lifeS?: number;
    }
  | { readonly do: 'measure' | 'tell' | 'close' };

/** What the simulated Gemini's process is told. */
export type GeminiOrder = { readonly do: 'measure' | 'tell' };

/** Something that happened in a call, at a time of the machine's monotonic clock, ms. */
export interface Moment {
  readonly caller: string;
  readonly atMs: number;
}

/** What the callers saw since the measuring began. */
export interface CallersReport {
  /** Calls that are open now. */
  readonly open: number;
  /** Calls that were closed by the bridge, or never opened. */
  readonly lost: number;
  readonly chunks: number;
  /** Times at which a reply ran dry at the phone and went on. */
  readonly gaps: number;
  /** Those of them that lasted longer than a frame. */
  readonly longGaps: number;
  /** Replies that were heard to their end, and those of them that were shorter than what was sent. */
  readonly replies: number;
  readonly short: number;
  /** Times at which the agent was told to be silent. */
  readonly clears: number;
  /** When callers sent the loudest frame of an utterance. */
  readonly peaks: readonly Moment[];
  /** When the first audible chunk of a reply came. */
  readonly heard: readonly Moment[];
  /** When calls were dialled. */
  readonly dialled: readonly Moment[];
}

/** What the simulated Gemini saw since the measuring began. */
export interface GeminiReport {
  readonly sessions: number;
  /** When the loudest frame of an utterance came. */
  readonly peaks: readonly Moment[];
  /** When the first chunk of a reply was sent. */
  readonly said: readonly Moment[];
  readonly interrupted: number;
}

/** The machine's monotonic clock, the same in every process, ms. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Whether somebody speaks in a frame: louder than any quiet that is sent. */
export const audiblePeak = 1000;

/** Only the loudest frame of an utterance is louder. */
export const loudestPeak = 22_000;

/** The greatest of every fourth sample. */
export function peakOf(samples: Int16Array): number {
  let peak = 0;
  for (let at = 0; at < samples.length; at += 4) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
  return peak;
}

/** The samples in base64, mono PCM16. */
export function samplesIn(base64: string): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  // a pooled buffer may begin at an odd address
  const at = bytes.byteOffset % 2 === 0 ? bytes : Buffer.from(new Uint8Array(bytes));
  return new Int16Array(at.buffer, at.byteOffset, at.length >> 1);
}

/** Calls `slot` every millisecond with its number, and catches up when it was late. */
export function everyMillisecond(slot: (number: number) => void): void {
  const fromMs = performance.now();
  let next = 0;
  const run = (): void => {
    const due = Math.floor(performance.now() - fromMs);
    for (; next <= due; next += 1) slot(next);
    setTimeout(run, 1);
  };
  run();
}

/** Answers the orders of the process that began this one, from the first one on. */
export function obey<Order>(answer: (order: Order) => unknown): void {
  process.on('message', async (order: Order) => {
    const answered = await answer(order);
    process.send?.({ answered });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ answered: 'ready' });
}
