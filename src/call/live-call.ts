import type { Actor, AnyActorRef, InspectionEvent } from 'xstate';
import type { CallInput, callMachine, Failure, KeypadAsk } from '../../machines/index.ts';
import { whereRecorded } from '../agents/index.ts';
import { ExotelWire, type StartMessage } from '../exotel/index.ts';
import { addUsage, GeminiWire, noTokens, toolMode } from '../gemini/index.ts';
import { type ToolCallRecord, ToolDesk, ToolSet } from '../tools/index.ts';
import { Audience } from './audience.ts';
import { type CallParts, callActor } from './call-chart.ts';
import { type CallCommand, eventOf } from './call-commands.ts';
import { logEnd, summaryOf } from './call-end.ts';
import { KnownFacts } from './call-facts.ts';
import type { CallOptions } from './call-options.ts';
import { callPowers } from './call-powers.ts';
import { CallScope } from './call-scope.ts';
import { CallVoice } from './call-voice.ts';
import { CallerEar } from './caller-ear.ts';
import { ChartSteps } from './chart-steps.ts';
import { chartsUnder } from './charts-under.ts';
import { type KeypadAnswer, KeypadAsks } from './dtmf.ts';
import { EventNotes } from './event-notes.ts';
import { MutedCaller } from './muted-caller.ts';
import type { CallObserver, CallParties } from './observer.ts';
import { OpenLines } from './open-lines.ts';
import { callInput, geminiSettings, speechPolicy } from './policies.ts';
import { type Opening, openingOf } from './recorded-opening.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';

/** One live call: its actor system, its audio ports and its scope, which ends them all. */
export class LiveCall {
  readonly #o: CallOptions;
  readonly #scope: CallScope;
  readonly #acceptedMs: number;
  readonly #exotel: ExotelWire;
  readonly #gemini: GeminiWire;
  readonly #desk: ToolDesk;
  readonly #ear: CallerEar;
  readonly #transcript: Transcript;
  readonly #openLines: OpenLines;
  readonly #voice: CallVoice;
  readonly #notes: EventNotes;
  readonly #known: KnownFacts;
  readonly #audience: Audience;
  readonly #caller = new MutedCaller();
  readonly #steps: ChartSteps | undefined;
  readonly #actor: Actor<typeof callMachine>;
  readonly #asks = new KeypadAsks((command) => this.#actor.send(command));
  readonly #counts: Record<string, number> = {};
  /** For whoever the call is passed on to. */
  #summary = '';
  /** The branch of the flow that observers know of; empty while none is chosen. */
  #branch = '';
  #tokens = noTokens;
  #defect: Failure | undefined;

  constructor(options: CallOptions) {
    const { clock, log, socket, access, dial, tools = new ToolSet() } = options;
    const agent = whereRecorded(options.agent, options.areRecordsKept === true);
    this.#o = { ...options, agent };
    const opening = this.#opening();
    this.#acceptedMs = clock.nowMs();
    this.#audience = new Audience(options.observers, log);
    this.#scope = new CallScope(clock, (error) => this.#fail(error));
    this.#transcript = new Transcript(
      () => this.#nowMs,
      (line) => this.#audience.tell((to) => to.line?.(line)),
    );
    this.#openLines = new OpenLines(
      this.#scope.clock,
      () => this.#transcript.openLines(this.#voice.heardSamples),
      (lines) => this.#audience.tell((to) => to.openLines?.(lines)),
    );
    this.#ear = new CallerEar(speechPolicy(agent), options.scorer);
    this.#exotel = new ExotelWire({
      socket,
      clock: this.#scope.clock,
      log,
      expectedCallSid: options.expectedCallSid,
      onStart: (start) => this.#scope.run(() => this.#answer(start)),
      onAudio: (pcm) => this.#scope.run(() => this.#hear(pcm)),
      onMark: (name) => this.#scope.run(() => this.#markReturned(name)),
      count: (what, amount) => this.#count(`exotel.${what}`, amount),
    });
    this.#gemini = new GeminiWire({
      clock,
      log,
      access,
      settings: { ...geminiSettings(agent, tools.all), greetingClip: opening.clip },
      preRollMs: agent.turns.preRollMs,
      dial,
      warm: options.warm,
      transcript: () => this.#transcript.recap(),
      heardOfReply: () => this.#transcript.lastOfAgent,
      lastOfCaller: () => this.#transcript.lastOfCaller,
      onCallerRepeats: () => this.#transcript.callerRepeats(),
      onCallerTurn: (goesOn) => this.#transcript.callerBegan(goesOn),
      onAudio: (pcm) => this.#scope.run(() => this.#speak(pcm)),
      onTranscript: (who, text) => this.#scope.run(() => this.#takeText(who, text)),
      onToolCalls: (calls) => this.#scope.run(() => this.#desk.take(calls)),
      onToolsCancelled: (keys) => this.#scope.run(() => this.#desk.cancel(keys)),
      onUsage: (usage) => {
        this.#tokens = addUsage(this.#tokens, usage);
      },
      count: (what, amount) => this.#count(`gemini.${what}`, amount),
    });
    if (options.observers.some(({ step }) => step)) {
      this.#steps = new ChartSteps(
        () => this.#nowMs,
        (step) => this.#audience.tell((to) => to.step?.(step)),
      );
    }
    this.#desk = new ToolDesk({
      callId: options.callId,
      facts: () => this.#known.facts,
      call: callPowers({
        send: (event) => this.#actor.send(event),
        summarise: (summary) => {
          this.#summary = summary;
        },
        asks: this.#asks,
        memory: options.memory,
        facts: () => this.#known.facts,
      }),
      clock: this.#scope.clock,
      log,
      tools,
      modeOf: (blocking) => toolMode(agent.model, blocking),
      answer: (key, answer) => this.#gemini.answerTool(key, answer),
      remark: (name, response) => this.#gemini.tellOfTool(name, response),
      ended: (record) => this.#toolEnded(record),
    });
    this.#voice = new CallVoice({
      agent,
      clock: this.#scope.clock,
      sharedClock: options.sharedClock,
      log,
      carrier: this.#exotel,
      ear: this.#ear,
      transcript: this.#transcript,
      audience: this.#audience,
      apology: options.apology,
      nowMs: () => this.#nowMs,
      phrase: () => this.#desk.phrase,
      tellCut: (heard) => this.#gemini.tellCut(heard),
      failed: (error) => this.#fail(error),
      count: (what, amount) => this.#count(`playout.${what}`, amount),
    });
    this.#notes = new EventNotes({
      log,
      ear: this.#ear,
      transcript: this.#transcript,
      asks: this.#asks,
      audience: this.#audience,
      areKeysMasked: agent.dtmf.masked,
      nowMs: () => this.#nowMs,
      isOwnSentence: () => this.#voice.isOwnSentence,
    });
    this.#known = new KnownFacts({
      agent,
      memory: options.memory,
      clock: this.#scope.clock,
      run: (act) => this.#scope.run(act),
      awaitPersonal: () => this.#gemini.awaitPersonal(),
      personalise: (instruction) => this.#gemini.personalise(instruction),
      missed: () => this.#count('memory.missed', 1),
    });
    const parts: CallParts = {
      exotel: this.#exotel,
      gemini: this.#gemini,
      ear: this.#ear,
      desk: this.#desk,
      voice: this.#voice,
      notes: this.#notes,
      caller: this.#caller,
      tellTransfer: (to) => this.#audience.tell((one) => one.transferring?.(to, this.#summary)),
      tellBranch: (branch) => this.#tellBranch(branch),
    };
    this.#actor = callActor(parts, {
      clock: this.#scope.clock,
      ...(this.#steps ? { inspect: this.#steps.inspect } : {}),
      input: callInput(options.callId, agent, opening.announcementMs) satisfies CallInput,
    });
  }

  /** Aborted when the call is over, however it ended. */
  get scope(): AbortSignal {
    return this.#scope.signal;
  }

  /** The agent that takes the call. */
  get agent(): string {
    return this.#o.agent.name;
  }

  /** Audio that is at the carrier and not heard yet, ms; undefined unless a reply is being fed. */
  get leadMs(): number | undefined {
    return this.#voice.leadMs;
  }

  /** Starts the call's actors. */
  start(): void {
    this.#actor.subscribe({
      complete: () => this.#over(),
      error: (error) => this.#fail(error),
    });
    this.#actor.start();
  }

  /** Lets `watch` follow the call's charts, event by event, until the returned function is called. */
  inspect(watch: (inspection: InspectionEvent) => void): () => void {
    const subscription = this.#actor.system.inspect((inspection) => {
      if (!this.#audience.spare(() => watch(inspection))) subscription.unsubscribe();
    });
    return () => subscription.unsubscribe();
  }

  /** Lets `observer` follow the call from now on, until the returned function is called. */
  follow(observer: CallObserver): () => void {
    return this.#audience.follow(observer);
  }

  /** The actors of the call's charts that run, each behind its parent. */
  get charts(): AnyActorRef[] {
    return chartsUnder(this.#actor);
  }

  /** What was said so far, line by line. */
  get lines(): readonly TranscriptLine[] {
    return this.#transcript.lines;
  }

  /** What is being said: words of lines that are not complete; the agent's may be ahead of what is heard. */
  get openWords(): { readonly caller: string; readonly agent: string } {
    return this.#transcript.openWords;
  }

  /** Ms since the call was accepted. */
  get ageMs(): number {
    return this.#nowMs;
  }

  /** Ends the call: last words are heard, then the line is closed. */
  end(): void {
    this.#actor.send({ type: 'call.end' });
  }

  /** Ends the call because the service goes away: the agent says goodbye, then as {@link end}. */
  takeLeave(): void {
    this.#actor.send({ type: 'call.takeLeave' });
  }

  /**
   * Has a command of somebody outside carried out, and tells observers whose it was.
   *
   * @param by the name of whoever commands, for the record
   * @returns false when it cannot be taken at this moment
   */
  command(command: CallCommand, by: string): boolean {
    const event = eventOf(command);
    const now = this.#actor.getSnapshot();
    // a caller who is muted already, or is not muted, stays so
    const isSo = command.type === 'mute' && now.can(eventOf({ type: 'mute', isMuted: !command.isMuted }));
    if (!isSo && !now.can(event)) return false;
    this.#audience.tell((to) => to.commanded?.({ command: command.type, by }, this.#nowMs));
    if (!isSo) this.#actor.send(event);
    return true;
  }

  /** Waits for a number that the caller enters; its digits reach neither the model nor the transcript. Never rejects. */
  askForDigits(ask: KeypadAsk, signal?: AbortSignal): Promise<KeypadAnswer> {
    return this.#asks.ask(ask, signal);
  }

  /** Ends the call without another word: the line is closed. */
  hangUp(): void {
    this.#actor.send({ type: 'call.hangUp' });
  }

  /** Ends the call at once. */
  abort(): void {
    this.#actor.stop();
    this.#over();
  }

  get #nowMs(): number {
    return Math.round((this.#o.clock.nowMs() - this.#acceptedMs) * 10) / 10;
  }

  #opening(): Opening {
    const opening = openingOf(this.#o.agent);
    if (opening.problem) {
      this.#o.log.warn({ problem: opening.problem }, 'call.greetingUnusable');
      this.#count('greeting.clipUnusable', 1);
    }
    return opening;
  }

  #tellBranch(branch: string): void {
    if (branch === this.#branch) return;
    this.#branch = branch;
    this.#audience.tell((to) => to.branching?.(branch || undefined));
  }

  #answer(start: StartMessage): void {
    this.#notes.streamStarted();
    this.#ear.setCallRate(start.sampleRateHz);
    this.#gemini.setCallRate(start.sampleRateHz);
    const { from, to, customParameters: parameters } = start;
    this.#known.learn({ from, to, parameters, wallMs: this.#o.clock.wallMs(), memory: '' });
    this.#voice.open(start.sampleRateHz);
    const parties: CallParties = {
      callSid: start.callSid,
      streamSid: start.streamSid,
      from: start.from,
      to: start.to,
      sampleRateHz: start.sampleRateHz,
      parameters: start.customParameters,
    };
    this.#o.log.info({ callSid: start.callSid, sampleRateHz: start.sampleRateHz }, 'call.started');
    this.#audience.tell((to) => to.started?.(parties, this.#nowMs));
    this.#voice.answer();
  }

  #markReturned(name: string): void {
    this.#voice.markReturned(name);
    this.#audience.tell((to) => to.mark?.(this.#nowMs));
  }

  #hear(pcm: Int16Array): void {
    this.#o.sharedClock.catchUp();
    this.#audience.hear(pcm);
    const heard = this.#caller.heard(pcm);
    this.#gemini.write(heard);
    this.#ear.hear(heard);
  }

  #speak(pcm: Int16Array): void {
    this.#o.sharedClock.catchUp();
    this.#voice.write(pcm);
  }

  #takeText(who: 'caller' | 'agent', text: string): void {
    if (who === 'caller') this.#transcript.callerSaid(text);
    else this.#transcript.agentSaid(text, this.#voice.generatedSamples);
    this.#openLines.grown();
  }

  #toolEnded(record: ToolCallRecord): void {
    this.#count(`tool.${record.outcome}`, 1);
    this.#audience.tell((to) => to.tool?.(record, this.#nowMs));
  }

  #count(what: string, amount: number): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + amount;
  }

  /** A defect of ours: this call ends at once, no other is touched. */
  #fail(error: unknown): void {
    if (this.#scope.signal.aborted) return;
    const message = error instanceof Error ? error.message : 'unknown';
    this.#defect = { code: 'call.defect', message };
    this.#o.log.error({ ...this.#defect }, 'call.failed');
    this.#actor.stop();
    this.#over();
  }

  #over(): void {
    if (this.#scope.signal.aborted) return;
    // a thrown action leaves children running, so each part is ended here again; all of them take it twice
    this.#scope.end();
    this.#exotel.dispose();
    this.#gemini.dispose();
    this.#desk.dispose();
    this.#ear.dispose();
    this.#voice.dispose();
    this.#transcript.endCallerLine();
    this.#asks.end();
    this.#steps?.end();
    const summary = summaryOf({
      model: this.#o.agent.model,
      output: this.#actor.getSnapshot().output,
      defect: this.#defect,
      durationMs: this.#nowMs,
      tokens: this.#tokens,
      counts: this.#counts,
    });
    logEnd(this.#o.log, summary);
    try {
      this.#audience.tell((to) => to.ended?.(summary));
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      this.#o.log.error({ code: 'call.defect', message }, 'call.failed');
    }
    this.#o.onOver(this.#o.callId);
  }
}
