import { type Actor, type AnyActorRef, createActor, type InspectionEvent } from 'xstate';
import {
  type CallEvent,
  type CallInput,
  callMachine,
  exotelLinkMachine,
  type Failure,
  geminiLinkMachine,
  type KeypadAsk,
  playoutMachine,
  type SchedulerCommand,
  speechDetectorMachine,
} from '../../machines/index.ts';
import { type CallFacts, instructionOf, whereRecorded } from '../agents/index.ts';
import { createResampler, type SampleRateHz } from '../audio/index.ts';
import { ExotelWire, exotelWireActor, type StartMessage } from '../exotel/index.ts';
import {
  addUsage,
  costUsd,
  GeminiWire,
  geminiWireActor,
  modelOutputRateHz,
  noTokens,
  toolMode,
} from '../gemini/index.ts';
import { type PlayoutNotice, PlayoutScheduler, type ReplyAccount } from '../playout/index.ts';
import { within } from '../time/index.ts';
import { type ToolCallRecord, ToolDesk, ToolSet, toolsActor } from '../tools/index.ts';
import { type CallCommand, eventOf } from './call-commands.ts';
import type { CallOptions } from './call-options.ts';
import { callPowers } from './call-powers.ts';
import { CallScope } from './call-scope.ts';
import { CallerEar } from './caller-ear.ts';
import { recalls } from './caller-memory.ts';
import { ChartSteps } from './chart-steps.ts';
import { chartsUnder } from './charts-under.ts';
import { type AgentVoice, detectorActor, schedulerActor } from './child-actors.ts';
import { type KeypadAnswer, KeypadAsks, keyLine, withoutDigits } from './dtmf.ts';
import type { CallObserver, CallParties } from './observer.ts';
import { callInput, geminiSettings, playoutPolicy, speechPolicy } from './policies.ts';
import { type Opening, openingOf } from './recorded-opening.ts';
import type { Sentence } from './sentence.ts';
import { Transcript, type TranscriptLine } from './transcript.ts';
import { TurnLog } from './turn-log.ts';
import { waitingPhrase } from './waiting-phrase.ts';

/** Longest wait for what is remembered of a caller, ms: nobody hears anything meanwhile. */
const recallMs = 200;

/** One live call: its actor system, its audio ports and its scope, which ends them all. */
export class LiveCall implements AgentVoice {
  readonly #o: CallOptions;
  readonly #scope: CallScope;
  readonly #acceptedMs: number;
  readonly #exotel: ExotelWire;
  readonly #gemini: GeminiWire;
  readonly #desk: ToolDesk;
  readonly #ear: CallerEar;
  readonly #transcript: Transcript;
  readonly #turns: TurnLog;
  readonly #steps: ChartSteps | undefined;
  readonly #actor: Actor<typeof callMachine>;
  /** Who looks on for a while; a defect of theirs is none of the call's. */
  #watchers: readonly CallObserver[] = [];
  readonly #asks = new KeypadAsks((command) => this.#actor.send(command));
  readonly #counts: Record<string, number> = {};
  #facts: CallFacts | undefined;
  /** For whoever the call is passed on to. */
  #summary = '';
  /** The branch of the flow that observers know of; empty while none is chosen. */
  #branch = '';
  #tokens = noTokens;
  #scheduler: PlayoutScheduler | undefined;
  #notify: ((notice: PlayoutNotice) => void) | undefined;
  #callRateHz: SampleRateHz = 8000;
  /** What the model and the turns hear in place of a caller who is muted; undefined while they hear the caller. */
  #silence: Int16Array | undefined;
  #streamStartedMs = 0;
  /** When the entry that is this turn of the caller's began, ms since the call was accepted. */
  #keysBeganMs: number | undefined;
  #defect: Failure | undefined;

  constructor(options: CallOptions) {
    const { clock, log, socket, access, dial, tools = new ToolSet() } = options;
    const agent = whereRecorded(options.agent, options.areRecordsKept === true);
    this.#o = { ...options, agent };
    const opening = this.#opening();
    this.#acceptedMs = clock.nowMs();
    this.#scope = new CallScope(clock, (error) => this.#fail(error));
    this.#transcript = new Transcript(
      () => this.#nowMs,
      (line) => this.#observe((to) => to.line?.(line)),
    );
    this.#turns = new TurnLog((times) => this.#observe((to) => to.turn?.(times)));
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
      onAudio: (pcm) => this.#scope.run(() => this.#scheduler?.write(pcm)),
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
        (step) => this.#observe((to) => to.step?.(step)),
      );
    }
    this.#desk = new ToolDesk({
      callId: options.callId,
      facts: () => this.#facts,
      call: callPowers({
        send: (event) => this.#actor.send(event),
        summarise: (summary) => {
          this.#summary = summary;
        },
        asks: this.#asks,
        memory: options.memory,
        facts: () => this.#facts,
      }),
      clock: this.#scope.clock,
      log,
      tools,
      modeOf: (blocking) => toolMode(agent.model, blocking),
      answer: (key, answer) => this.#gemini.answerTool(key, answer),
      remark: (name, response) => this.#gemini.tellOfTool(name, response),
      ended: (record) => this.#toolEnded(record),
    });
    this.#actor = createActor(this.#chart(), {
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
    return this.#scheduler?.isFeeding ? this.#scheduler.leadMs : undefined;
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
      if (!this.#spare(() => watch(inspection))) subscription.unsubscribe();
    });
    return () => subscription.unsubscribe();
  }

  /** Lets `observer` follow the call from now on, until the returned function is called. */
  follow(observer: CallObserver): () => void {
    this.#watchers = [...this.#watchers, observer];
    return () => {
      this.#watchers = this.#watchers.filter((other) => other !== observer);
    };
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
    this.#observe((to) => to.commanded?.({ command: command.type, by }, this.#nowMs));
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

  /** For the playout chart: where notices go. */
  listen(notify: (notice: PlayoutNotice) => void): void {
    this.#notify = notify;
  }

  /** For the playout chart: its commands. */
  obey(command: SchedulerCommand): void {
    this.#observe((to) => to.playout?.(command.type, this.#nowMs));
    switch (command.type) {
      case 'queue.play':
        return this.#scheduler?.play();
      case 'queue.hold':
        return this.#scheduler?.hold();
      case 'queue.finish':
        return this.#scheduler?.finish();
      case 'queue.finishAtGap':
        return this.#tear();
      case 'queue.flush':
        return this.#scheduler?.flush();
      case 'queue.fill':
        return this.#fill();
      case 'queue.apologise':
        return this.#say(this.#o.apology);
    }
  }

  /** For the playout chart: the end. */
  dispose(): void {
    this.#scheduler?.dispose();
  }

  get #nowMs(): number {
    return Math.round((this.#o.clock.nowMs() - this.#acceptedMs) * 10) / 10;
  }

  #chart() {
    return callMachine.provide({
      actors: {
        exotelLink: exotelLinkMachine.provide({ actors: { exotelWire: exotelWireActor(this.#exotel) } }),
        geminiLink: geminiLinkMachine.provide({ actors: { geminiWire: geminiWireActor(this.#gemini) } }),
        speechDetector: speechDetectorMachine.provide({ actors: { detector: detectorActor(this.#ear) } }),
        tools: toolsActor(this.#desk),
        playout: playoutMachine.provide({ actors: { scheduler: schedulerActor(this) } }),
      },
      actions: {
        note: ({ event }) => this.#note(event),
        tellTransfer: ({ context }) =>
          this.#observe((to) => to.transferring?.(context.transferTo, this.#summary)),
        tellBranch: ({ context }) => this.#tellBranch(context.branch),
        muteCaller: () => {
          this.#silence = new Int16Array(0);
        },
        unmuteCaller: () => {
          this.#silence = undefined;
        },
      },
    });
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
    this.#observe((to) => to.branching?.(branch || undefined));
  }

  #answer(start: StartMessage): void {
    const { agent, clock, sharedClock } = this.#o;
    this.#callRateHz = start.sampleRateHz;
    this.#streamStartedMs = this.#nowMs;
    this.#ear.setCallRate(start.sampleRateHz);
    this.#gemini.setCallRate(start.sampleRateHz);
    const { from, to, customParameters: parameters } = start;
    this.#recall({ from, to, parameters, wallMs: clock.wallMs(), memory: '' });
    this.#scheduler = new PlayoutScheduler({
      clock: this.#scope.clock,
      sharedClock,
      policy: playoutPolicy(agent),
      callRateHz: start.sampleRateHz,
      modelRateHz: modelOutputRateHz,
      carrier: this.#exotel,
      tap: {
        sent: (pcm, playAtMs) => this.#sent(pcm, playAtMs - clock.nowMs()),
        cleared: (atMs) => this.#cleared(atMs - clock.nowMs()),
      },
      notify: (notice) => this.#notify?.(notice),
      failed: (error) => this.#fail(error),
      settled: (account, how) => this.#settled(account, how),
      count: (what, amount) => this.#count(`playout.${what}`, amount),
    });
    const parties: CallParties = {
      callSid: start.callSid,
      streamSid: start.streamSid,
      from: start.from,
      to: start.to,
      sampleRateHz: start.sampleRateHz,
      parameters: start.customParameters,
    };
    this.#o.log.info({ callSid: start.callSid, sampleRateHz: start.sampleRateHz }, 'call.started');
    this.#observe((to) => to.started?.(parties, this.#nowMs));
    this.#scheduler.answer();
  }

  /** Tells the model what it is told in this call, once what is remembered of the caller is known, or does not come. */
  #recall(facts: CallFacts): void {
    const { agent, memory } = this.#o;
    this.#facts = facts;
    if (!memory || !facts.from || !recalls(agent))
      return this.#gemini.personalise(instructionOf(agent, facts));
    this.#gemini.awaitPersonal();
    const found = memory.of(facts.from).catch(() => undefined);
    within(this.#scope.clock, recallMs, found).then((known) =>
      this.#scope.run(() => {
        if (known === undefined) this.#count('memory.missed', 1);
        this.#facts = { ...facts, memory: known ?? '' };
        this.#gemini.personalise(instructionOf(agent, this.#facts));
      }),
    );
  }

  #markReturned(name: string): void {
    this.#scheduler?.markReturned(name);
    this.#observe((to) => to.mark?.(this.#nowMs));
  }

  #hear(pcm: Int16Array): void {
    this.#observe((to) => to.callerAudio?.(pcm));
    const heard = this.#silence ? this.#silenceOf(pcm.length) : pcm;
    this.#gemini.write(heard);
    this.#ear.hear(heard);
  }

  #silenceOf(samples: number): Int16Array {
    if (!this.#silence || this.#silence.length < samples) this.#silence = new Int16Array(samples);
    return this.#silence.subarray(0, samples);
  }

  #sent(pcm: Int16Array, inMs: number): void {
    this.#ear.expectEchoOf(pcm, inMs);
    this.#observe((to) => to.agentAudio?.(pcm, inMs));
  }

  #cleared(inMs: number): void {
    this.#ear.expectNoEcho(inMs);
    this.#observe((to) => to.agentCleared?.(inMs));
  }

  #settled(account: ReplyAccount, how: 'drained' | 'flushed'): void {
    if (account.by === 'model') this.#endReply(account, how);
    this.#observe((to) => to.reply?.(account, how, this.#nowMs));
  }

  #endReply(account: ReplyAccount, how: 'drained' | 'flushed'): void {
    this.#transcript.endAgentLine(account);
    const last = this.#transcript.lines.at(-1);
    if (this.#o.agent.turns.tellCut && how === 'flushed' && last?.unheard) this.#gemini.tellCut(last.text);
    this.#ear.expectShortAnswer(this.#transcript.endsWithQuestion);
  }

  #takeText(who: 'caller' | 'agent', text: string): void {
    if (who === 'caller') this.#transcript.callerSaid(text);
    else this.#transcript.agentSaid(text, this.#scheduler?.generatedSamples ?? 0);
  }

  #toolEnded(record: ToolCallRecord): void {
    this.#count(`tool.${record.outcome}`, 1);
    this.#observe((to) => to.tool?.(record, this.#nowMs));
  }

  #tear(): void {
    this.#scheduler?.finishAtGap();
    this.#transcript.agentTorn(this.#scheduler?.generatedSamples ?? 0);
  }

  #fill(): void {
    const { samples, sampleRateHz, problem } = waitingPhrase(this.#desk.phrase ?? this.#o.agent.tools.phrase);
    if (problem) this.#o.log.warn({ problem }, 'call.phraseUnusable');
    this.#say({ samples, sampleRateHz });
  }

  #say({ samples, sampleRateHz }: Sentence): void {
    const resampler = createResampler(sampleRateHz, this.#callRateHz);
    const spoken = resampler.push(samples).slice();
    resampler.dispose();
    this.#scheduler?.say(spoken);
  }

  #note(event: CallEvent): void {
    const atMs = this.#nowMs;
    const isOfOwnSentence = event.type.startsWith('playout.') && this.#scheduler?.isOwnSentence;
    this.#noteKeys(event, atMs);
    if (!isOfOwnSentence) this.#turns.note(event, atMs, this.#callerTurnTimes(atMs));
    if (event.type === 'gemini.endCallerTurn') this.#keysBeganMs = undefined;
    this.#logEvent(event);
    const told = withoutDigits(event, this.#o.agent.dtmf.masked);
    this.#observe((to) => to.event?.(told, atMs));
  }

  #noteKeys(event: CallEvent, atMs: number): void {
    if (event.type === 'keypad.began') this.#keysBeganMs ??= atMs;
    else if (event.type === 'keypad.answered') this.#asks.answered(event);
    else if (event.type === 'keypad.entered') {
      this.#keysBeganMs ??= atMs;
      this.#transcript.callerPressed(keyLine(event.digits, this.#o.agent.dtmf.masked));
    }
  }

  #callerTurnTimes(nowMs: number): { startedMs: number; endedMs: number } {
    if (this.#keysBeganMs !== undefined) return { startedMs: this.#keysBeganMs, endedMs: nowMs };
    const { onsetMs, endedMs } = this.#ear.lastSpeech;
    return { startedMs: this.#streamStartedMs + onsetMs, endedMs: this.#streamStartedMs + endedMs };
  }

  #logEvent(event: CallEvent): void {
    if ('failure' in event && event.failure) this.#o.log.error({ ...event.failure }, event.type);
    else if (event.type === 'turn.floor')
      this.#o.log.info({ floor: event.floor, because: event.because }, event.type);
    else this.#o.log.debug(event.type);
  }

  #count(what: string, amount: number): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + amount;
  }

  #observe(tell: (to: CallObserver) => void): void {
    for (const observer of this.#o.observers) tell(observer);
    for (const watcher of this.#watchers) {
      if (this.#spare(() => tell(watcher))) continue;
      this.#watchers = this.#watchers.filter((other) => other !== watcher);
    }
  }

  /** Does what the call can do without; false when it failed. */
  #spare(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      this.#o.log.error({ code: 'inspection.defect', message }, 'inspection.failed');
      return false;
    }
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
    this.#scheduler?.dispose();
    this.#transcript.endCallerLine();
    this.#asks.end();
    this.#steps?.end();
    const output = this.#actor.getSnapshot().output;
    const usd = costUsd(this.#o.agent.model, this.#tokens);
    const summary = {
      outcome: output?.outcome ?? 'stopped',
      failure: output?.failure ?? this.#defect,
      transferTo: output?.transferTo,
      durationMs: this.#nowMs,
      tokens: this.#tokens,
      cost: usd === undefined ? undefined : { usd },
      counts: this.#counts,
    };
    const { prompt, response } = this.#tokens;
    this.#o.log.info(
      {
        outcome: summary.outcome,
        durationMs: Math.round(summary.durationMs),
        tokens: { prompt, response },
        costUsd: usd,
      },
      'call.ended',
    );
    try {
      this.#observe((to) => to.ended?.(summary));
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      this.#o.log.error({ code: 'call.defect', message }, 'call.failed');
    }
    this.#o.onOver(this.#o.callId);
  }
}
