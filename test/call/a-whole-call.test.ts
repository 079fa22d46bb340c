import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CallerClip,
  type DialogueOutcome,
  type DialogueStep,
  type GeminiScript,
  loadCaller,
  type Pace,
  reachedClip,
  spoken,
  type VoiceName,
  voices,
} from '../../src/sim/index.ts';
import { heardExactly } from '../helpers/heard-exactly.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

/** Gemini's audio in bursts, with stalls. */
const pace: Partial<Pace> = {
  speed: 4,
  chunkMs: [40, 120],
  burstChunks: 2,
  stalls: [{ afterMs: 900, forMs: 100 }],
};

/** What the caller says, what the model answers, and when the caller interrupts it. */
const exchanges: { clip: CallerClip; reply: VoiceName; cutAfterMs?: number }[] = [
  { clip: 'hello-hours', reply: 'hours' },
  { clip: 'for-tomorrow-at-five', reply: 'cakes', cutAfterMs: 2500 },
  { clip: 'sorry-one-moment', reply: 'goAhead' },
  { clip: 'number-two', reply: 'offer' },
  { clip: 'yes', reply: 'booked' },
];

const script: GeminiScript = {
  greeting: spoken('greeting', pace),
  turns: exchanges.map(({ clip, reply }) => ({ heard: clip, reply: spoken(reply, pace) })),
};

async function steps(): Promise<DialogueStep[]> {
  const taken: DialogueStep[] = [
    { wait: 'connected', withinMs: 5000 },
    { wait: 'agentFinished', withinMs: 20_000 },
  ];
  let cutAfterMs: number | undefined;
  for (const exchange of exchanges) {
    const say = await loadCaller(exchange.clip);
    taken.push(
      cutAfterMs === undefined
        ? { say, afterMs: 400 }
        : { say, afterAgentAudibleMs: cutAfterMs, withinMs: 10_000 },
    );
    cutAfterMs = exchange.cutAfterMs;
    if (cutAfterMs === undefined)
      taken.push({ wait: 'agentFinished', withinMs: 30_000, afterSilenceMs: 300 });
  }
  return [...taken, { hangUp: true }, { wait: 'ended', withinMs: 5000 }];
}

async function run(
  seed: number,
): Promise<SimulatedCall & { service: SimulatedService; outcome: DialogueOutcome }> {
  const service = new SimulatedService({ script, seed });
  const simulated = service.dial();
  const outcome = await service.talk(simulated.caller, await steps());
  await service.clock.run(1000);
  return { ...simulated, service, outcome };
}

describe('a whole call: greeting, question, interruption, a bare yes, hanging up', () => {
  let call: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    call = await run(1);
  });

  it('goes through every step', () => {
    expect(call.outcome.failure?.error.message).toBeUndefined();
    expect(call.seen.summary).toMatchObject({ outcome: 'callerHungUp', failure: undefined });
  });

  it('lets the caller hear every reply whole, sample by sample, and the interrupted one in part', () => {
    const heard = call.caller.heard.samples();
    const names: VoiceName[] = ['greeting', ...exchanges.map(({ reply }) => reply)];
    let from = 0;
    for (const name of names) {
      const reply = heardExactly(name, heard, from);
      expect(reply.at, name).toBeGreaterThanOrEqual(0);
      from = reply.at;
      if (name !== 'cakes') {
        expect({ name, intact: reply.intact }).toEqual({ name, intact: reply.samples });
        continue;
      }
      expect(reply.intact / reply.samples).toBeGreaterThan(0.1);
      expect(reply.intact / reply.samples).toBeLessThan(0.5);
    }
    const interruption = call.outcome.steps.filter(({ said }) => said !== undefined)[2]?.said;
    for (const { fromMs } of call.caller.underruns) {
      // the reply may be held there for a verdict
      expect(fromMs).toBeGreaterThan(interruption?.speechOnsetMs ?? 0);
      expect(fromMs).toBeLessThan(interruption?.speechEndMs ?? 0);
    }
    expect(call.caller.violations).toEqual([]);
  });

  it('brings every turn of the caller to the model, with its first syllable', async () => {
    const { turns = [] } = call.service.sessions[0]?.observation ?? {};
    const said = turns.filter(({ by }) => by === 'manual');
    expect(said).toHaveLength(exchanges.length);
    for (const [index, { clip }] of exchanges.entries()) {
      const { clippedMs, likeness } = reachedClip(
        await loadCaller(clip),
        said[index]?.audio ?? new Int16Array(0),
      );
      expect({ clip, clippedMs }).toEqual({ clip, clippedMs: 0 });
      expect(likeness).toBeGreaterThan(0.9);
    }
  });

  it('writes down who said what, and what of it was not heard', () => {
    const { lines } = call.seen;
    expect(lines.map(({ who }) => who)).toEqual(['agent', ...exchanges.flatMap(() => ['caller', 'agent'])]);
    const cut = lines.find(({ unheard }) => unheard !== '');
    const whole = `${cut?.text} ${cut?.unheard}`;
    expect(voices.cakes.text.startsWith(whole)).toBe(true);
    expect(cut?.text.length).toBeGreaterThan(10);
    expect(lines.filter(({ unheard }) => unheard !== '')).toHaveLength(1);
    expect(lines.filter(({ who }) => who === 'caller').map(({ text }) => text)).toEqual(
      exchanges.map(({ clip }) => clip),
    );
  });

  it('takes the interruption for one, and nothing else', () => {
    const verdicts = call.seen.events.flatMap(({ event }) => ('verdict' in event ? [event.verdict] : []));
    // a speaker who draws breath may be taken for a backchannel at first
    expect(verdicts.filter((verdict) => verdict === 'confirmed')).toHaveLength(1);
    expect(verdicts.at(-1)).toBe('confirmed');
    expect(call.seen.turns.filter(({ isBargeIn }) => isBargeIn)).toHaveLength(1);
    expect(call.seen.replies.filter(({ how }) => how === 'flushed')).toHaveLength(1);
  });

  it('is silent soon after the caller interrupts', () => {
    const cleared = call.caller.events.find(({ kind }) => kind === 'clear');
    const interrupted = call.outcome.steps.filter(({ said }) => said !== undefined)[2]?.said;
    const stopsMs = call.caller.agentAudible.findLast(
      ({ fromMs }) => fromMs < (interrupted?.speechEndMs ?? 0),
    )?.toMs;
    expect(cleared).toBeDefined();
    expect((stopsMs ?? 0) - (interrupted?.speechOnsetMs ?? 0)).toBeLessThan(1000);
  });

  it('accounts for every sample of every reply', () => {
    expect(call.seen.replies).toHaveLength(1 + exchanges.length);
    for (const { account } of call.seen.replies) {
      expect(account.generated).toBe(account.heard + account.dropped);
      expect(account.queued).toBe(0);
    }
  });

  it('measures each turn in order of what happened', () => {
    expect(call.seen.turns.map(({ turn }) => turn)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { callerStartedMs, callerEndedMs, toldMs, firstAudioMs, firstChunkMs } of call.seen.turns) {
      const times = [callerStartedMs, callerEndedMs, toldMs, firstAudioMs, firstChunkMs];
      const known = times.filter((ms) => ms !== undefined);
      expect(known).toEqual(known.toSorted((a, b) => a - b));
    }
  });

  it('leaves nothing running', () => {
    expect(call.service.clock.pendingTimers).toBe(0);
    expect(call.call.scope.aborted).toBe(true);
    expect(call.service.registry.size).toBe(0);
    expect(call.service.over).toEqual(['call-1']);
    expect(call.service.sessions[0]?.observation.closed).toBeDefined();
  });
});

it('repeats event by event with the same seed, and not with another', async () => {
  const [first, second, other] = [await run(7), await run(7), await run(8)];
  expect(second.seen.events).toEqual(first.seen.events);
  expect(second.seen.turns).toEqual(first.seen.turns);
  expect(second.caller.events).toEqual(first.caller.events);
  expect(second.caller.heard.samples()).toEqual(first.caller.heard.samples());
  expect(other.seen.events).not.toEqual(first.seen.events);
});
