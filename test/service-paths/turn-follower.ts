import type { ActorRefLike, InspectionEvent } from 'xstate';
import { inWords, leaves } from '../helpers/machines.ts';
import { TableReader, turnTable } from '../machines/turn-table.ts';
import type { Circumstance, TurnEventType, TurnState } from '../machines/turn-words.ts';

/** One event that the turn of a live call took, and what came of it. */
export interface TurnStep {
  readonly atMs: number;
  readonly from: TurnState;
  readonly event: TurnEventType;
  readonly to: TurnState;
  readonly told: readonly string[];
  /** What it hung on beside the state. */
  readonly circumstance: Circumstance | undefined;
}

/** Follows the turn of a live call and compares every step with the table. */
export class TurnFollower {
  readonly steps: TurnStep[] = [];
  /** Where the call has left the table. */
  readonly differences: string[] = [];
  readonly #table = new TableReader();
  readonly #nowMs: () => number;
  #turn: ActorRefLike | undefined;
  #state: TurnState | undefined;
  #told: string[] = [];
  #onset = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Where the turn rests; undefined before it begins and once it is over. */
  get state(): TurnState | undefined {
    return this.#state;
  }

  /** To be told of everything that the call's actors do. */
  readonly watch = (inspection: InspectionEvent): void => {
    if (inspection.type === '@xstate.actor') {
      if ('id' in inspection.actorRef && inspection.actorRef.id === 'turn') this.#turn = inspection.actorRef;
      return;
    }
    if (inspection.type === '@xstate.event' && inspection.sourceRef === this.#turn && this.#turn) {
      if (!inspection.event.type.startsWith('deadline.')) this.#told.push(inWords(inspection.event));
    }
    if (inspection.type !== '@xstate.snapshot' || inspection.actorRef !== this.#turn) return;
    const { snapshot, event } = inspection;
    const told = this.#told;
    this.#told = [];
    if (snapshot.status !== 'active' || !('value' in snapshot)) {
      this.#state = undefined;
      return;
    }
    const to = turnStateOf(snapshot.value);
    const from = this.#state;
    this.#state = to;
    if (!to)
      this.differences.push(`rests in ${JSON.stringify(snapshot.value)}, which the table does not know`);
    else if (from && isTurnEvent(event.type)) this.#take(from, event.type, to, told, event);
  };

  #take(from: TurnState, event: TurnEventType, to: TurnState, told: string[], content: object): void {
    const given = 'onsetSample' in content ? Number(content.onsetSample) : undefined;
    // keys are sustained from the first moment: an onset that was heard before them stays
    if (event !== 'speech.sustained') this.#onset = given ?? this.#onset;
    const { reaction, circumstance } = this.#table.take(from, event);
    this.steps.push({ atMs: Math.round(this.#nowMs()), from, event, to, told, circumstance });
    const [wantedTo, ...wantedTold] = reaction;
    const wanted = [
      wantedTo,
      ...wantedTold.map((words) =>
        words.replace(/ \((this|remembered) onset\)$/, (_, whose) => {
          return ` ${whose === 'this' ? (given ?? this.#onset) : this.#onset}`;
        }),
      ),
    ];
    const got = [to, ...told];
    if (String(wanted) !== String(got))
      this.differences.push(`${from} × ${event}: expected [${wanted.join(', ')}], got [${got.join(', ')}]`);
  }
}

function turnStateOf(value: unknown): TurnState | undefined {
  const name = typeof value === 'string' || isObject(value) ? leaves(value).join(' + ') : '';
  return name in turnTable ? (name as TurnState) : undefined;
}

function isObject(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null;
}

function isTurnEvent(type: string): type is TurnEventType {
  return type in turnTable.modelSilent.on || turnTable.modelSilent.stays.some((known) => known === type);
}
