import * as z from 'zod';

/** How a call stands at Exotel. */
const callStatuses = [
  'queued',
  'ringing',
  'in-progress',
  'completed',
  'failed',
  'busy',
  'no-answer',
  'canceled',
] as const;

/** One of {@link callStatuses}. */
export type CallStatus = (typeof callStatuses)[number];

const ended: readonly CallStatus[] = ['completed', 'failed', 'busy', 'no-answer', 'canceled'];

/** The status that a word of Exotel's names; undefined when it is none. */
export function callStatusOf(word: string): CallStatus | undefined {
  const plain = word.toLowerCase().replaceAll('_', '-');
  return callStatuses.find((status) => status === plain);
}

/** Whether nothing more happens to a call. */
export function isEnded(status: CallStatus): boolean {
  return ended.includes(status);
}

/** A call as Exotel tells of it. */
export interface ExotelCall {
  readonly sid: string;
  readonly status: CallStatus;
  /** What the call was asked for with; undefined when Exotel does not say. */
  readonly customField: string | undefined;
  /** Seconds; undefined until it is known. */
  readonly durationS: number | undefined;
}

const callSchema = z.object({
  Sid: z.string().min(1).max(64),
  Status: z.preprocess(
    (status) => (typeof status === 'string' ? callStatusOf(status) : status),
    z.enum(callStatuses),
  ),
  CustomField: z.string().nullish(),
  Duration: z.union([z.string(), z.number()]).nullish(),
});
const oneSchema = z.object({ Call: callSchema });
const manySchema = z.object({ Calls: z.array(z.unknown()) });
const failureSchema = z.object({
  RestException: z.object({
    Message: z.string().nullish(),
    Code: z.union([z.string(), z.number()]).nullish(),
  }),
});

/** The call in a reply; undefined when there is none. */
export function readCall(text: string): ExotelCall | undefined {
  const read = oneSchema.safeParse(fromJson(text));
  return read.success ? callOf(read.data.Call) : undefined;
}

/** The calls in a list, those that can be read; undefined when it is no list. */
export function readCalls(text: string): ExotelCall[] | undefined {
  const read = manySchema.safeParse(fromJson(text));
  if (!read.success) return undefined;
  return read.data.Calls.flatMap((item) => {
    const call = callSchema.safeParse(item);
    return call.success ? [callOf(call.data)] : [];
  });
}

/** What a refusal says; empty when it says nothing that can be read. */
export function readFailure(text: string): string {
  const read = failureSchema.safeParse(fromJson(text));
  if (!read.success) return '';
  const { Message, Code } = read.data.RestException;
  return [Message ?? '', Code ? `(code ${Code})` : ''].join(' ').trim();
}

function callOf({ Sid, Status, CustomField, Duration }: z.infer<typeof callSchema>): ExotelCall {
  const durationS = Number(Duration ?? Number.NaN);
  return {
    sid: Sid,
    status: Status,
    customField: CustomField ?? undefined,
    durationS: Number.isFinite(durationS) ? durationS : undefined,
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
