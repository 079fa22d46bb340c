import { describe, expect, it } from 'vitest';
import type { RestFault } from '../../src/sim/index.ts';
import { until } from '../helpers/until.ts';
import { OutboundRig, outboundAgent } from './rig.ts';

const number = '09000000001';

describe('a call that is placed', () => {
  it('asks Exotel to stream to us', async () => {
    await using rig = await OutboundRig.start();
    const { call, id } = await rig.settle(
      rig.dialler.place(outboundAgent(), { number, fields: { name: 'Asha' } }),
    );
    expect(call.status).toBe('queued');
    expect(rig.exotel.requests[0]).toEqual({
      method: 'POST',
      path: '/v1/Accounts/acmeclinic1/Calls/connect.json',
      fields: {
        From: '+919000000001',
        CallerId: '08000000002',
        CustomField: JSON.stringify({ baari_call: id, name: 'Asha' }),
        TimeLimit: '3300',
        StreamUrl: 'wss://voice.example.com/exotel/shop',
        StreamType: 'bidirectional',
      },
    });
  });

  it('asks Exotel to run a flow, and names neither a stream nor To', async () => {
    await using rig = await OutboundRig.start();
    const agent = outboundAgent('  mode: flow\n  flow_id: "4711"\n  ring_s: 20\n  record: true\n');
    await rig.settle(rig.dialler.place(agent, { number }));
    const { fields } = rig.exotel.requests[0] ?? { fields: {} };
    expect(fields).toMatchObject({
      Url: 'http://my.exotel.com/acmeclinic1/exoml/start_voice/4711',
      CallType: 'trans',
      TimeOut: '20',
      Record: 'true',
    });
    expect(Object.keys(fields)).not.toContain('StreamUrl');
    expect(Object.keys(fields)).not.toContain('To');
  });

  it.each([
    { outcome: 'busy', talkMs: 0, seen: ['busy'] },
    { outcome: 'no-answer', talkMs: 0, seen: ['no-answer'] },
    { outcome: 'failed', talkMs: 0, seen: ['failed'] },
    { outcome: 'answered', talkMs: 5000, seen: ['in-progress', 'completed'] },
  ] as const)('is followed until it is over: $outcome', async ({ outcome, talkMs, seen }) => {
    await using rig = await OutboundRig.start({ courses: [{ outcome, ringMs: 3000, talkMs }] });
    const agent = outboundAgent('  mode: flow\n  flow_id: "1"\n');
    const placed = await rig.settle(rig.dialler.place(agent, { number }));
    const told: string[] = [];
    const last = await rig.settle(rig.dialler.follow(agent, placed, ({ status }) => told.push(status)));
    expect(told).toEqual(seen);
    expect(last.status).toBe(seen.at(-1));
  });

  it('is followed although a question about it fails', async () => {
    const failed: RestFault = { kind: 'answer', status: 500 };
    await using rig = await OutboundRig.start({
      courses: [{ outcome: 'busy', ringMs: 3000, talkMs: 0 }],
      questionFaults: [failed, failed],
    });
    const agent = outboundAgent();
    const placed = await rig.settle(rig.dialler.place(agent, { number }));
    expect((await rig.settle(rig.dialler.follow(agent, placed, () => undefined))).status).toBe('busy');
  });
});

describe('a request that certainly came to nothing', () => {
  it('is sent again after the time that Exotel names', async () => {
    await using rig = await OutboundRig.start({ faults: [{ kind: 'answer', status: 429, retryAfterS: 7 }] });
    const fromMs = rig.clock.nowMs();
    await rig.settle(rig.dialler.place(outboundAgent(), { number }));
    expect(rig.clock.nowMs() - fromMs).toBeGreaterThanOrEqual(7000);
    expect(rig.dialled).toBe(2);
    expect(rig.exotel.calls).toHaveLength(1);
  });

  it.each<{ title: string; fault: RestFault; code: string; dialled: number }>([
    {
      title: '429 for too long',
      fault: { kind: 'answer', status: 429, retryAfterS: 600 },
      code: 'exotel.rate-limited',
      dialled: 1,
    },
    {
      title: '400',
      fault: { kind: 'answer', status: 400, message: 'Invalid 09000000001' },
      code: 'exotel.refused',
      dialled: 1,
    },
    { title: '403', fault: { kind: 'answer', status: 403 }, code: 'exotel.unauthorised', dialled: 1 },
    { title: 'a redirection', fault: { kind: 'answer', status: 307 }, code: 'exotel.refused', dialled: 1 },
  ])('is told and not repeated: $title', async ({ fault, code, dialled }) => {
    await using rig = await OutboundRig.start({ faults: [fault] });
    const error = await rig.failure(rig.dialler.place(outboundAgent(), { number }));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('9000000001');
    expect(rig.dialled).toBe(dialled);
    expect(rig.exotel.calls).toEqual([]);
  });

  it('says which credentials were not accepted, and holds none of them', async () => {
    await using rig = await OutboundRig.start({ badKey: 'wrong-key-0815' });
    const error = await rig.failure(rig.dialler.place(outboundAgent(), { number }));
    expect(error.code).toBe('exotel.unauthorised');
    expect(error.message).toContain('EXOTEL_SUBDOMAIN');
    expect(error.message + rig.log.text).not.toMatch(/wrong-key-0815|simulated-token/);
  });

  it('is sent again to a server that could not be reached, and given up', async () => {
    const rig = await OutboundRig.start();
    await rig.exotel.close();
    const error = await rig.failure(rig.dialler.place(outboundAgent(), { number }));
    expect(error.code).toBe('exotel.unreachable');
    expect(rig.log.all('outbound.failed')).toHaveLength(3);
  });
});

describe('a request of which nobody knows what came', () => {
  it.each<{ title: string; fault: RestFault }>([
    { title: 'the answer is lost', fault: { kind: 'loseAnswer' } },
    { title: 'the answer cannot be read', fault: { kind: 'garbledAnswer' } },
  ])('is looked for, and found: $title', async ({ fault }) => {
    await using rig = await OutboundRig.start({ faults: [fault] });
    const { call, id } = await rig.settle(rig.dialler.place(outboundAgent(), { number }));
    expect(rig.exotel.calls.map(({ sid }) => sid)).toEqual([call.sid]);
    expect(rig.exotel.calls[0]?.customField).toContain(id);
    expect(rig.dialled).toBe(1);
  });

  it.each<{ title: string; fault: RestFault; tellsCustomField: boolean }>([
    { title: 'a server that fails', fault: { kind: 'answer', status: 502 }, tellsCustomField: true },
    { title: 'no answer in time', fault: { kind: 'hang' }, tellsCustomField: true },
    { title: 'a call that Exotel does not name', fault: { kind: 'loseAnswer' }, tellsCustomField: false },
  ])('is never sent again: $title', async ({ fault, tellsCustomField }) => {
    await using rig = await OutboundRig.start({ faults: [fault], tellsCustomField });
    const error = await rig.failure(rig.dialler.place(outboundAgent(), { number }));
    expect(error.code).toBe('outbound.outcome-unknown');
    expect(rig.dialled).toBe(1);
  });
});

it('a call whose request was lost is known again by its stream', async () => {
  await using rig = await OutboundRig.start({ faults: [{ kind: 'loseAnswer' }], tellsCustomField: false });
  const placing = rig.dialler.place(outboundAgent(), { number });
  await rig.settle(until('the call', () => rig.log.all('outbound.failed')[0]));
  const [call] = rig.exotel.calls;
  rig.book.streamBegan({ another: 'x' }, 'none');
  rig.book.streamBegan(JSON.parse(call?.customField ?? '{}'), call?.sid ?? '');
  expect((await rig.settle(placing)).call.sid).toBe(call?.sid);
  expect(rig.dialled).toBe(1);
});

describe('the log', () => {
  it('holds neither the number nor what the call is about', async () => {
    await using rig = await OutboundRig.start();
    await rig.settle(rig.dialler.place(outboundAgent(), { number, fields: { name: 'Asha' } }));
    expect(rig.log.text).toContain('••••01');
    expect(rig.log.text).not.toMatch(/9000000001|Asha|simulated-key|simulated-token/);
  });
});
