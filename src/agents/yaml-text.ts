import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

/** A place in a text; both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A key of a map or an index of a list. */
export type Step = string | number;

/** Something that is wrong with the YAML itself. */
interface YamlFault extends Position {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** YAML that was read: its content and where each part of it stands. */
export interface YamlText {
  /** The content as plain values; undefined when the text cannot be understood. */
  readonly content: unknown;
  readonly faults: readonly YamlFault[];
  /** Where the value at `path` stands; of the nearest map or list around it when it is absent. */
  valueAt(path: readonly Step[]): Position;
  /** Where the key of the value at `path` stands. */
  keyAt(path: readonly Step[]): Position;
}

/** Reads one YAML 1.2 document; faults of the text are returned, never thrown. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    ...positionOf(error.pos[0]),
    ...inWords(error, document),
  }));
  const usable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const read = usable ? toPlain(document) : { content: undefined, faults: [] };
  const locate = (path: readonly Step[], part: 'key' | 'value'): Position => {
    const node = find(document, path, part);
    return positionOf(node?.range?.[0] ?? 0);
  };
  return {
    content: read.content,
    faults: [...faults, ...read.faults],
    valueAt: (path) => locate(path, 'value'),
    keyAt: (path) => locate(path, 'key'),
  };
}

function inWords(error: YAMLError, document: Document): Omit<YamlFault, keyof Position> {
  if (error.code === 'DUPLICATE_KEY') {
    return { path: pathAt(document, error.pos[0]), expected: 'each field once', found: 'it a second time' };
  }
  if (error.code === 'MULTIPLE_DOCS')
    return { path: '', expected: 'one document', found: 'a second one after ---' };
  const [firstLine = ''] = error.message.split('\n');
  return { path: '', expected: 'valid YAML', found: `a fault: ${firstLine}` };
}

/** The dotted path of the key that stands at `offset`. */
function pathAt(document: Document, offset: number): string {
  let path = '';
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isNode(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      path = [...ancestors.filter(isPair), pair]
        .map(({ key }) => (isScalar(key) ? String(key.value) : '?'))
        .join('.');
      return visit.BREAK;
    },
  });
  return path;
}

/** The content; an anchor that refers to nothing or expands without end is a fault. */
function toPlain(document: Document): { content: unknown; faults: YamlFault[] } {
  try {
    return { content: document.toJS(), faults: [] };
  } catch (error) {
    const found = `a fault: ${error instanceof Error ? error.message : String(error)}`;
    return { content: undefined, faults: [{ line: 1, column: 1, path: '', expected: 'valid YAML', found }] };
  }
}

function find(document: Document, path: readonly Step[], part: 'key' | 'value'): Node | undefined {
  const root = document.contents;
  let value: Node | undefined = isNode(root) ? root : undefined;
  let found = value;
  for (const [depth, step] of path.entries()) {
    const entry = child(isAlias(value) ? value.resolve(document) : value, step);
    if (!entry) return found;
    value = entry.value;
    found =
      part === 'key' && depth === path.length - 1
        ? entry.key
        : written(entry.value)
          ? entry.value
          : entry.key;
  }
  return found;
}

/** Whether a node has a place of its own; the value of a bare `key:` has none. */
function written(node: Node | undefined): boolean {
  return node?.range != null && node.range[1] > node.range[0];
}

function child(
  parent: Node | undefined,
  step: Step,
): { key: Node | undefined; value: Node | undefined } | undefined {
  if (isSeq(parent) && typeof step === 'number') {
    const item = parent.items[step];
    return isNode(item) ? { key: item, value: item } : undefined;
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(
    ({ key }) => (isScalar(key) ? String(key.value ?? '') : '') === String(step),
  );
  if (!pair) return undefined;
  return { key: isNode(pair.key) ? pair.key : undefined, value: isNode(pair.value) ? pair.value : undefined };
}
