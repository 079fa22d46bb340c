import { expect, test } from 'vitest';
import { besideAnotherCall, expectHeardWhole } from '../helpers/bystander.ts';
import { mediaFrame, type RawStream, startFrame } from '../helpers/raw-stream.ts';
import { lines, TestService } from '../helpers/service.ts';

const tenMegabytes = 'x'.repeat(10_000_000);

interface BadFrame {
  readonly what: string;
  readonly frame: string | Uint8Array | object;
  /** What the log says of it. */
  readonly problem: Readonly<Record<string, unknown>>;
}

const badFrames: readonly BadFrame[] = [
  {
    what: 'malformed JSON',
    frame: '{"event":"media",',
    problem: {
      code: 'exotel.frame.not-json',
      expected: 'a JSON object',
      found: '17 bytes that are not JSON',
    },
  },
  {
    what: 'a binary frame',
    frame: new Uint8Array(320),
    problem: {
      code: 'exotel.frame.binary',
      expected: 'a text frame',
      found: 'a binary frame of 320 bytes',
    },
  },
  {
    what: 'half a sample',
    frame: mediaFrame(321),
    problem: {
      code: 'exotel.payload.odd-length',
      event: 'media',
      field: 'media.payload',
      found: '321 bytes',
    },
  },
  {
    what: 'a payload that is not base64',
    frame: { event: 'media', media: { payload: '#### not audio' } },
    problem: { code: 'exotel.payload.not-base64', event: 'media', field: 'media.payload' },
  },
  {
    what: 'no event',
    frame: { media: {} },
    problem: { code: 'exotel.frame.no-event', field: 'event', found: 'nothing' },
  },
];

const badStarts: readonly BadFrame[] = [
  {
    what: 'a start with another sample rate',
    frame: startFrame('odd-rate', { media_format: { sample_rate: '11025' } }),
    problem: {
      code: 'exotel.sample-rate.unsupported',
      event: 'start',
      expected: '8000, 16000, 24000 Hz',
      found: '"11025"',
    },
  },
  {
    what: 'a start without the call',
    frame: startFrame('no-call', { call_sid: null }),
    problem: { code: 'exotel.field.invalid', event: 'start', field: 'start.call_sid', found: 'nothing' },
  },
];

async function connected(service: TestService, agent: string): Promise<RawStream> {
  const stream = service.stream(`/exotel/${agent}`);
  await stream.opened();
  return stream;
}

test.concurrent('before the start, a peer that cannot speak the protocol is closed with 1007', async () => {
  const cases = [...badFrames, ...badStarts];
  const agents = Object.fromEntries(cases.map((_, index) => [`agent-${index}`, {}]));
  await using service = await TestService.start({ agents });
  await besideAnotherCall(service, () =>
    Promise.all(
      cases.map(async ({ frame, problem }, index) => {
        const agent = `agent-${index}`;
        const stream = await connected(service, agent);
        stream.send({ event: 'connected' });
        stream.send(frame);
        expect(await stream.ended()).toEqual({
          code: 1007,
          reason: 'expected Exotel messages: JSON text frames',
        });
        expect(stream.messages).toEqual([]);
        expect(await service.log.line('exotel.badFrame', { agent })).toMatchObject({
          level: 'warn',
          ...problem,
        });
        expect(await service.log.line('exotel.failed', { agent })).toMatchObject({
          level: 'error',
          code: problem.code,
        });
        expect(await service.log.line('call.ended', { agent })).toMatchObject({ outcome: 'lineFailed' });
      }),
    ),
  );
});

test.concurrent.each(badFrames)(
  'in mid-call, $what is told and the call goes on',
  async ({ frame, problem }) => {
    await using service = await TestService.start();
    await besideAnotherCall(service, async () => {
      const call = service.call();
      await call.caller.wait.agentAudible({ withinMs: 15_000 });
      call.inject(frame);
      call.inject(frame);
      const callId = await service.callId(call);
      expect(await service.log.line('exotel.badFrame', { callId })).toMatchObject({
        level: 'warn',
        ...problem,
      });
      await expectHeardWhole(call, lines.greeting);
      call.caller.hangUp();
      const { summary } = await service.ending(call);
      expect(summary).toMatchObject({ outcome: 'callerHungUp', counts: { 'exotel.badFrame': 2 } });
    });
  },
);

test.concurrent('in mid-call, a peer that sends nothing else any more is given up', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call();
    await call.caller.wait.agentAudible({ withinMs: 15_000 });
    for (let count = 0; count < 50; count += 1) call.inject('nonsense');
    expect(await call.caller.wait.ended({ withinMs: 15_000 })).toMatchObject({ code: 1000, by: 'bridge' });
    const { summary } = await service.ending(call);
    expect(summary).toMatchObject({
      outcome: 'lineFailed',
      failure: {
        code: 'exotel.frame.not-json',
        message: 'expected a JSON object, found 8 bytes that are not JSON',
      },
    });
  });
});

test.concurrent('a frame of 10 MB closes the connection with 1009, before the start and in mid-call', async () => {
  await using service = await TestService.start({ agents: { flooded: {} } });
  const failure = {
    code: 'exotel.frame.too-large',
    message: 'expected at most 262144 bytes, found a larger frame',
  };
  await besideAnotherCall(service, async () => {
    const stream = await connected(service, 'flooded');
    stream.send(tenMegabytes);
    expect(await stream.ended()).toMatchObject({ code: 1009 });
    expect(await service.log.line('exotel.failed', { agent: 'flooded' })).toMatchObject({
      level: 'error',
      ...failure,
    });
    expect(await service.log.line('call.ended', { agent: 'flooded' })).toMatchObject({
      outcome: 'lineFailed',
    });

    const call = service.call();
    await call.caller.wait.agentAudible({ withinMs: 15_000 });
    call.inject(tenMegabytes);
    expect(await call.caller.wait.ended({ withinMs: 15_000 })).toMatchObject({ code: 1009, by: 'bridge' });
    expect((await service.ending(call)).summary).toMatchObject({ outcome: 'lineFailed', failure });
  });
});

test.concurrent('events and fields that nobody knows are passed over and counted', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    const call = service.call();
    await call.caller.wait.agentAudible({ withinMs: 15_000 });
    call.inject({ event: 'silence', silence: { ms: 3 } });
    call.inject({ event: 'clear', stream_sid: call.caller.identity.streamSid });
    const callId = await service.callId(call);
    await service.log.line('exotel.unknownEvent', { callId, event: 'silence' });
    await expectHeardWhole(call, lines.greeting);
    call.caller.hangUp();
    const { summary } = await service.ending(call);
    expect(summary).toMatchObject({
      outcome: 'callerHungUp',
      counts: { 'exotel.unknownEvent': 1, 'exotel.ignoredField': 1 },
    });
    expect(summary.counts['exotel.badFrame']).toBeUndefined();
  });
});
