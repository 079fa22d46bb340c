import type { AnyStateMachine, StateNode } from 'xstate';

type Chart = Pick<AnyStateMachine, 'root'>;
type State = StateNode;

interface Arrow {
  readonly from: State;
  readonly to: State;
  readonly label: string;
}

/**
 * A chart as the text of a Mermaid `stateDiagram-v2`: nested and parallel states, and every transition that leads to a
 * state, labelled by its event or delay and its guard. Reactions that lead nowhere are left out.
 */
export function chartPicture(machine: Chart): string {
  const { root } = machine;
  const arrows = mergeArrows(statesUnder(root).flatMap(arrowsOf));
  const isLocal = ({ from, to }: Arrow): boolean => from.parent === to.parent;
  const blocks = new Map<State, Arrow[]>();
  for (const arrow of arrows.filter(isLocal)) {
    const block = arrow.from.parent ?? root;
    blocks.set(block, [...(blocks.get(block) ?? []), arrow]);
  }
  const wholes = new Set(arrows.flatMap(wholeOf));
  const lines = [
    ...insideOf(root, blocks, wholes),
    // Mermaid: an arrow between levels keeps both ends where they are only when it stands outside all states
    ...arrows.filter((arrow) => !isLocal(arrow)).map(arrowLine),
  ];
  return ['stateDiagram-v2', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function insideOf(
  state: State,
  blocks: ReadonlyMap<State, readonly Arrow[]>,
  wholes: ReadonlySet<State>,
): string[] {
  const children = Object.values(state.states);
  const regions = children.map((child) => stateLines(child, blocks, wholes));
  const initial = state.type === 'compound' ? state.initial.target?.[0] : undefined;
  return [
    ...(wholes.has(state) ? [`state "all of ${state.key}" as ${wholeId(state)}`] : []),
    ...(state.type === 'parallel' ? joinRegions(regions) : regions.flat()),
    ...(initial ? [`[*] --> ${idOf(initial)}`] : []),
    ...(blocks.get(state) ?? []).map(arrowLine),
    ...children.filter(({ type }) => type === 'final').map((child) => `${idOf(child)} --> [*]`),
  ];
}

function stateLines(
  state: State,
  blocks: ReadonlyMap<State, readonly Arrow[]>,
  wholes: ReadonlySet<State>,
): string[] {
  const head = `state "${state.key}" as ${idOf(state)}`;
  if (Object.keys(state.states).length === 0) return [head];
  return [`${head} {`, ...insideOf(state, blocks, wholes).map((line) => `  ${line}`), '}'];
}

function joinRegions(regions: readonly (readonly string[])[]): string[] {
  return regions.flatMap((region, index) => (index === 0 ? region : ['--', ...region]));
}

/** Every state below `state`, and itself, parents first. */
function statesUnder(state: State): State[] {
  return [state, ...Object.values(state.states).flatMap(statesUnder)];
}

function arrowsOf(state: State): Arrow[] {
  const groups = [...state.transitions.values(), state.always ?? []];
  return groups.flatMap((group) =>
    group.flatMap((transition, index) => {
      const delay = state.after.find(({ eventType }) => eventType === transition.eventType)?.delay;
      const cause = delay === undefined ? transition.eventType : `after ${delay}`;
      const guard = guardText(transition.guard, index > 0);
      const label = [cause, guard].filter((part) => part !== '').join(' ');
      return (transition.target ?? []).map((to) => ({ from: state, to, label }));
    }),
  );
}

function guardText(guard: unknown, isLater: boolean): string {
  if (guard === undefined) return isLater ? '[else]' : '';
  if (typeof guard === 'string') return `[${guard}]`;
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return `[${String(guard.type)}]`;
  return '[guarded]';
}

/** One arrow for each pair of states, with a line of its label for each transition. */
function mergeArrows(arrows: readonly Arrow[]): Arrow[] {
  const merged = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const key = `${arrow.from.id} ${arrow.to.id}`;
    const known = merged.get(key);
    merged.set(key, known ? { ...known, label: `${known.label}<br/>${arrow.label}` } : arrow);
  }
  return [...merged.values()];
}

function arrowLine({ from, to, label }: Arrow): string {
  const start = isInside(to, from) ? wholeId(from) : idOf(from);
  const end = isInside(from, to) ? wholeId(to) : idOf(to);
  return `${start} --> ${end}${label === '' ? '' : ` : ${label}`}`;
}

/** Mermaid draws no arrow between a state and what is inside it: a box inside it stands for the whole. */
function wholeOf({ from, to }: Arrow): State[] {
  if (isInside(to, from)) return [from];
  return isInside(from, to) ? [to] : [];
}

function isInside(state: State, outer: State): boolean {
  return state !== outer && state.path.length > outer.path.length && ancestors(state).includes(outer);
}

function ancestors({ parent }: State): State[] {
  return parent ? [parent, ...ancestors(parent)] : [];
}

function idOf({ path }: State): string {
  return path.join('_');
}

function wholeId(state: State): string {
  return `${state.path.length === 0 ? state.key : idOf(state)}_all`;
}
