import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCaller, reachedClip } from '../../src/sim/index.ts';
import { besideAnotherCall, expectHeardWhole } from '../helpers/bystander.ts';
import { mediaFrame, startFrame } from '../helpers/raw-stream.ts';
import { lines, type TestCall, TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const withinMs = 15_000;

/** Greeting, a bare "yes", a reply: as the caller heard it. */
async function holdConversation(call: TestCall): Promise<void> {
  await expectHeardWhole(call, lines.greeting);
  await call.caller.wait.agentSilent({ forMs: 300, withinMs });
  const said = call.caller.say(await loadCaller('yes'), { atMs: call.caller.nowMs + 100 });
  await expectHeardWhole(call, lines.reply, said.endMs);
}

test.concurrent.each([8000, 16_000, 24_000] as const)(
  'at %d Hz caller and agent understand each other',
  async (sampleRateHz) => {
    await using service = await TestService.start({ gemini: { keepAudio: true } });
    const call = service.call({ profile: { sampleRateHz } });
    await besideAnotherCall(service, () => holdConversation(call));
    call.caller.hangUp();
    const { parties, summary } = await service.ending(call);
    expect(parties?.sampleRateHz).toBe(sampleRateHz);
    expect(summary).toMatchObject({ outcome: 'callerHungUp' });
    expect(call.caller.violations).toEqual([]);
    const turns = service.gemini.gemini.sessions.flatMap(({ observation }) => observation.turns);
    const [turn] = turns.filter(({ by }) => by === 'manual');
    const { clippedMs, likeness } = reachedClip(await loadCaller('yes'), turn?.audio ?? new Int16Array(0));
    expect(clippedMs).toBe(0);
    expect(likeness).toBeGreaterThan(0.9);
  },
);

test.concurrent('media ahead of the start is kept and counted', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call({ profile: { framesBeforeStart: 5 } });
    await expectHeardWhole(call, lines.greeting);
    call.caller.hangUp();
    const { summary } = await service.ending(call);
    expect(summary).toMatchObject({ outcome: 'callerHungUp', counts: { 'exotel.earlyMedia': 5 } });
  });
});

test.concurrent('a repeated start is told and changes nothing', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call({ profile: { duplicateStartAtMs: 500 } });
    const callId = await service.callId(call);
    expect(await service.log.line('exotel.repeatedStart', { callId })).toMatchObject({ level: 'warn' });
    await expectHeardWhole(call, lines.greeting);
    call.caller.hangUp();
    const { summary } = await service.ending(call);
    expect(summary).toMatchObject({ outcome: 'callerHungUp', counts: { 'exotel.repeatedStart': 1 } });
    expect(service.log.all('call.started', { callId })).toHaveLength(1);
  });
});

test.concurrent('a second connection for the same call is a call of its own and does not disturb the first', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call({ profile: { secondConnectionAtMs: 400 } });
    await expectHeardWhole(call, lines.greeting);
    const { callSid } = call.caller.identity;
    await until('the second connection', () => service.log.all('call.started', { callSid })[1]);
    call.caller.hangUp();
    await until('both to be over', () => service.finished.length === 2 || undefined);
    expect(service.finished.map(({ summary }) => summary.outcome)).toEqual(['callerHungUp', 'callerHungUp']);
    expect(call.caller.violations).toEqual([]);
  });
});

test.concurrent('a connection that never says whose call it is is closed at its deadline', async () => {
  await using service = await TestService.start({ agents: { hasty: { limits: { startMs: 200 } } } });
  await besideAnotherCall(service, async () => {
    const stream = service.stream('/exotel/hasty');
    await stream.opened();
    stream.send({ event: 'connected' });
    stream.send(mediaFrame(320));
    expect(await stream.ended()).toMatchObject({ code: 1000 });
    expect(await service.log.line('exotel.failed', { agent: 'hasty' })).toMatchObject({
      level: 'error',
      code: 'exotel.start-timeout',
      message: 'expected a start message within 200 ms of the connection, none came',
    });
    expect(await service.log.line('call.ended', { agent: 'hasty' })).toMatchObject({ outcome: 'lineFailed' });
    expect(stream.messages).toEqual([]);
  });
});

test.concurrent('a caller who is gone before the start leaves nothing behind', async () => {
  await using service = await TestService.start({ agents: { left: {} } });
  await besideAnotherCall(service, async () => {
    const stream = service.stream('/exotel/left');
    await stream.opened();
    stream.drop();
    expect(await service.log.line('call.ended', { agent: 'left' })).toMatchObject({
      outcome: 'callerHungUp',
    });
    const polite = service.stream('/exotel/left');
    await polite.opened();
    polite.send({ event: 'stop', stop: { reason: 'canceled or call ended' } });
    expect(await polite.ended()).toMatchObject({ code: 1000 });
    await until('both to be told', () => service.log.all('call.ended', { agent: 'left' })[1]);
    expect(service.server.calls.size).toBe(1);
  });
});

test.concurrent('a line that drops without a word ends its call', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call();
    await call.caller.wait.agentAudible({ withinMs });
    call.caller.dropLine();
    const { summary } = await service.ending(call);
    expect(summary).toMatchObject({ outcome: 'callerHungUp', failure: undefined });
    await until('Gemini to be left', () => service.gemini.gemini.sessions[1]?.observation.closed);
    expect(service.server.calls.size).toBe(1);
  });
});

test.concurrent('a CustomField that arrives as one escaped name is in the record as parameters', async () => {
  const records = mkdtempSync(join(tmpdir(), 'baari-records-'));
  try {
    await using service = await TestService.start({ records });
    await besideAnotherCall(service, async () => {
      const call = service.call({ profile: { customField: '{"leadId":"42","name":"Asha & <Ravi>"}' } });
      const callId = await service.callId(call);
      await expectHeardWhole(call, lines.greeting);
      await service.log.line('playout.drained', { callId });
      call.caller.hangUp();
      await service.log.line('record.complete', { callId });
      const record = JSON.parse(await readFile(join(records, callId, 'call.json'), 'utf8'));
      expect(record).toMatchObject({
        callId,
        outcome: 'callerHungUp',
        agent: { name: 'bakery' },
        parties: {
          callSid: call.caller.identity.callSid,
          from: '09000000001',
          parameters: { leadId: '42', name: 'Asha & <Ravi>' },
        },
        replies: [{ how: 'drained' }],
      });
      expect(service.log.text).not.toContain('09000000001');
    });
  } finally {
    rmSync(records, { recursive: true, force: true });
  }
});

test.concurrent('the start of an applet with parameters in camelCase and numbers is understood, also from a carrier that answers no ping', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call({
      profile: { names: 'camelCase', values: 'numbers', answersPings: false },
      query: '?tenant=acme',
    });
    await expectHeardWhole(call, lines.greeting);
    call.caller.hangUp();
    const { parties } = await service.ending(call);
    expect(parties).toMatchObject({ parameters: { tenant: 'acme' }, sampleRateHz: 8000 });
    const stream = service.stream('/exotel/bakery');
    await stream.opened();
    stream.send(startFrame('by-hand', { from: null, custom_parameters: null }));
    await until('silence that stops the ringing', () =>
      stream.messages.find(({ event }) => event === 'media'),
    );
  });
});
