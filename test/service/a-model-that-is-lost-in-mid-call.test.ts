import { expect, test } from 'vitest';
import { type FaultRule, type GeminiFault, loadCaller } from '../../src/sim/index.ts';
import { besideAnotherCall, expectHeardWhole } from '../helpers/bystander.ts';
import { lines, type TestCall, TestService } from '../helpers/service.ts';

const withinMs = 15_000;
/** The bystander is the first connection, the call under test the second, what it resumes with the third. */
const [underTest, next] = [2, 3];
const apology = { samples: lines.reply, sampleRateHz: 24_000 } as const;

/** Says "yes" once the agent is silent, and expects the reply to be heard whole. */
async function expectAnswer(call: TestCall): Promise<void> {
  await call.caller.wait.agentSilent({ forMs: 300, withinMs });
  const said = call.caller.say(await loadCaller('yes'), { atMs: call.caller.nowMs + 100 });
  await expectHeardWhole(call, lines.reply, said.endMs);
}

const losses: readonly {
  readonly what: string;
  readonly fault: GeminiFault;
  readonly told: Readonly<Record<string, unknown>>;
  readonly isResumed: boolean;
}[] = [
  {
    what: 'a connection that drops in the middle of a reply is resumed',
    fault: { kind: 'kill', at: { at: 'midReply' } },
    told: { code: 'gemini.closed', message: 'the connection was closed with 1006', remedy: 'resume' },
    isResumed: true,
  },
  {
    what: 'a connection that is closed with 1011 is resumed',
    fault: { kind: 'close', code: 1011, reason: 'Internal error.', at: { at: 'turnComplete' } },
    told: {
      code: 'gemini.closed',
      message: 'the connection was closed with 1011: Internal error.',
      remedy: 'resume',
    },
    isResumed: true,
  },
  {
    what: 'a session that is closed with 1007 is not resumed but begun afresh',
    fault: { kind: 'close', code: 1007, reason: 'Invalid argument.', at: { at: 'turnComplete' } },
    told: {
      code: 'gemini.set-up-refused',
      message: 'the connection was closed with 1007: Invalid argument.',
      remedy: 'renew',
    },
    isResumed: false,
  },
];

test.concurrent.each(losses)('$what, and the caller is answered', async ({ fault, told, isResumed }) => {
  await using service = await TestService.start({ gemini: { faults: [{ fault, connection: underTest }] } });
  await besideAnotherCall(service, async () => {
    const call = service.call();
    const callId = await service.callId(call);
    await call.caller.wait.agentAudible({ withinMs });
    expect(await service.log.line('gemini.lost', { callId })).toMatchObject({ level: 'warn', ...told });
    await expectAnswer(call);
    call.caller.hangUp();
    expect((await service.ending(call)).summary).toMatchObject({
      outcome: 'callerHungUp',
      failure: undefined,
    });
    const { sessions } = service.gemini.gemini;
    expect(sessions).toHaveLength(next);
    expect(sessions[next - 1]?.observation.resumed ?? false).toBe(isResumed);
  });
});

test.concurrent('a model that cannot be had again is apologised for', async () => {
  const faults: FaultRule[] = [
    { fault: { kind: 'kill', at: { at: 'midReply' } }, connection: underTest },
    { fault: { kind: 'httpStatus', status: 401 }, connection: next },
  ];
  await using service = await TestService.start({ apology, gemini: { faults } });
  await besideAnotherCall(service, async () => {
    const call = service.call();
    expect(await call.caller.wait.ended({ withinMs })).toMatchObject({ code: 1000, by: 'bridge' });
    await expectHeardWhole(call, apology.samples);
    expect((await service.ending(call)).summary).toMatchObject({
      outcome: 'modelUnavailable',
      failure: { code: 'gemini.unauthorised' },
    });
  });
});

test.concurrent('a model that never answers is reminded, replaced, and then apologised for', async () => {
  const slow = { nudgeMs: 100, newSessionMs: 300, apologyMs: 900 };
  await using service = await TestService.start({
    apology,
    agents: { impatient: { turns: slow } },
    gemini: {
      faults: [underTest, next].map((connection) => ({ fault: { kind: 'mute' }, connection })),
    },
  });
  await besideAnotherCall(service, async () => {
    const call = service.call({ agent: 'impatient' });
    expect(await call.caller.wait.ended({ withinMs })).toMatchObject({ code: 1000, by: 'bridge' });
    await expectHeardWhole(call, apology.samples);
    const { callId, summary } = await service.ending(call);
    expect(summary).toMatchObject({ outcome: 'modelUnavailable' });
    for (const event of ['gemini.renew', 'turn.modelSilent'])
      expect(service.log.all(event, { callId })).toHaveLength(1);
  });
});

test.concurrent.each(['setup', 'midReply'] as const)(
  'a frame that is not JSON (%s) is told, counted and otherwise without effect',
  async (at) => {
    const fault = { kind: 'badFrame', at: { at } } as const;
    await using service = await TestService.start({ gemini: { faults: [{ fault, connection: underTest }] } });
    await besideAnotherCall(service, async () => {
      const call = service.call();
      await expectHeardWhole(call, lines.greeting);
      const callId = await service.callId(call);
      expect(await service.log.line('gemini.badFrame', { callId })).toMatchObject({
        level: 'warn',
        problem: expect.stringMatching(/^expected JSON, found \d+ bytes of something else$/),
      });
      call.caller.hangUp();
      expect((await service.ending(call)).summary).toMatchObject({
        outcome: 'callerHungUp',
        counts: { 'gemini.badFrame': 1 },
      });
    });
  },
);
