import type { AnyActorRef, InspectionEvent } from 'xstate';
import type { CallObserver, TranscriptLine } from '../call/index.ts';
import type { Redact } from '../records/index.ts';
import type { CallNotes } from './call-notes.ts';
import { ChartWatch } from './chart-watch.ts';
import type { CallChanges, CallPicture, Levels, Line, Mark, OpenWords, Step, Turn } from './format.ts';
import { LevelMeter } from './level-meter.ts';

/** Steps and marks of one batch, each; what is more is counted and left out. */
const mostOfBatch = 100;
/** The caller's levels are told so much later: chunks come unevenly. */
const callerLateMs = 100;

/** What is watched of a call. */
export interface WatchableCall {
  readonly ageMs: number;
  readonly charts: Iterable<AnyActorRef>;
  readonly lines: readonly TranscriptLine[];
  readonly openWords: OpenWords;
  inspect(watch: (inspection: InspectionEvent) => void): () => void;
  follow(observer: CallObserver): () => void;
}

/** What is told of each call that is watched in this process. */
export interface CallSourceOptions {
  readonly call: WatchableCall;
  readonly notes: CallNotes;
  /** Takes out of a line what the agent's records leave out. */
  readonly redact: Redact;
  /** Whether the agent keeps a transcript: else nobody reads what is said. */
  readonly hasTranscript: boolean;
}

/** A batch without its number. */
export type Batch = Omit<CallChanges, 'type' | 'callId' | 'seq'>;

/** Follows one call of this process from the first viewer to the last; nothing of it is attached before and after. */
export class CallSource {
  readonly #o: CallSourceOptions;
  readonly #charts: ChartWatch;
  readonly #caller: LevelMeter;
  readonly #agent: LevelMeter;
  readonly #detach: readonly (() => void)[];
  readonly #touched = new Set<string>();
  #steps: Step[] = [];
  #marks: Mark[] = [];
  #turns: Turn[] = [];
  #lines: Line[] = [];
  #omitted = 0;
  #revision: number;
  /** What is being said, as it is and as it may be read; and what of it was told. */
  #raw: OpenWords = { caller: '', agent: '' };
  #clear: OpenWords = this.#raw;
  #words: OpenWords;

  constructor(options: CallSourceOptions) {
    this.#o = options;
    const { call, notes } = options;
    const nowMs = (): number => call.ageMs;
    this.#charts = new ChartWatch(call.charts, nowMs, (step) => this.#stepped(step));
    this.#caller = new LevelMeter(nowMs());
    this.#agent = new LevelMeter(nowMs());
    this.#revision = notes.revision;
    this.#words = this.#openWords;
    notes.reader = {
      mark: (mark) => this.#marked(mark),
      turn: (turn) => this.#turns.push(turn),
      line: (line) => this.#said(line),
    };
    this.#detach = [call.inspect(this.#charts.inspect), call.follow(this.#listener())];
  }

  /** The whole picture as of now, before any batch. */
  whole(callId: string, seq: number): CallPicture {
    const { call, notes, hasTranscript } = this.#o;
    const none = (meter: LevelMeter): Levels => ({ fromMs: meter.fromMs, peaks: [] });
    return {
      callId,
      seq,
      atMs: call.ageMs,
      row: notes.row,
      charts: this.#charts.states,
      steps: [],
      lines: hasTranscript ? call.lines.map((line) => this.#clean(line)) : [],
      words: this.#words,
      turns: [...notes.turns],
      marks: [...notes.marks],
      levels: { caller: none(this.#caller), agent: none(this.#agent) },
    };
  }

  /** What has happened since the last batch; undefined when nothing has. */
  batch(): Batch | undefined {
    const { call, notes } = this.#o;
    const atMs = call.ageMs;
    const states = this.#touched.size > 0 ? this.#charts.states : [];
    const charts = states.filter(({ actor }) => this.#touched.has(actor));
    const ended = [...this.#touched].filter((name) => !states.some(({ actor }) => actor === name));
    const words = this.#openWords;
    const levels = { caller: this.#caller.take(atMs - callerLateMs), agent: this.#agent.take(atMs) };
    const hasLevels = levels.caller.peaks.length > 0 || levels.agent.peaks.length > 0;
    const isOtherWords = words.caller !== this.#words.caller || words.agent !== this.#words.agent;
    const batch = {
      ...(notes.revision !== this.#revision && { row: notes.row }),
      ...(charts.length > 0 && { charts }),
      ...(ended.length > 0 && { ended }),
      ...(this.#steps.length > 0 && { steps: this.#steps }),
      ...(this.#lines.length > 0 && { lines: this.#lines }),
      ...(isOtherWords && { words }),
      ...(this.#turns.length > 0 && { turns: this.#turns }),
      ...(this.#marks.length > 0 && { marks: this.#marks }),
      ...(hasLevels && { levels }),
      ...(this.#omitted > 0 && { omitted: this.#omitted }),
    };
    this.#revision = notes.revision;
    this.#words = words;
    this.#touched.clear();
    [this.#steps, this.#marks, this.#turns, this.#lines, this.#omitted] = [[], [], [], [], 0];
    return Object.keys(batch).length > 0 ? { atMs, ...batch } : undefined;
  }

  /** Lets go of the call. */
  end(): void {
    this.#o.notes.reader = undefined;
    for (const detach of this.#detach) detach();
  }

  get #openWords(): OpenWords {
    const { call, redact, hasTranscript } = this.#o;
    if (!hasTranscript) return { caller: '', agent: '' };
    const { caller, agent } = call.openWords;
    if (caller !== this.#raw.caller || agent !== this.#raw.agent) {
      this.#raw = { caller, agent };
      this.#clear = { caller: redact(caller), agent: redact(agent) };
    }
    return this.#clear;
  }

  #listener(): CallObserver {
    const { call, notes } = this.#o;
    const rate = (): number => notes.sampleRateHz ?? 8000;
    return {
      callerAudio: (pcm) => this.#caller.write(pcm, call.ageMs - (pcm.length * 1000) / rate(), rate()),
      agentAudio: (pcm, inMs) => this.#agent.write(pcm, call.ageMs + inMs, rate()),
      agentCleared: (inMs) => this.#agent.clear(call.ageMs + inMs),
      mark: (atMs) => this.#marked({ atMs, kind: 'carrierMark' }),
    };
  }

  #stepped(step: Step): void {
    this.#touched.add(step.actor);
    if (this.#steps.length < mostOfBatch) this.#steps.push(step);
    else this.#omitted += 1;
  }

  #marked(mark: Mark): void {
    if (this.#marks.length < mostOfBatch) this.#marks.push(mark);
    else this.#omitted += 1;
  }

  #said(line: TranscriptLine): void {
    if (this.#o.hasTranscript) this.#lines.push(this.#clean(line));
  }

  #clean({ who, atMs, text, unheard }: TranscriptLine): Line {
    const { redact } = this.#o;
    return { who, atMs, text: redact(text), unheard: redact(unheard) };
  }
}
