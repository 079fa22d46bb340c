/** Why a frame could not be read. */
export type ExotelProblemCode =
  | 'exotel.frame.binary'
  | 'exotel.frame.too-large'
  | 'exotel.frame.not-json'
  | 'exotel.frame.not-object'
  | 'exotel.frame.no-event'
  | 'exotel.field.invalid'
  | 'exotel.payload.not-base64'
  | 'exotel.payload.odd-length'
  | 'exotel.sample-rate.unsupported';

/** A frame that could not be read; holds no payload, no number of a person and no secret, so it is safe to log. */
export interface ExotelProblem {
  readonly kind: 'problem';
  readonly code: ExotelProblemCode;
  /** Event of the frame, as far as it was understood. */
  readonly event: string | undefined;
  /** Dotted name of the field at fault. */
  readonly field: string | undefined;
  readonly expected: string;
  readonly found: string;
}

/** Makes a problem; `at` names the event and the field, as far as known. */
export function problem(
  code: ExotelProblemCode,
  expected: string,
  found: string,
  at: { event?: string; field?: string } = {},
): ExotelProblem {
  return { kind: 'problem', code, event: at.event, field: at.field, expected, found };
}

const longestExcerpt = 40;

/** The first characters of a text, with runs of seven digits and more masked: they may be a person's number. */
export function excerpt(text: string): string {
  const head = text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text;
  return head.replace(/\d{7,}/g, '#######');
}

/** Says what a value is without repeating text that may be personal. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'empty text' : `text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** Like {@link describe}, but repeats texts and numbers, shortened; for fields that are never personal. */
export function describeOpenly(value: unknown): string {
  if (typeof value === 'string' && value !== '') return `"${excerpt(value)}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return excerpt(String(value));
  return describe(value);
}
