import type { ChartState, Step } from '../../inspection/format.ts';
import type { DrawnChart } from '../charts/drawn-chart.ts';
import { eventWords } from '../charts/event-words.ts';

/** The charts of a call in the order in which they are looked at; those of tools come after them. */
const order = [
  'turn',
  'call',
  'geminiLink',
  'exotelLink',
  'playout',
  'speechDetector',
  'tools',
  'keypad',
] as const;

/** The actors whose charts may be looked at: those that every call has, and those that run besides. */
export function actorsOf(
  running: readonly ChartState[],
): { readonly actor: string; readonly chart: string }[] {
  const usual = order.map(
    (name) =>
      running.find(({ chart, actor }) => chart === name && actor === name) ?? { actor: name, chart: name },
  );
  const others = running.filter(({ actor }) => usual.every((one) => one.actor !== actor));
  return [...usual, ...others].map(({ actor, chart }) => ({ actor, chart }));
}

/** The ids of a chart's states in force, those around them included. */
export function litStates(state: ChartState | undefined): ReadonlySet<string> {
  return new Set(state?.states.flatMap(({ path }) => aroundOf(state.chart, path)) ?? []);
}

/** The transition of a step, as it is drawn: the innermost of the states that were left which takes its event. */
export function lastTransition(
  chart: DrawnChart,
  step: Step | undefined,
): { readonly source: string; readonly event: string } | undefined {
  if (!step) return undefined;
  const event = eventWords(step.event);
  const left = step.from
    .flatMap(({ path }) => aroundOf(step.chart, path))
    .sort((a, b) => b.length - a.length);
  for (const source of left) {
    const takes = chart.arrows.some(
      (arrow) => arrow.source === source && arrow.labels.some((label) => label.event === event),
    );
    if (takes) return { source, event };
  }
  return undefined;
}

/** Whether a chart where it is takes an event, whatever its guards say of it then. */
export function takes(chart: DrawnChart | undefined, lit: ReadonlySet<string>, event: string): boolean {
  return (
    chart?.arrows.some(
      ({ source, labels }) => lit.has(source) && labels.some((label) => label.event === event),
    ) ?? false
  );
}

/** `turn.a.b` and all around it, innermost first. */
function aroundOf(chart: string, path: string): string[] {
  const keys = path.split('.');
  return [...keys.map((_, at) => [chart, ...keys.slice(0, keys.length - at)].join('.')), chart];
}
