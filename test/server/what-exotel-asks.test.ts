import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const agents = {
  sales: { numbers: ['+91 80 1234 5678'], transfer: { number: '09000000009' } },
  silent: { afterCall: { branchB: ['callerHungUp'] } },
};

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ agents });
});
afterAll(() => service[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(service.base + path, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** The three ways in which a body may come, and the query. */
const ways: [string, (path: string, fields: Record<string, string>) => Promise<Answer>][] = [
  ['GET', (path, fields) => ask(`${path}?${new URLSearchParams(fields)}`)],
  ['POST urlencoded', (path, fields) => ask(path, { method: 'POST', body: new URLSearchParams(fields) })],
  [
    'POST multipart',
    (path, fields) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      return ask(path, { method: 'POST', body });
    },
  ],
  [
    'POST JSON',
    (path, fields) => {
      const headers = { 'content-type': 'application/json' };
      return ask(path, { method: 'POST', body: JSON.stringify(fields), headers });
    },
  ],
];

describe.each(ways)('by %s', (way, askBy) => {
  it('the address of a stream is told, of an agent and of a number', async () => {
    const port = new URL(service.base).port;
    const stream = (agent: string) => ({
      url: expect.stringMatching(
        new RegExp(`^ws://127\\.0\\.0\\.1:${port}/exotel/${agent}/t/[\\w.-]{50,400}$`),
      ),
    });
    expect(await askBy('/exotel/bakery/resolve', { CallSid: 'c1' })).toEqual({
      status: 200,
      body: stream('bakery'),
    });
    const called = { CallSid: 'c1', CallTo: '09999999999', To: '08012345678', Direction: 'incoming' };
    expect(await askBy('/exotel/resolve', called)).toEqual({ status: 200, body: stream('sales') });
    expect(await askBy('/exotel/resolve', { CallSid: 'c1', To: '08012345670' })).toMatchObject({
      status: 404,
    });
    expect(await askBy('/exotel/nobody/resolve', {})).toMatchObject({ status: 404 });
  });

  it.each([
    { agent: 'bakery', outcome: 'agentEnded', status: 200, select: 'done' },
    { agent: 'bakery', outcome: 'callerHungUp', status: 200, select: 'done' },
    { agent: 'bakery', outcome: 'modelUnavailable', status: 302, select: 'failed' },
    { agent: 'bakery', outcome: 'lineFailed', status: 302, select: 'failed' },
    { agent: 'bakery', outcome: 'refused', status: 302, select: 'failed' },
    { agent: 'bakery', outcome: 'transferred', status: 302, select: 'transferred' },
    { agent: 'silent', outcome: 'callerHungUp', status: 302, select: 'done' },
    { agent: 'silent', outcome: 'modelUnavailable', status: 200, select: 'failed' },
  ] as const)(
    'after $outcome of $agent the flow goes on: $status',
    async ({ agent, outcome, status, select }) => {
      const CallSid = `${agent}-${outcome}`;
      service.server.doors.ledger.open(CallSid, agent, 'id');
      service.server.doors.ledger.close(CallSid, outcome);
      const fields = { CallSid, 'Stream[Status]': 'completed' };
      expect(await askBy(`/exotel/${agent}/passthru`, fields)).toEqual({ status, body: { select } });
      expect(await askBy(`/exotel/${agent}/switch`, fields)).toEqual({ status: 200, body: { select } });
      // to another agent nothing of the call is told
      expect(await askBy('/exotel/sales/passthru', fields)).toEqual({
        status: 200,
        body: { select: 'done' },
      });
    },
  );

  it.each([
    ['as fields', { 'Stream[Status]': 'failed', 'Stream[Error]': '3009 failed' }],
    ['as JSON', { Stream: '{"Status":"failed","Error":"3009 failed"}' }],
  ])('after a stream that never was, told %s, the flow takes branch B', async (_form, fields) => {
    const answer = await askBy('/exotel/bakery/passthru', { CallSid: 'unknown', ...fields });
    expect(answer).toEqual({ status: 302, body: { select: 'failed' } });
  });

  it('the Connect applet is told the number of the call, else that of the agent, else none', async () => {
    const { ledger } = service.server.doors;
    ledger.open('c-chosen', 'sales');
    ledger.transferTo('c-chosen', '09000000001');
    const reply = (number: string) => ({
      status: 200,
      body: { destination: { numbers: [number] }, max_ringing_duration: 30 },
    });
    expect(await askBy('/exotel/sales/connect', { CallSid: 'c-chosen' })).toEqual(reply('+919000000001'));
    expect(await askBy('/exotel/sales/connect', { CallSid: 'c-other' })).toEqual(reply('+919000000009'));
    expect(await askBy('/exotel/bakery/connect', { CallSid: 'c-chosen' })).toMatchObject({ status: 404 });
  });

  it('the Connect applet that overtakes the end of a call is told the number chosen in it', async () => {
    if (way !== 'GET') return;
    const call = service.call({ agent: 'sales' });
    const callId = await service.callId(call);
    const live = await until('the call to be live', () => service.server.calls.get(callId));
    const { callSid: CallSid } = call.caller.identity;
    await call.caller.wait.agentAudible({ withinMs: 8000 });
    live.command({ type: 'transfer', to: '+919000000008', announce: true }, 'desk');
    const { body } = await askBy('/exotel/sales/connect', { CallSid });
    expect(body).toMatchObject({ destination: { numbers: ['+919000000008'] } });
    expect(service.server.doors.ledger.find(CallSid)?.outcome).toBeUndefined();
    call.caller.hangUp();
    await service.ending(call);
    // nobody is left to be passed on
    expect(await askBy('/exotel/sales/passthru', { CallSid })).toEqual({
      status: 200,
      body: { select: 'done' },
    });
  });

  it('a status callback is kept once, and one of a call that is not ours not at all', async () => {
    if (way === 'GET') return;
    const { ledger } = service.server.doors;
    const CallSid = `status-${way.replace(' ', '-')}`;
    ledger.open(CallSid, 'bakery');
    const fields = {
      CallSid,
      Status: 'completed',
      EventType: 'terminal',
      DateUpdated: '2026-01-01 10:00:00',
    };
    const answers = [
      await askBy('/exotel/status', fields),
      await askBy('/exotel/status', fields),
      await askBy('/exotel/status', { ...fields, CallSid: 'strange' }),
      await askBy('/exotel/status', { Status: 'completed' }),
    ];
    expect(answers).toMatchObject([
      { status: 200, body: { status: 'kept' } },
      { status: 200, body: { status: 'known already' } },
      { status: 200, body: { status: 'no such call' } },
      { status: 400, body: { error: 'expected the field CallSid, found none' } },
    ]);
    expect(ledger.find(CallSid)?.callbacks).toHaveLength(1);
  });
});

it('numbers are in no log', () => {
  expect(service.log.text).not.toMatch(/9000000001|8012345678/);
});
