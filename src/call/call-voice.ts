import type { SchedulerCommand } from '../../machines/index.ts';
import type { Agent } from '../agents/index.ts';
import { createResampler, type SampleRateHz } from '../audio/index.ts';
import type { ExotelWire } from '../exotel/index.ts';
import { modelOutputRateHz } from '../gemini/index.ts';
import type { Log } from '../observe/index.ts';
import {
  type PlayoutNotice,
  PlayoutScheduler,
  type ReplyAccount,
  type SharedPlayoutClock,
} from '../playout/index.ts';
import type { Clock } from '../time/index.ts';
import type { Audience } from './audience.ts';
import type { CallerEar } from './caller-ear.ts';
import type { AgentVoice } from './child-actors.ts';
import { playoutPolicy } from './policies.ts';
import type { Sentence } from './sentence.ts';
import type { Transcript } from './transcript.ts';
import { waitingPhrase } from './waiting-phrase.ts';

/** What the agent's voice is made of. */
export interface CallVoiceOptions {
  readonly agent: Agent;
  /** The clock of the call's scope. */
  readonly clock: Clock;
  readonly sharedClock: SharedPlayoutClock;
  readonly log: Log;
  readonly carrier: ExotelWire;
  readonly ear: CallerEar;
  readonly transcript: Transcript;
  readonly audience: Audience;
  readonly apology: Sentence;
  /** Ms since the call was accepted. */
  readonly nowMs: () => number;
  /** What a caller hears who waits for the tool that runs; undefined: as the agent says. */
  readonly phrase: () => string | undefined;
  /** Tells the model how far the caller heard its interrupted reply. */
  readonly tellCut: (heard: string) => void;
  readonly failed: (error: unknown) => void;
  readonly count: (what: string, amount: number) => void;
}

/** What a call says: the model's replies and sentences of our own, as the playout chart commands. */
export class CallVoice implements AgentVoice {
  readonly #o: CallVoiceOptions;
  #scheduler: PlayoutScheduler | undefined;
  #notify: ((notice: PlayoutNotice) => void) | undefined;
  #callRateHz: SampleRateHz = 8000;

  constructor(options: CallVoiceOptions) {
    this.#o = options;
  }

  /** The stream has started, at this rate. */
  open(callRateHz: SampleRateHz): void {
    const { agent, clock, sharedClock, carrier, failed, count } = this.#o;
    this.#callRateHz = callRateHz;
    this.#scheduler = new PlayoutScheduler({
      clock,
      sharedClock,
      policy: playoutPolicy(agent),
      callRateHz,
      modelRateHz: modelOutputRateHz,
      carrier,
      tap: {
        sent: (pcm, playAtMs) => this.#sent(pcm, playAtMs - clock.nowMs()),
        cleared: (atMs) => this.#cleared(atMs - clock.nowMs()),
      },
      notify: (notice) => this.#notify?.(notice),
      failed,
      settled: (account, how) => this.#settled(account, how),
      count,
    });
  }

  /** The call is answered: the line is kept alive from now on. */
  answer(): void {
    this.#scheduler?.answer();
  }

  /** Takes audio of the model's, at its rate. */
  write(pcm: Int16Array): void {
    this.#scheduler?.write(pcm);
  }

  markReturned(name: string): void {
    this.#scheduler?.markReturned(name);
  }

  /** Audio that is at the carrier and not heard yet, ms; undefined unless a reply is being fed. */
  get leadMs(): number | undefined {
    return this.#scheduler?.isFeeding ? this.#scheduler.leadMs : undefined;
  }

  /** Samples of the reply so far, at the rate of the call. */
  get generatedSamples(): number {
    return this.#scheduler?.generatedSamples ?? 0;
  }

  /** Samples of the reply that the caller has heard by now, as estimated. */
  get heardSamples(): number {
    // the account is that of the sentence then
    return this.isOwnSentence ? 0 : (this.#scheduler?.account().heard ?? 0);
  }

  /** Whether what is heard is no reply of the model's. */
  get isOwnSentence(): boolean {
    return this.#scheduler?.isOwnSentence === true;
  }

  listen(notify: (notice: PlayoutNotice) => void): void {
    this.#notify = notify;
  }

  obey(command: SchedulerCommand): void {
    const { audience, apology, nowMs } = this.#o;
    audience.tell((to) => to.playout?.(command.type, nowMs()));
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
        return this.#say(apology);
    }
  }

  dispose(): void {
    this.#scheduler?.dispose();
  }

  #sent(pcm: Int16Array, inMs: number): void {
    this.#o.ear.expectEchoOf(pcm, inMs);
    this.#o.audience.tell((to) => to.agentAudio?.(pcm, inMs));
  }

  #cleared(inMs: number): void {
    this.#o.ear.expectNoEcho(inMs);
    this.#o.audience.tell((to) => to.agentCleared?.(inMs));
  }

  #settled(account: ReplyAccount, how: 'drained' | 'flushed'): void {
    const { audience, nowMs } = this.#o;
    if (account.by === 'model') this.#endReply(account, how);
    audience.tell((to) => to.reply?.(account, how, nowMs()));
  }

  #endReply(account: ReplyAccount, how: 'drained' | 'flushed'): void {
    const { agent, transcript, ear, tellCut } = this.#o;
    transcript.endAgentLine(account);
    const last = transcript.lines.at(-1);
    if (agent.turns.tellCut && how === 'flushed' && last?.unheard) tellCut(last.text);
    ear.expectShortAnswer(transcript.endsWithQuestion);
  }

  #tear(): void {
    this.#scheduler?.finishAtGap();
    this.#o.transcript.agentTorn(this.generatedSamples);
  }

  #fill(): void {
    const { agent, log, phrase } = this.#o;
    const { samples, sampleRateHz, problem } = waitingPhrase(phrase() ?? agent.tools.phrase);
    if (problem) log.warn({ problem }, 'call.phraseUnusable');
    this.#say({ samples, sampleRateHz });
  }

  #say({ samples, sampleRateHz }: Sentence): void {
    const resampler = createResampler(sampleRateHz, this.#callRateHz);
    const spoken = resampler.push(samples).slice();
    resampler.dispose();
    this.#scheduler?.say(spoken);
  }
}
