/** What was noted of one state since it was last told. */
interface StateFigures {
  readonly chart: string;
  readonly state: string;
  seconds: number;
  entries: number;
}

/**
 * Gathers how long charts were in their states, and how often they came into them, until somebody asks: a counter looks its
 * labels up each time, and a call changes state some ten times a second.
 */
export class StateTally {
  readonly #charts = new Map<string, Map<string, StateFigures>>();

  spent(chart: string, state: string, seconds: number): void {
    this.#of(chart, state).seconds += seconds;
  }

  entered(chart: string, state: string): void {
    this.#of(chart, state).entries += 1;
  }

  /** Hands over what one figure has come to, and begins it anew. */
  take(figure: 'seconds' | 'entries', tell: (labels: StateLabels, amount: number) => void): void {
    for (const states of this.#charts.values()) {
      for (const of of states.values()) {
        const { chart, state, [figure]: amount } = of;
        of[figure] = 0;
        if (amount > 0) tell({ chart, state }, amount);
      }
    }
  }

  #of(chart: string, state: string): StateFigures {
    const states = this.#charts.get(chart) ?? new Map<string, StateFigures>();
    if (states.size === 0) this.#charts.set(chart, states);
    const there = states.get(state);
    if (there) return there;
    const figures = { chart, state, seconds: 0, entries: 0 };
    states.set(state, figures);
    return figures;
  }
}

type StateLabels = Pick<StateFigures, 'chart' | 'state'>;
