import type { InspectionEvent, StateValue } from 'xstate';
import { isChart } from './charts-under.ts';

/** A chart of a call went from one state to another; states are dotted paths, such as `modelSpeaking.speaking`. */
export interface ChartStep {
  /** The id of the chart, such as `turn`. */
  readonly chart: string;
  /** The state it left; undefined when the chart has begun. */
  readonly from: string | undefined;
  /** How long it was there, ms. */
  readonly spentMs: number;
  /** The state it is in now; undefined when the chart is over. */
  readonly to: string | undefined;
  readonly event: { readonly type: string };
}

interface Place {
  readonly actor: InspectionEvent['actorRef'];
  readonly chart: string;
  readonly state: string;
  readonly sinceMs: number;
}

/**
 * Reads off the inspection of a call's actors which chart went from where to where. Audio never comes by here, so there are
 * some ten inspected events a second of a lively call.
 */
export class ChartSteps {
  readonly #nowMs: () => number;
  readonly #tell: (step: ChartStep) => void;
  readonly #places = new Map<string, Place>();

  constructor(nowMs: () => number, tell: (step: ChartStep) => void) {
    this.#nowMs = nowMs;
    this.#tell = tell;
  }

  /** Looks at one inspected event. */
  readonly inspect = (inspection: InspectionEvent): void => {
    if (inspection.type !== '@xstate.snapshot' || !isChart(inspection.snapshot)) return;
    const { snapshot, actorRef, event } = inspection;
    const last = this.#places.get(actorRef.sessionId);
    const state = snapshot.status === 'active' ? pathOf(snapshot.value) : undefined;
    if (last?.state === state) return;
    this.#step(actorRef, last, snapshot.machine.id, state, event);
    this.#leaveStopped(event);
  };

  /** The call is over: so are its charts. */
  end(): void {
    for (const place of [...this.#places.values()]) {
      this.#step(place.actor, place, place.chart, undefined, { type: 'call.over' });
    }
  }

  #step(
    actor: InspectionEvent['actorRef'],
    last: Place | undefined,
    chart: string,
    to: string | undefined,
    event: { readonly type: string },
  ): void {
    const nowMs = this.#nowMs();
    if (to === undefined) this.#places.delete(actor.sessionId);
    else this.#places.set(actor.sessionId, { actor, chart, state: to, sinceMs: nowMs });
    this.#tell({ chart, from: last?.state, spentMs: last ? nowMs - last.sinceMs : 0, to, event });
  }

  /** A chart that is stopped by its parent says nothing itself. */
  #leaveStopped(event: { readonly type: string }): void {
    for (const place of [...this.#places.values()]) {
      if (place.actor.getSnapshot().status !== 'active') {
        this.#step(place.actor, place, place.chart, undefined, event);
      }
    }
  }
}

/** The path down to the leaf, or to the first parallel state: there are few of these, whatever happens in regions. */
function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  const [only, second] = Object.entries(value);
  if (!only || second) return '';
  const [state, inner] = only;
  const rest = inner === undefined ? '' : pathOf(inner);
  return rest ? `${state}.${rest}` : state;
}
