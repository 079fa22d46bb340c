import type { InspectionEvent, StateValue } from 'xstate';
import { isChart } from '../call/index.ts';
import type { ChartState, StateInForce, Step } from './format.ts';

type Actor = InspectionEvent['actorRef'];

interface Followed {
  readonly actor: Actor;
  readonly state: ChartState;
}

/** Reads off the inspection of a call's actors which of its charts are in which states, all regions included. */
export class ChartWatch {
  readonly #nowMs: () => number;
  readonly #tell: (step: Step) => void;
  readonly #charts = new Map<string, Followed>();

  /** @param tell told of each step from now on; `charts` are those that run */
  constructor(charts: Iterable<Actor>, nowMs: () => number, tell: (step: Step) => void) {
    this.#nowMs = nowMs;
    this.#tell = tell;
    for (const actor of charts) {
      const snapshot: unknown = actor.getSnapshot();
      if (!isChart(snapshot)) continue;
      const states = leavesOf(snapshot.value).map((path) => ({ path }));
      const state = { actor: nameOf(actor, snapshot.machine.id), chart: snapshot.machine.id, states };
      this.#charts.set(actor.sessionId, { actor, state });
    }
  }

  /** The charts that run, by their names. */
  get states(): ChartState[] {
    return [...this.#charts.values()].map(({ state }) => state).sort((a, b) => (a.actor < b.actor ? -1 : 1));
  }

  /** Looks at one inspected event. */
  readonly inspect = (inspection: InspectionEvent): void => {
    if (inspection.type !== '@xstate.snapshot' || !isChart(inspection.snapshot)) return;
    const { snapshot, actorRef, event } = inspection;
    const last = this.#charts.get(actorRef.sessionId);
    if (snapshot.status !== 'active') {
      if (last) this.#leave(last, event);
    } else {
      const chart = snapshot.machine.id;
      this.#move(actorRef, last, chart, leavesOf(snapshot.value), event);
    }
    this.#leaveStopped(event);
  };

  #move(
    actor: Actor,
    last: Followed | undefined,
    chart: string,
    paths: readonly string[],
    event: { readonly type: string },
  ): void {
    const before = last?.state.states ?? [];
    const to = paths.filter((path) => !before.some((state) => state.path === path));
    const left = before.filter(({ path }) => !paths.includes(path));
    if (to.length === 0 && left.length === 0) return;
    const atMs = this.#nowMs();
    const states = paths.map(
      (path) => before.find((state) => state.path === path) ?? { path, sinceMs: atMs },
    );
    const name = last?.state.actor ?? nameOf(actor, chart);
    this.#charts.set(actor.sessionId, { actor, state: { actor: name, chart, states } });
    this.#tell({
      atMs,
      actor: name,
      chart,
      event: event.type,
      detail: detailOf(event),
      from: left.map(spent(atMs)),
      to,
    });
  }

  #leave({ actor, state }: Followed, event: { readonly type: string }): void {
    const atMs = this.#nowMs();
    this.#charts.delete(actor.sessionId);
    const { actor: name, chart, states } = state;
    const from = states.map(spent(atMs));
    this.#tell({ atMs, actor: name, chart, event: event.type, detail: detailOf(event), from, to: [] });
  }

  /** A chart that is stopped by its parent says nothing itself. */
  #leaveStopped(event: { readonly type: string }): void {
    for (const followed of [...this.#charts.values()]) {
      if (followed.actor.getSnapshot().status !== 'active') this.#leave(followed, event);
    }
  }
}

function spent(atMs: number) {
  return ({ path, sinceMs }: StateInForce) => ({
    path,
    spentMs: sinceMs === undefined ? undefined : Math.round((atMs - sinceMs) * 10) / 10,
  });
}

/** An actor's name within its call; that of the call itself is a number of XState's. */
function nameOf(actor: Actor, chart: string): string {
  const id = 'id' in actor && typeof actor.id === 'string' ? actor.id : actor.sessionId;
  return id === actor.sessionId ? chart : id;
}

/** The innermost states of a chart's value, dotted. */
function leavesOf(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([state, inner]) => {
    const leaves = inner === undefined ? [] : leavesOf(inner);
    return leaves.length === 0 ? [state] : leaves.map((leaf) => `${state}.${leaf}`);
  });
}

/** What may be told of an event besides its type: no digit, no number, no word. */
function detailOf(event: object): string | undefined {
  if ('floor' in event && 'because' in event) return `${event.floor}: ${event.because}`;
  if ('verdict' in event) return String(event.verdict);
  if (!('failure' in event)) return undefined;
  const { failure } = event;
  if (typeof failure !== 'object' || failure === null || !('code' in failure)) return undefined;
  return String(failure.code);
}
