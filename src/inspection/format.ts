// What a viewer of live calls and the service say to each other over the WebSocket at `/api/watch`: JSON, one message a
// text frame. Nothing but types, limits and pure functions, so that a browser can import it as well as a server.
//
// A viewer asks (`WatchQuestion`) and gets a whole picture first, then what changes, 100 ms at a time. Each picture and
// each change of one subject (the list, or one call) bears the next number: `applyCallChanges` and `applyListChanges`
// notice a gap, and the viewer then asks again. Times are ms since the call was accepted, by the call's clock.
// There is never audio in it, and what persons say and are called by only for viewers who may have it.

/** The version of these messages; a viewer that knows another one should say so and stop. */
export const watchVersion = 1;
/** Where the WebSocket is. */
export const watchPath = '/api/watch';
/**
 * The subprotocol to ask for. A browser, which cannot set headers, adds its token as a second one: `bearer.<token>`;
 * others send `Authorization: Bearer <token>`.
 */
export const watchProtocol = 'baari.watch';
/** What is between two levels of a waveform, ms. */
export const levelEveryMs = 20;
/** How much of a call a picture holds at most; what is older is dropped first. */
export const mostShown = { steps: 200, lines: 500, turns: 200, marks: 500, levels: 3000 } as const;

/** Codes with which the service closes a viewer's connection, besides those of the WebSocket protocol itself. */
export const watchCloseCodes = {
  /** It reads more slowly than calls go on: too much waited to be sent. */
  tooSlow: 4008,
  /** The service stops. */
  stopping: 1012,
} as const;

/** What a viewer asks for; it may watch the list and several calls at once. */
export type WatchQuestion =
  | { readonly watch: 'calls' }
  | { readonly watch: 'call'; readonly callId: string }
  | { readonly unwatch: 'calls' }
  | { readonly unwatch: 'call'; readonly callId: string };

/** What the service says. */
export type WatchMessage = Hello | ListPicture | ListChanges | CallWhole | CallChanges | CallOver | Problem;

/** The first message on a connection. */
export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  /** The service's wall clock, ms since 1970, for ages of calls. */
  readonly wallMs: number;
  /** Whether this viewer may have numbers and words. */
  readonly personal: boolean;
}

/** Whether a call goes well: `slow` waits for the model too long, `failing` cannot have it. */
export type Health = 'good' | 'slow' | 'reconnecting' | 'failing';

/** One live call in a line. */
export interface CallRow {
  readonly callId: string;
  /** Exotel's id of it; undefined until the stream has started. */
  readonly callSid?: string | undefined;
  readonly agent: string;
  /** The caller's number, its digits but the last three masked unless the viewer may have it; undefined when not known. */
  readonly caller?: string | undefined;
  /** When it was accepted, ms since 1970. */
  readonly acceptedWallMs: number;
  readonly floor: 'agent' | 'caller' | 'nobody';
  /** Why, in a word of the turn chart, such as `bargeIn`. */
  readonly because: string;
  readonly floorSinceMs: number;
  /** From the caller's last sound to the first sample of the reply, of the last five, ms. */
  readonly latenciesMs: readonly number[];
  readonly health: Health;
  /** The caller's voice is kept from the agent. */
  readonly isMuted: boolean;
}

/** All live calls that the viewer may know of, in the order in which they came. */
export interface ListPicture {
  readonly type: 'calls';
  readonly seq: number;
  readonly calls: readonly CallRow[];
}

/** Calls that came or are different, and calls that are over. */
export interface ListChanges {
  readonly type: 'calls.changes';
  readonly seq: number;
  readonly calls: readonly CallRow[];
  readonly gone: readonly string[];
}

/** A chart and where it is. */
export interface ChartState {
  /** The name of the actor within the call, such as `turn`; unlike `chart` it is the actor's alone. */
  readonly actor: string;
  /** The id of the machine, such as `turn` or `toolCall`. */
  readonly chart: string;
  /** The innermost states in force: one, or one in each region. A state's id in its machine is `<chart>.<path>`. */
  readonly states: readonly StateInForce[];
}

/** One state and since when. */
export interface StateInForce {
  /** Dotted, such as `modelSpeaking.speaking`. */
  readonly path: string;
  /** Undefined when it was entered before anybody watched. */
  readonly sinceMs?: number | undefined;
}

/** A chart went from some states to others. */
export interface Step {
  readonly atMs: number;
  readonly actor: string;
  readonly chart: string;
  /** The type of the event. */
  readonly event: string;
  /** What else may be told of the event: the floor and why, a verdict, the code of a failure. */
  readonly detail?: string | undefined;
  /** The innermost states that were left, and how long it was in each; empty when the chart began. */
  readonly from: readonly { readonly path: string; readonly spentMs?: number | undefined }[];
  /** The innermost states that were entered; empty when the chart is over. */
  readonly to: readonly string[];
}

/** A line of the transcript; personal data. */
export interface Line {
  readonly who: 'caller' | 'agent';
  readonly atMs: number;
  /** Of the agent's words only what the caller heard. */
  readonly text: string;
  /** What the agent said and the caller did not hear. */
  readonly unheard: string;
}

/** Words of lines that are not complete; personal data. */
export interface OpenWords {
  readonly caller: string;
  readonly agent: string;
}

/** One turn of the caller's and its answer: end of turn, model and prebuffer are the differences. */
export interface Turn {
  readonly turn: number;
  readonly isBargeIn: boolean;
  readonly callerStartedMs?: number | undefined;
  readonly callerEndedMs?: number | undefined;
  /** The model was told that the turn is over. */
  readonly toldMs?: number | undefined;
  /** Its first audible sound came. */
  readonly firstAudioMs?: number | undefined;
  /** The first of it left for the caller. */
  readonly firstChunkMs?: number | undefined;
}

/** What a mark on the time axis may be. */
export type MarkKind =
  | 'bargeIn.confirmed'
  | 'bargeIn.rejected'
  | 'hold'
  | 'play'
  | 'flush'
  | 'underrun'
  | 'refill'
  | 'carrierMark'
  | 'interrupted'
  | 'lost'
  | 'ready'
  | 'torn'
  | 'nudge'
  | 'newSession'
  | 'failure'
  | 'key'
  | 'tool'
  | 'transfer'
  | 'mute'
  | 'unmute'
  | 'end';

/** Something on the time axis of a call. */
export interface Mark {
  readonly atMs: number;
  readonly kind: MarkKind;
  /** A tool's name and outcome, the code of a failure; never a digit of a key. */
  readonly what?: string | undefined;
  /** How long it had taken at `atMs`. */
  readonly tookMs?: number | undefined;
}

/** The envelope of one party's sound from `fromMs` on without a gap. */
export interface Levels {
  readonly fromMs: number;
  /** Lowest and highest sample of each {@link levelEveryMs}, in turn, −128…127. */
  readonly peaks: readonly number[];
}

/** All that is shown of one call. */
export interface CallPicture {
  readonly callId: string;
  readonly seq: number;
  /** The call's clock when the picture was whole. */
  readonly atMs: number;
  readonly row: CallRow;
  readonly charts: readonly ChartState[];
  /** Since somebody watches. */
  readonly steps: readonly Step[];
  /** Always empty for viewers who may not have them, and for agents that keep no transcript. */
  readonly lines: readonly Line[];
  readonly words: OpenWords;
  readonly turns: readonly Turn[];
  readonly marks: readonly Mark[];
  /** Since somebody watches; the agent's as heard. */
  readonly levels: { readonly caller: Levels; readonly agent: Levels };
}

/** The first message of a watched call. */
export interface CallWhole extends CallPicture {
  readonly type: 'call';
}

/** What became different in a call; what is left out did not. */
export interface CallChanges {
  readonly type: 'call.changes';
  readonly callId: string;
  readonly seq: number;
  readonly atMs: number;
  readonly row?: CallRow;
  /** Charts that began, or are in other states. */
  readonly charts?: readonly ChartState[];
  /** Actors whose charts are over. */
  readonly ended?: readonly string[];
  readonly steps?: readonly Step[];
  readonly lines?: readonly Line[];
  readonly words?: OpenWords;
  readonly turns?: readonly Turn[];
  readonly marks?: readonly Mark[];
  readonly levels?: { readonly caller: Levels; readonly agent: Levels };
  /** Steps and marks that were too many for one batch and are left out. */
  readonly omitted?: number;
}

/** A watched call is over, or cannot be followed any more. */
export interface CallOver {
  readonly type: 'call.over';
  readonly callId: string;
  readonly seq: number;
  /** How it ended, as in its record; undefined when the process that carried it is gone. */
  readonly outcome?: string | undefined;
}

/** What was asked for cannot be had; the connection goes on. */
export interface Problem {
  readonly type: 'problem';
  readonly code: 'watch.bad-question' | 'watch.no-such-call' | 'watch.too-many';
  readonly message: string;
  readonly callId?: string | undefined;
}

/** What is told of a call that is not there, or that the viewer may not know of. */
export function noSuchCall(callId: string): Problem {
  const message = 'expected the id of a live call, found no such one';
  return { type: 'problem', code: 'watch.no-such-call', message, callId };
}

/** The picture after `changes`; undefined when something before them is missing. */
export function applyCallChanges(picture: CallPicture, changes: CallChanges): CallPicture | undefined {
  if (changes.callId !== picture.callId || changes.seq !== picture.seq + 1) return undefined;
  const { seq, atMs, charts = [], ended = [] } = changes;
  const isOther = ({ actor }: ChartState): boolean =>
    !ended.includes(actor) && !charts.some((chart) => chart.actor === actor);
  return {
    callId: picture.callId,
    seq,
    atMs,
    row: changes.row ?? picture.row,
    charts: [...picture.charts.filter(isOther), ...charts.filter(({ actor }) => !ended.includes(actor))].sort(
      (a, b) => (a.actor < b.actor ? -1 : 1),
    ),
    steps: longer(picture.steps, changes.steps, mostShown.steps),
    lines: longer(picture.lines, changes.lines, mostShown.lines),
    words: changes.words ?? picture.words,
    turns: longer(picture.turns, changes.turns, mostShown.turns),
    marks: longer(picture.marks, changes.marks, mostShown.marks),
    levels: {
      caller: joined(picture.levels.caller, changes.levels?.caller),
      agent: joined(picture.levels.agent, changes.levels?.agent),
    },
  };
}

/** The list after `changes`; undefined when something before them is missing. */
export function applyListChanges(list: ListPicture, changes: ListChanges): ListPicture | undefined {
  if (changes.seq !== list.seq + 1) return undefined;
  const rows = new Map(list.calls.map((row) => [row.callId, row]));
  for (const row of changes.calls) rows.set(row.callId, row);
  for (const callId of changes.gone) rows.delete(callId);
  return { type: 'calls', seq: changes.seq, calls: [...rows.values()] };
}

function longer<T>(old: readonly T[], more: readonly T[] | undefined, most: number): readonly T[] {
  return more ? [...old, ...more].slice(-most) : old;
}

function joined(old: Levels, more: Levels | undefined): Levels {
  if (!more || more.peaks.length === 0) return old;
  const peaks = [...old.peaks, ...more.peaks];
  const surplus = Math.max(0, peaks.length / 2 - mostShown.levels);
  return { fromMs: old.fromMs + surplus * levelEveryMs, peaks: peaks.slice(surplus * 2) };
}
