import type { CallFields } from './call-fields.ts';

/** How a stream ended, as Exotel tells it in its Passthru applet; texts are Exotel's own. */
export interface StreamReport {
  readonly streamSid: string | undefined;
  /** `completed`, `failed` or `cancelled`. */
  readonly status: string | undefined;
  readonly durationS: number | undefined;
  /** `user`, `bot` or `NA`; on another page `caller`, `bot` or `system`. */
  readonly disconnectedBy: string | undefined;
  /** Such as `3009 failed to establish ws conn`. */
  readonly error: string | undefined;
  /** Such as `Streaming_call_throttled`. */
  readonly detailedStatus: string | undefined;
}

/** Reads the `Stream[…]` fields, or the one `Stream` field that holds all of them as JSON (Exotel sends either). */
export function readStreamReport(fields: CallFields): StreamReport {
  const inJson = fromJson(fields.get('Stream'));
  const field = (name: string): string | undefined => fields.get(`Stream[${name}]`) ?? inJson.get(name);
  const durationS = Number.parseFloat(field('Duration') ?? '');
  return {
    streamSid: field('StreamSID'),
    status: field('Status')?.toLowerCase(),
    durationS: Number.isFinite(durationS) ? durationS : undefined,
    disconnectedBy: field('DisconnectedBy'),
    error: field('Error') || undefined,
    detailedStatus: field('DetailedStatus') || undefined,
  };
}

function fromJson(text: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (text === undefined) return found;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return found;
    for (const [name, of] of Object.entries(value)) {
      if (typeof of === 'string' || typeof of === 'number') found.set(name, String(of));
    }
  } catch {
    // opaque text: nothing to be had from it
  }
  return found;
}

/** Tells whether the stream never was, or broke; status and error may conflict, and then the error counts (Exotel). */
export function streamFailed({ status, error }: StreamReport): boolean {
  return status === 'failed' || error !== undefined;
}
