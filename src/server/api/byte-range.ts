/** What a Range header asks for: the whole, bytes from the first to the last, or what there is not. */
export type ByteRange = 'whole' | 'unsatisfiable' | { readonly start: number; readonly end: number };

/** Reads a Range header for a file of `size` bytes; several ranges at once, and other units, are given the whole (RFC 9110, 14.2). */
export function readRange(header: string | undefined, size: number): ByteRange {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return 'whole';
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
