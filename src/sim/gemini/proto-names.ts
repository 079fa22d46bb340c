/** Fields whose content is data, or a schema: the names in it are not the API's. */
const freeFields = new Set(['args', 'response', 'labels', 'properties', 'parametersJsonSchema']);

/**
 * A message with its field names in camelCase; `spelt` gets the names that were written otherwise. Readers of protocol buffers' JSON
 * take a field by its camelCase name and by that of the `.proto` file, `realtime_input`, which Google's SDK for Python sends
 * (protobuf.dev, ProtoJSON).
 */
export function inCamelCase(value: unknown, spelt: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => inCamelCase(one, spelt));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (camel !== name) spelt.set(camel, name);
      return [camel, freeFields.has(camel) ? content : inCamelCase(content, spelt)];
    }),
  );
}
