import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toDirectedGraph } from 'xstate/graph';
import { allStates } from '../helpers/machines.ts';
import { charts, nameOf } from './charts.ts';

const folder = new URL('../../machines/', import.meta.url);
const sources = readdirSync(folder).filter((file) => file.endsWith('.ts'));

describe('the folder of the charts', () => {
  it.each(sources)('%s imports nothing but xstate and its neighbours', (file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    const imported = [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, from]) => from);
    expect(imported.filter((from) => from !== 'xstate' && !/^\.\/[a-z.-]+\.ts$/.test(from ?? ''))).toEqual(
      [],
    );
    expect(source).not.toMatch(/\b(process|Buffer|setTimeout|setInterval|performance|Date|Math\.random)\b/);
  });
});

describe.each(charts)('the $name chart', ({ machine }) => {
  it('describes every state', () => {
    const nameless = allStates(machine).filter(({ description }) => !description?.trim());
    expect(nameless.map(({ id }) => id)).toEqual([]);
  });

  it('holds no inline function', () => {
    expect([...functionsIn(machine.config, machine.id)]).toEqual([]);
  });

  it('names only actions, guards and actors that exist', () => {
    const { actions, guards, actors } = machine.implementations;
    const missing = [...namesIn(machine.config, machine.id)].filter(
      ({ kind, name }) => !(name in { actions, guards, actors }[kind]),
    );
    expect(missing).toEqual([]);
  });

  it('can be drawn from its JSON alone', () => {
    const graph = JSON.parse(JSON.stringify(toDirectedGraph(machine)));
    expect(countNodes(graph)).toBe(allStates(machine).length);
    expect(JSON.parse(JSON.stringify(machine.definition))).toMatchObject({ id: machine.id });
  });

  it('has no target in another region of a parallel state', () => {
    const crossing = allStates(machine).flatMap((source) =>
      [...source.transitions.values()]
        .flat()
        .flatMap(({ target, eventType }) =>
          (target ?? [])
            .filter((to) => regionsOf(to).some((region) => !isWithin(source, region)))
            .map((to) => `${source.id} on ${eventType} → ${to.id}`),
        ),
    );
    expect(crossing).toEqual([]);
  });
});

type StateNode = (typeof charts)[number]['machine']['root'];

/** The regions of parallel states that `node` lies in. */
function regionsOf(node: StateNode): StateNode[] {
  const { parent } = node;
  if (!parent) return [];
  return parent.type === 'parallel' ? [node, ...regionsOf(parent)] : regionsOf(parent);
}

function isWithin(node: StateNode | undefined, ancestor: StateNode): boolean {
  return node === ancestor || (node?.parent !== undefined && isWithin(node.parent, ancestor));
}

function countNodes(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('children' in node)) return 0;
  const { children } = node;
  return (
    1 + (Array.isArray(children) ? children.reduce((sum: number, child) => sum + countNodes(child), 0) : 0)
  );
}

/** Context, output and input are shapes made from data, not behaviour: they may be functions. */
const shapes = ['context', 'output', 'input'];

function* functionsIn(value: unknown, path: string): Generator<string> {
  if (typeof value === 'function') yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!shapes.includes(key)) yield* functionsIn(inner, `${path}.${key}`);
  }
}

interface Named {
  readonly kind: 'actions' | 'guards' | 'actors';
  readonly name: string;
  readonly path: string;
}

const kinds: Readonly<Record<string, Named['kind']>> = {
  entry: 'actions',
  exit: 'actions',
  actions: 'actions',
  guard: 'guards',
  src: 'actors',
};

function* namesIn(value: unknown, path: string): Generator<Named> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const kind = kinds[key];
    if (!kind) yield* namesIn(inner, `${path}.${key}`);
    else for (const item of [inner].flat()) yield { kind, name: nameOf(item), path: `${path}.${key}` };
  }
}
