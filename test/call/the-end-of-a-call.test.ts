import { describe, expect, it } from 'vitest';
import { type FaultRule, type GeminiScript, loadCaller, spoken } from '../../src/sim/index.ts';
import {
  type SimulatedCall,
  SimulatedService,
  type SimulatedServiceOptions,
} from '../helpers/simulated-call.ts';

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [{ heard: 'Hello.', reply: spoken('cakes') }],
};

type Running = SimulatedCall & { readonly service: SimulatedService };

function dialled(options: Partial<SimulatedServiceOptions> = {}): Running {
  const service = new SimulatedService({ script, ...options });
  return { ...service.dial(), service };
}

/** Nothing of the call runs on: no timer beyond a second, no connection, no entry in the registry. */
async function expectNothingLeft({ service, call, caller, seen }: Running): Promise<void> {
  await service.clock.run(1000);
  expect(service.clock.pendingTimers).toBe(0);
  expect(call.scope.aborted).toBe(true);
  expect(service.registry.size).toBe(0);
  expect(caller.state).toBe('ended');
  expect(seen.summary).toBeDefined();
  for (const { observation } of service.sessions) expect(observation.closed).toBeDefined();
  const told = seen.events.length;
  await service.clock.run(120_000);
  expect(seen.events).toHaveLength(told);
  expect(service.over).toEqual(['call-1']);
}

/** How many replies have begun to play. */
function started(types: readonly string[]): number {
  return types.filter((type) => type === 'playout.started').length;
}

/** Lets the call come to where it is in the middle of something. */
const moments: { when: string; reach: (running: Running) => Promise<void> }[] = [
  { when: 'before Exotel has said whose call it is', reach: ({ service }) => service.clock.run(0) },
  { when: 'while the model is being set up', reach: ({ service }) => service.clock.run(30) },
  { when: 'while the greeting is awaited', reach: ({ service }) => service.clock.run(200) },
  { when: 'in the greeting', reach: ({ service }) => service.clock.run(2500) },
  { when: 'in silence', reach: ({ service }) => service.clock.run(6000) },
  {
    when: 'while the caller speaks',
    reach: async ({ service, caller }) => {
      await service.clock.run(6000);
      caller.say(await loadCaller('for-tomorrow-at-five'));
      await service.clock.run(1200);
    },
  },
  {
    when: 'while the answer is awaited',
    reach: async ({ service, caller, seen }) => {
      await service.clock.run(6000);
      caller.say(await loadCaller('yes'));
      await service.clock.run(5000, () => seen.types.includes('gemini.endCallerTurn'));
    },
  },
  {
    when: 'while keys are being pressed',
    reach: async ({ service, caller }) => {
      await service.clock.run(6000);
      caller.pressDigit('1');
      await service.clock.run(400);
      caller.pressDigit('2');
      await service.clock.run(400);
    },
  },
  {
    when: 'while a number is asked for',
    reach: async ({ service, call, caller }) => {
      await service.clock.run(6000);
      call.askForDigits({ digits: 4, terminator: '#', timeoutMs: 60_000 });
      caller.pressDigit('1');
      await service.clock.run(400);
    },
  },
  {
    when: 'while it is being passed on',
    reach: async ({ service, call }) => {
      await service.clock.run(6000);
      call.command({ type: 'transfer', to: '+919000000009', announce: true }, 'desk');
      await service.clock.run(400);
    },
  },
  {
    when: 'in a reply',
    reach: async ({ service, caller, seen }) => {
      await service.clock.run(6000);
      caller.say(await loadCaller('yes'));
      await service.clock.run(8000, () => started(seen.types) === 2);
      await service.clock.run(2500);
    },
  },
  {
    when: 'in a reply that is held for a verdict',
    reach: async ({ service, caller, seen }) => {
      await service.clock.run(6000);
      caller.say(await loadCaller('yes'));
      await service.clock.run(8000, () => started(seen.types) === 2);
      await service.clock.run(2500);
      caller.say(await loadCaller('for-tomorrow-at-five'));
      await service.clock.run(3000, () => seen.types.at(-1) === 'speech.started');
    },
  },
];

describe.each(moments)('$when', ({ reach }) => {
  it('the caller hangs up, and nothing is left', async () => {
    const running = dialled();
    await reach(running);
    running.caller.hangUp();
    await running.service.clock.run(3000);
    expect(running.seen.summary?.failure).toBeUndefined();
    await expectNothingLeft(running);
  });

  it('the line is lost, and nothing is left', async () => {
    const running = dialled();
    await reach(running);
    running.caller.dropLine();
    await running.service.clock.run(3000);
    await expectNothingLeft(running);
  });

  it('the call is ended by us, after its last words, with 1000', async () => {
    const running = dialled();
    await reach(running);
    running.call.end();
    await running.service.clock.run(30_000, () => running.seen.summary !== undefined);
    expect(running.caller.closeReport).toMatchObject({ code: 1000, by: 'bridge' });
    expect(running.caller.underruns).toEqual([]);
    expect(running.seen.summary?.outcome).toBe('agentEnded');
    await expectNothingLeft(running);
  });

  it('the call is dropped at once by us', async () => {
    const running = dialled();
    await reach(running);
    running.call.abort();
    running.call.abort();
    await running.service.clock.run(1000);
    expect(running.seen.summary?.outcome).toBe('stopped');
    await expectNothingLeft(running);
  });
});

describe('a call whose model cannot be had', () => {
  const faults: { what: string; fault: FaultRule['fault']; code: string; withinMs: number }[] = [
    {
      what: 'refuses the key',
      fault: { kind: 'close', code: 1007, reason: 'API key not valid.', at: { at: 'setup' } },
      code: 'gemini.unauthorised',
      withinMs: 100,
    },
    {
      what: 'knows no such model',
      fault: { kind: 'close', code: 1008, reason: 'model is not found', at: { at: 'setup' } },
      code: 'gemini.not-found',
      withinMs: 100,
    },
    {
      what: 'never completes the set-up',
      fault: { kind: 'noSetupComplete' },
      code: 'gemini.setup-timeout',
      withinMs: 10_100,
    },
  ];

  it.each(faults)(
    'because it $what is apologised for, and ended with 1000',
    async ({ fault, code, withinMs }) => {
      const running = dialled({ faults: [{ fault }] });
      const { service, caller, seen } = running;
      // a model that keeps refusing is tried for as long as the set-up may last, and no longer
      await service.clock.run(withinMs + 10_000, () => caller.agentAudible.length > 0);
      expect(caller.agentAudible.length).toBeGreaterThan(0);
      await service.clock.run(30_000, () => seen.summary !== undefined);
      expect(caller.closeReport).toMatchObject({ code: 1000, by: 'bridge' });
      const lastMs = caller.agentAudible.at(-1)?.toMs ?? 0;
      expect(lastMs - (caller.agentAudible[0]?.fromMs ?? 0)).toBeGreaterThan(3000);
      expect(seen.summary).toMatchObject({ outcome: 'modelUnavailable', failure: { code } });
      await expectNothingLeft(running);
    },
  );

  it('because it falls silent is apologised for after 12 s', async () => {
    const running = dialled({ faults: [{ fault: { kind: 'mute' } }] });
    const { service, caller, seen } = running;
    await service.clock.run(40_000, () => seen.summary !== undefined);
    expect(caller.closeReport).toMatchObject({ code: 1000, by: 'bridge' });
    expect(caller.agentAudible[0]?.fromMs).toBeGreaterThan(11_000);
    expect(caller.agentAudible[0]?.fromMs).toBeLessThan(14_000);
    expect(seen.summary?.outcome).toBe('modelUnavailable');
    await expectNothingLeft(running);
  });
});

describe('a caller who says nothing', () => {
  it('is asked twice, told goodbye, and the line is closed', async () => {
    const running = dialled({
      script: {
        greeting: spoken('greeting'),
        turns: [{ reply: spoken('goAhead') }, { reply: spoken('goAhead') }, { reply: spoken('goodbye') }],
      },
    });
    const { service, seen } = running;
    await service.clock.run(120_000, () => seen.summary !== undefined);
    expect(seen.summary?.outcome).toBe('callerSilent');
    expect(seen.lines.filter(({ who }) => who === 'agent').length).toBeGreaterThanOrEqual(4);
    await expectNothingLeft(running);
  });
});

describe('a call that lasts as long as it may', () => {
  it('is brought to an end at its limit', async () => {
    const running = dialled({
      agent: 'limits: { longest_call_min: 1, warn_before_end_s: 10 }\npatience: { reprompt_after_ms: 60000 }',
      script: { greeting: spoken('greeting'), turns: [{ reply: spoken('goodbye') }] },
    });
    const { service, caller, seen } = running;
    await service.clock.run(90_000, () => seen.summary !== undefined);
    expect(seen.summary?.outcome).toBe('timeLimit');
    expect(caller.nowMs).toBeGreaterThan(59_000);
    expect(caller.nowMs).toBeLessThan(70_000);
    await expectNothingLeft(running);
  });
});

it('is told as over once, with what it cost', async () => {
  const running = dialled();
  await running.service.clock.run(6000);
  running.caller.hangUp();
  await running.service.clock.run(3000);
  expect(running.seen.summary?.tokens.response).toBeGreaterThan(50);
  expect(running.seen.summary?.durationMs).toBeGreaterThanOrEqual(6000);
  expect(running.seen.summary?.counts['playout.chunk']).toBeGreaterThan(50);
});
