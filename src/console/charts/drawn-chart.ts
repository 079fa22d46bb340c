/** A chart as it is drawn; lengths are px of an unscaled drawing, positions count from its upper left corner. */
export interface DrawnChart {
  /** The id of the machine, such as `turn`. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly states: readonly DrawnState[];
  readonly arrows: readonly DrawnArrow[];
}

/** A state as a box. */
export interface DrawnState {
  /** The id of the state in its machine, such as `turn.speaking.playing`. */
  readonly id: string;
  readonly key: string;
  /** What it means, in a sentence; `''` where the machine says nothing. */
  readonly description: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** One of several regions that are active together. */
  readonly isRegion: boolean;
  /** The state that its parent is entered by. */
  readonly isInitial: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Transitions that lead to no other state, in words: `event [guard]`. */
  readonly reactions: readonly DrawnLabel[];
}

/** What makes a transition happen. */
export interface DrawnLabel {
  /** The id of the transition in its machine's directed graph. */
  readonly id: string;
  readonly event: string;
  /** The condition, `''` for none. */
  readonly guard: string;
}

/** All transitions from one state to one other, as one arrow. */
export interface DrawnArrow {
  readonly source: string;
  readonly target: string;
  /** A line from border to border. */
  readonly points: readonly Point[];
  readonly labels: readonly DrawnLabel[];
  /** Where the labels stand. */
  readonly labelAt: Point;
}

/** A place in a drawing, px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A label as it is written: the event, and under it the condition. */
export function linesOf({ event, guard }: DrawnLabel): string[] {
  return guard ? [event, `[${guard}]`] : [event];
}
