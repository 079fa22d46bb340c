import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { type DirectedGraphNode, toDirectedGraph } from 'xstate/graph';
import * as machines from '../../machines/index.ts';
import { runMachines } from '../../src/cli/machines.ts';

const out = mkdtempSync(join(tmpdir(), 'baari-machines-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));
const all: AnyStateMachine[] = Object.values(machines);

/** All states with their descriptions, and all transitions with their guards and targets. */
function shapeOf(machine: AnyStateMachine): unknown {
  const states = (node: DirectedGraphNode): DirectedGraphNode[] => [node, ...node.children.flatMap(states)];
  const shape = states(toDirectedGraph(machine)).map(({ stateNode, edges }) => ({
    id: stateNode.id,
    type: stateNode.type,
    description: stateNode.description,
    tags: stateNode.tags,
    entry: stateNode.entry,
    exit: stateNode.exit,
    invokes: stateNode.invoke.map(({ id, src }) => ({ id, src })),
    edges: edges.map(({ id, target, transition }) => ({ id, target: target.id, guard: transition.guard })),
    always: stateNode.always?.map(({ guard, target }) => ({ guard, target: target?.map(({ id }) => id) })),
  }));
  // timers are functions of XState's
  return JSON.parse(JSON.stringify(shape));
}

describe('baari machines', () => {
  it('writes each machine in each form', async () => {
    const told: string[] = [];
    const sink = { write: (text: string) => told.push(text) };
    expect(await runMachines({ out }, { stdout: sink, stderr: sink, env: {} })).toBe(0);
    const names = all.flatMap(({ id }) => [`${id}.json`, `${id}.machine.ts`, `${id}.mmd`]);
    expect(readdirSync(out).sort()).toEqual(names.sort());
    expect(told).toHaveLength(names.length);
  });

  it.each(all.map((machine) => [machine.id, machine] as const))(
    '%s read back is the same machine',
    (id, machine) => {
      const json = readFileSync(join(out, `${id}.json`), 'utf8');
      expect(shapeOf(createMachine(JSON.parse(json)))).toEqual(shapeOf(machine));
      const code = readFileSync(join(out, `${id}.machine.ts`), 'utf8');
      expect(code).toBe(
        `import { createMachine } from 'xstate';\n\nexport const ${id}Machine = createMachine(${json.trim()});\n`,
      );
      expect(readFileSync(join(out, `${id}.mmd`), 'utf8')).toMatch(/^stateDiagram-v2\n/);
    },
  );

  it('says which forms there are', async () => {
    const sink = { write: () => true };
    const asked = runMachines({ out, format: 'svg' }, { stdout: sink, stderr: sink, env: {} });
    await expect(asked).rejects.toThrow('expected one of json, mermaid, stately, found "svg"');
  });
});
