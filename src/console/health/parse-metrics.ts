/** One value of a metric, as Prometheus’ text form has it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+([-+.\deE]+|NaN|[-+]?Inf)(?:\s+-?\d+)?$/;
const labelPair = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** Reads metrics in Prometheus’ text form, version 0.0.4; lines that it does not know are left out. */
export function parseMetrics(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = sampleLine.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) return [];
    return [{ name, labels: parseLabels(labels), value: parseValue(value) }];
  });
}

function parseLabels(text: string): Record<string, string> {
  const pairs = text.matchAll(labelPair).map(([, name = '', value = '']): [string, string] => {
    return [name, value.replaceAll(/\\(.)/g, (whole, sign: string) => escapes[sign] ?? whole)];
  });
  return Object.fromEntries(pairs);
}

/** Go’s way to write numbers: `+Inf`, `-Inf` and `NaN` besides the usual ones. */
function parseValue(text: string): number {
  if (/^[+-]?Inf$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
