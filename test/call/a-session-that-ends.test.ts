import { describe, expect, it } from 'vitest';
import {
  type CallerClip,
  type DialogueStep,
  type FaultRule,
  type GeminiScript,
  loadCaller,
  reachedClip,
  spoken,
  type VoiceName,
} from '../../src/sim/index.ts';
import { heardExactly } from '../helpers/heard-exactly.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

const exchanges: { clip: CallerClip; reply: VoiceName }[] = [
  { clip: 'hello-hours', reply: 'hours' },
  { clip: 'for-tomorrow-at-five', reply: 'offer' },
  { clip: 'yes', reply: 'booked' },
];

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: exchanges.map(({ clip, reply }) => ({ heard: clip, reply: spoken(reply) })),
};

async function steps(): Promise<DialogueStep[]> {
  const taken: DialogueStep[] = [{ wait: 'agentFinished', withinMs: 20_000 }];
  for (const { clip } of exchanges) {
    taken.push({ say: await loadCaller(clip), afterMs: 400 }, { wait: 'agentFinished', withinMs: 30_000 });
  }
  return [...taken, { hangUp: true }, { wait: 'ended', withinMs: 5000 }];
}

async function talk(
  fault: FaultRule['fault'],
  agent = '',
): Promise<SimulatedCall & { service: SimulatedService }> {
  const service = new SimulatedService({ script, agent, latencyMs: 15, faults: [{ fault, connection: 1 }] });
  const call = service.dial();
  const { failure } = await service.talk(call.caller, await steps());
  expect(failure?.error.message).toBeUndefined();
  await service.clock.run(1000);
  expect(service.clock.pendingTimers).toBe(0);
  return { ...call, service };
}

/** Which replies the caller heard whole. */
function heardWhole({ caller }: SimulatedCall): VoiceName[] {
  const heard = caller.heard.samples();
  let from = 0;
  return (['greeting', ...exchanges.map(({ reply }) => reply)] as const).filter((name) => {
    const reply = heardExactly(name, heard, from);
    if (reply.at >= 0) from = reply.at;
    return reply.at >= 0 && reply.intact === reply.samples;
  });
}

const all: VoiceName[] = ['greeting', ...exchanges.map(({ reply }) => reply)];

describe('a session whose end the server announces', () => {
  it.each([
    { when: 'in a reply', afterMs: 1500 },
    { when: 'in silence', afterMs: 4700 },
    { when: 'while the caller speaks', afterMs: 5600 },
  ])('$when is left at a quiet moment, and the caller notices nothing', async ({ afterMs }) => {
    const call = await talk({ kind: 'goAway', timeLeftMs: 10_000, at: { at: 'ready', afterMs } });
    expect(heardWhole(call)).toEqual(all);
    expect(call.service.sessions).toHaveLength(2);
    expect(call.service.sessions[1]?.observation.resumed).toBe(true);
    expect(call.seen.summary?.outcome).toBe('callerHungUp');
    expect(call.caller.underruns).toEqual([]);
  });

  it('is left in time although there is no quiet moment, and the open turn goes on', async () => {
    // announced as the caller begins, with less time left than the turn takes
    const call = await talk({ kind: 'goAway', timeLeftMs: 1500, at: { at: 'ready', afterMs: 5600 } });
    expect(call.service.sessions).toHaveLength(2);
    const turns = call.service.sessions.flatMap(({ observation }) => observation.turns);
    const said = turns.filter(({ by }) => by === 'manual');
    expect(said.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered']);
    expect(heardWhole(call)).toEqual(all);
  });
});

describe('a session that drops', () => {
  it('in silence is resumed before the caller speaks', async () => {
    const call = await talk({ kind: 'kill', at: { at: 'ready', afterMs: 4700 } });
    expect(heardWhole(call)).toEqual(all);
    expect(call.service.sessions[1]?.observation.resumed).toBe(true);
  });

  it('in the middle of a caller’s turn still gets an answer to it', async () => {
    const call = await talk({ kind: 'kill', at: { at: 'ready', afterMs: 5900 } });
    const { turns = [] } = call.service.sessions[1]?.observation ?? {};
    expect(turns.filter(({ by, outcome }) => by === 'manual' && outcome === 'answered')).toHaveLength(3);
    expect(heardWhole(call)).toEqual(all);
  });

  it('in the middle of a reply lets the caller hear what has come of it, and goes on', async () => {
    const call = await talk({ kind: 'kill', at: { at: 'ready', afterMs: 8200 } });
    expect(heardWhole(call)).toContain('greeting');
    expect(call.seen.lines.length).toBeGreaterThanOrEqual(6);
    expect(call.seen.summary?.outcome).toBe('callerHungUp');
  });

  it('with an unknown handle starts afresh and is told what was said', async () => {
    const call = await talk({
      kind: 'close',
      code: 1008,
      reason: 'session not found',
      at: { at: 'ready', afterMs: 4700 },
    });
    const second = call.service.sessions[1]?.observation;
    expect(second?.resumed).toBeUndefined();
    expect(JSON.stringify(second?.setup)).toContain('You: Hello, this is Meera');
    expect(call.seen.summary?.outcome).toBe('callerHungUp');
  });
});

describe('an agent whose turns Gemini owns', () => {
  it('holds the same conversation', async () => {
    const service = new SimulatedService({ script, agent: 'turns: { owner: gemini }', latencyMs: 15 });
    const call = service.dial();
    const { failure } = await service.talk(call.caller, await steps());
    expect(failure?.error.message).toBeUndefined();
    expect(heardWhole(call)).toEqual(all);
    const { received = [], turns = [] } = service.sessions[0]?.observation ?? {};
    expect(received.some(({ kind }) => kind === 'activityStart')).toBe(false);
    expect(turns.filter(({ by }) => by === 'automatic')).toHaveLength(3);
    for (const [index, turn] of turns.filter(({ by }) => by === 'automatic').entries()) {
      const clip = exchanges[index]?.clip ?? 'yes';
      const { likeness } = reachedClip(await loadCaller(clip), turn.audio ?? new Int16Array(0));
      expect(likeness).toBeGreaterThan(0.9);
    }
  });

  it.each([5600, 5900, 6800, 7300])('is understood when the connection drops at %s ms', async (afterMs) => {
    const call = await talk({ kind: 'kill', at: { at: 'ready', afterMs } }, 'turns: { owner: gemini }');
    expect(heardWhole(call)).toEqual(all);
    const turns = call.service.sessions.flatMap(({ observation }) => observation.turns);
    expect(turns.filter(({ by, outcome }) => by === 'automatic' && outcome === 'answered')).toHaveLength(3);
  });
});
