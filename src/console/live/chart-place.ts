import type { ChartState, Step } from '../../inspection/format.ts';
import type { DrawnArrow, DrawnChart } from '../charts/drawn-chart.ts';
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

/** Transitions that follow one another without an event at most: more are not looked for. */
const mostAlways = 4;

/**
 * The arrows of a step, `source target`, each with its event: that of the innermost state left which takes the event, and
 * those that were followed from there without one.
 */
export function takenArrows(chart: DrawnChart, step: Step): ReadonlyMap<string, string> {
  const event = eventWords(step.event);
  const left = step.from
    .flatMap(({ path }) => aroundOf(step.chart, path))
    .sort((a, b) => b.length - a.length);
  const source = left.find((id) => arrowsOf(chart, id, event).length > 0);
  if (source === undefined) return new Map();
  const entered = new Set(step.to.flatMap((path) => aroundOf(step.chart, path)));
  const first = arrowsOf(chart, source, event);
  const way = wayTo(chart, first, entered, mostAlways) ?? first;
  return new Map(
    way.map((arrow) => [`${arrow.source} ${arrow.target}`, first.includes(arrow) ? event : 'always']),
  );
}

/** One of `arrows` and what follows it, up to a state that was entered; undefined when there is no such way. */
function wayTo(
  chart: DrawnChart,
  arrows: readonly DrawnArrow[],
  entered: ReadonlySet<string>,
  deepest: number,
): readonly DrawnArrow[] | undefined {
  const last = arrows.find(({ target }) => entered.has(target));
  if (last) return [last];
  if (deepest === 0) return undefined;
  for (const arrow of arrows) {
    const way = wayTo(chart, arrowsOf(chart, arrow.target, 'always'), entered, deepest - 1);
    if (way) return [arrow, ...way];
  }
  return undefined;
}

function arrowsOf(chart: DrawnChart, id: string, event: string): DrawnArrow[] {
  return chart.arrows.filter(
    ({ source, labels }) => source === id && labels.some((label) => label.event === event),
  );
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
