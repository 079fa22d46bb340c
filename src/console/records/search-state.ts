/** What is looked for among past calls, as the form has it; what is empty is not looked for. */
export interface RecordSearch {
  /** Times of this place, such as `2026-01-31T09:00`. */
  readonly from: string;
  readonly to: string;
  readonly agent: string;
  readonly number: string;
  readonly outcome: string;
  /** Words that were said. */
  readonly text: string;
}

const fields = ['from', 'to', 'agent', 'number', 'outcome', 'text'] as const;
const localTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
/** Digits of a number that the service needs at least. */
const leastDigits = 6;

/** What an address such as `agent=bakery&text=cake` looks for; what it cannot be is left out. */
export function searchOf(params: URLSearchParams): RecordSearch {
  const read = (field: (typeof fields)[number]): string => (params.get(field) ?? '').trim();
  const time = (field: 'from' | 'to'): string => (localTime.test(read(field)) ? read(field) : '');
  return {
    from: time('from'),
    to: time('to'),
    agent: read('agent'),
    number: read('number'),
    outcome: read('outcome'),
    text: read('text'),
  };
}

/** The address of a search, without what is empty. */
export function addressOf(search: RecordSearch): string {
  const stated = fields.filter((field) => search[field].trim() !== '');
  const pairs = stated.map((field): [string, string] => [field, search[field].trim()]);
  return new URLSearchParams(pairs).toString();
}

/** What the API is asked for a search: times as they are everywhere. */
export function queryOf(search: RecordSearch): string {
  const params = new URLSearchParams(addressOf(search));
  for (const field of ['from', 'to'] as const) {
    const time = new Date(search[field]);
    if (Number.isNaN(time.getTime())) params.delete(field);
    else params.set(field, time.toISOString());
  }
  return params.toString();
}

/** What is wrong with a search, by field; nothing when it can be made. */
export function problemsOf({ number, from, to }: RecordSearch): Partial<Record<keyof RecordSearch, string>> {
  const digits = number.replace(/\D/g, '').length;
  return {
    ...(number !== '' && digits < leastDigits && { number: `At least ${leastDigits} digits` }),
    ...(from !== '' && to !== '' && from >= to && { to: 'Later than the beginning' }),
  };
}
