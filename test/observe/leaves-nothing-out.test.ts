import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import {
  callMachine,
  exotelLinkMachine,
  geminiLinkMachine,
  keypadMachine,
  playoutMachine,
  speechDetectorMachine,
  turnMachine,
} from '../../machines/index.ts';
import { chartPicture } from '../../src/observe/index.ts';

interface Written {
  readonly states?: Readonly<Record<string, Written>> | undefined;
  readonly on?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
  readonly always?: unknown;
}

interface WrittenArrow {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly label: string;
}

const machines: readonly AnyStateMachine[] = [
  callMachine,
  turnMachine,
  exotelLinkMachine,
  geminiLinkMachine,
  speechDetectorMachine,
  keypadMachine,
  playoutMachine,
];

describe.each(machines.map((machine) => [machine.id, machine] as const))(
  'the picture of %s',
  (id, machine) => {
    const picture = chartPicture(machine);
    const written = writtenIn(machine.config, [], id);

    test('has every state', () => {
      expect(written.paths.length).toBeGreaterThan(3);
      for (const path of written.paths) {
        expect(picture).toContain(`state "${path.at(-1) ?? ''}" as ${path.join('_')}`);
      }
    });

    test('has every transition that leads to a state', () => {
      const drawn = picture.split('\n').map((line) => line.trim().split(' : '));
      expect(written.arrows.length).toBeGreaterThan(3);
      for (const { from, to, label } of written.arrows) {
        const end = to.join('_');
        const isInner = from.every((key, depth) => to[depth] === key) && from.length < to.length;
        const start = isInner ? `${from.join('_') || id}_all` : from.join('_');
        const labels = drawn.filter(([ends]) => ends === `${start} --> ${end}`).map(([, text]) => text ?? '');
        expect(labels.join('<br/>').split('<br/>'), `${start} --> ${end}`).toContain(label);
      }
    });
  },
);

/** The states and transitions as they stand in the machine's file, read without XState. */
function writtenIn(
  state: Written,
  path: readonly string[],
  id: string,
): { paths: string[][]; arrows: WrittenArrow[] } {
  const causes: [string, unknown][] = [
    ...Object.entries(state.on ?? {}),
    ...Object.entries(state.after ?? {}).map(([delay, to]): [string, unknown] => [`after ${delay}`, to]),
    ...(state.always === undefined ? [] : [['', state.always] as [string, unknown]]),
  ];
  const arrows = causes.flatMap(([cause, given]) =>
    [given].flat().flatMap((transition, index) => {
      const target =
        fieldOf(transition, 'target') ?? (typeof transition === 'string' ? transition : undefined);
      if (target === undefined) return [];
      const guard = fieldOf(transition, 'guard') ?? (index > 0 ? 'else' : undefined);
      const label = [cause, guard && `[${guard}]`].filter(Boolean).join(' ');
      return [{ from: path, to: resolve(target, path, id), label }];
    }),
  );
  const inner = Object.entries(state.states ?? {}).map(([key, child]) =>
    writtenIn(child, [...path, key], id),
  );
  return {
    paths: [...(path.length > 0 ? [[...path]] : []), ...inner.flatMap(({ paths }) => paths)],
    arrows: [...arrows, ...inner.flatMap((found) => found.arrows)],
  };
}

function fieldOf(transition: unknown, field: 'target' | 'guard'): string | undefined {
  if (typeof transition !== 'object' || transition === null) return undefined;
  const value: unknown = Reflect.get(transition, field);
  return value === undefined ? undefined : String(value);
}

function resolve(target: string, from: readonly string[], id: string): string[] {
  if (target.startsWith('#')) return target.slice(id.length + 2).split('.');
  if (target.startsWith('.')) return [...from, ...target.slice(1).split('.')];
  return [...from.slice(0, -1), ...target.split('.')];
}
