import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import * as machines from '../../machines/index.ts';
import type { DrawnChart } from '../../src/console/charts/drawn-chart.ts';
import { layOutChart } from '../../src/console/charts/lay-out-chart.ts';

describe.each(Object.values(machines).map((machine) => [machine.id, machine] as const))(
  'the drawing of %s',
  (_, machine: AnyStateMachine) => {
    it('has every state of the machine, and no other', async () => {
      const { states } = await layOutChart(machine);
      expect(states.map(({ id }) => id).sort()).toEqual(
        statesUnder(machine.root)
          .map(({ id }) => id)
          .sort(),
      );
    });

    it('has every transition of the machine: an arrow from state to state, or a reaction of its state', async () => {
      const chart = await layOutChart(machine);
      expect(drawnTransitions(chart).sort()).toEqual(statesUnder(machine.root).flatMap(transitionsOf).sort());
    });

    it('has every state inside its parent, and every arrow a line', async () => {
      const { states, arrows } = await layOutChart(machine);
      const boxes = new Map(states.map((state) => [state.id, state]));
      for (const node of statesUnder(machine.root)) {
        const box = boxes.get(node.id);
        const around = boxes.get(node.parent?.id ?? '');
        if (!box || !around) continue;
        expect(box.x, node.id).toBeGreaterThanOrEqual(around.x);
        expect(box.y, node.id).toBeGreaterThanOrEqual(around.y);
        expect(box.x + box.width, node.id).toBeLessThanOrEqual(around.x + around.width);
        expect(box.y + box.height, node.id).toBeLessThanOrEqual(around.y + around.height);
      }
      for (const { source, target, points } of arrows)
        expect(points.length, `${source} > ${target}`).toBeGreaterThan(1);
    });
  },
);

function statesUnder(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap((child) => statesUnder(child as AnyStateNode))];
}

/** As the machine itself has them, by source and target; the words of a label are the drawing's own. */
function transitionsOf(node: AnyStateNode): string[] {
  const all = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  return all.flatMap(({ target }) => (target ?? [node]).map((to) => `${node.id} > ${to.id}`));
}

function drawnTransitions({ states, arrows }: DrawnChart): string[] {
  return [
    ...states.flatMap(({ id, reactions }) => reactions.map(() => `${id} > ${id}`)),
    ...arrows.flatMap(({ source, target, labels }) => labels.map(() => `${source} > ${target}`)),
  ];
}
