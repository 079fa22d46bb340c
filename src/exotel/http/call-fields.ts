/** Fields of one request of Exotel, by their name; of a field that came twice the last counts. */
export type CallFields = ReadonlyMap<string, string>;

/** Characters of a value that are read; Exotel's longest, an address, stays under 600. */
const longestValue = 8_192;
/** Fields of a request that are read. */
const mostFields = 100;

/** The fields of a request: those of its body before those of its query. Never throws, whatever came. */
export function readCallFields(query: unknown, body: unknown): CallFields {
  const fields = new Map<string, string>();
  for (const source of [query, body]) {
    for (const [name, value] of entriesOf(source)) {
      const text = asText(value);
      if (text === undefined || text.length > longestValue) continue;
      if (fields.size >= mostFields && !fields.has(name)) return fields;
      fields.set(name, text);
    }
  }
  return fields;
}

function entriesOf(source: unknown): [string, unknown][] {
  return typeof source === 'object' && source !== null && !Array.isArray(source)
    ? Object.entries(source)
    : [];
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return asText(value.at(-1));
  // a Stream that came as an object of JSON is read as the text of that object, which Exotel also sends
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
}

/** Exotel's id of a call: 1 to 64 letters, digits, dots, hyphens or underscores (real ones: about 32). */
export function callSidOf(fields: CallFields): string | undefined {
  const callSid = fields.get('CallSid');
  return callSid !== undefined && /^[\w.-]{1,64}$/.test(callSid) ? callSid : undefined;
}
