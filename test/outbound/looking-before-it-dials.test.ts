import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWithinHours } from '../../src/outbound/calling-hours.ts';
import { OutboundRig, outboundAgent } from './rig.ts';

const zone = 'Asia/Kolkata';
/** 2026-01-07 is a Wednesday; India is at +05:30. */
const india = (day: number, hour: number, minute: number): number =>
  Date.UTC(2026, 0, day, hour, minute) - 330 * 60_000;

describe('calling hours', () => {
  it.each([
    { hours: '09:00-21:00', days: [], at: india(7, 9, 0), may: true },
    { hours: '09:00-21:00', days: [], at: india(7, 8, 59), may: false },
    { hours: '09:00-21:00', days: [], at: india(7, 20, 59), may: true },
    { hours: '09:00-21:00', days: [], at: india(7, 21, 0), may: false },
    { hours: '09:00-21:00', days: ['mon', 'tue'], at: india(7, 12, 0), may: false },
    { hours: '09:00-21:00', days: ['wed'], at: india(7, 12, 0), may: true },
    { hours: '00:00-24:00', days: [], at: india(7, 0, 0), may: true },
    { hours: '20:00-02:00', days: ['wed'], at: india(8, 1, 0), may: true },
    { hours: '20:00-02:00', days: ['wed'], at: india(7, 1, 0), may: false },
    { hours: '20:00-02:00', days: ['mon'], at: india(6, 1, 0), may: true },
    { hours: '20:00-02:00', days: ['sun'], at: india(5, 1, 0), may: true },
    { hours: '20:00-02:00', days: [], at: india(7, 12, 0), may: false },
  ])('$hours on [$days] at $at: $may', ({ hours, days, at, may }) => {
    expect(isWithinHours({ hours, days, timeZone: zone }, at)).toBe(may);
  });

  it('follow the clocks of their zone', () => {
    const summer = { hours: '09:00-10:00', days: [], timeZone: 'Europe/London' };
    expect(isWithinHours(summer, Date.UTC(2026, 6, 1, 8, 30))).toBe(true);
    expect(isWithinHours(summer, Date.UTC(2026, 0, 1, 8, 30))).toBe(false);
  });

  it('are looked at before anything is sent', async () => {
    await using rig = await OutboundRig.start();
    const agent = outboundAgent('  hours: 13:00-14:00\n');
    const error = await rig.failure(rig.dialler.place(agent, { number: '9000000001' }));
    expect(error.code).toBe('outbound.outside-hours');
    expect(rig.exotel.requests).toEqual([]);
  });
});

describe('the do-not-call list', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'baari-list-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    { number: '+91 90000 00001', code: 'outbound.do-not-call' },
    { number: '09000000003', code: 'outbound.do-not-call' },
    { number: '9000000005', code: undefined },
  ])('is asked for $number, however it is written: $code', async ({ number, code }) => {
    const file = path.join(folder, 'list.txt');
    await writeFile(file, '\uFEFF# do not call\r\n090000-00001\r\n\r\n+919000000003\n');
    await using rig = await OutboundRig.start();
    const place = rig.dialler.place(outboundAgent(`  do_not_call: ${file}\n`), { number });
    if (code) expect((await rig.failure(place)).code).toBe(code);
    else await rig.settle(place);
    expect(rig.dialled).toBe(code ? 0 : 1);
  });

  it.each([
    { title: 'is not there', content: undefined, says: 'ENOENT' },
    { title: 'has a line that is no number', content: '9000000001\nmaybe\n', says: 'line 2' },
  ])('stops all calls when it $title', async ({ content, says }) => {
    const file = path.join(folder, `${says.replace(' ', '')}.txt`);
    if (content !== undefined) await writeFile(file, content);
    await using rig = await OutboundRig.start();
    const agent = outboundAgent(`  do_not_call: ${file}\n`);
    const error = await rig.failure(rig.dialler.place(agent, { number: '9000000007' }));
    expect(error.code).toBe('outbound.do-not-call-unreadable');
    expect(error.message).toContain(says);
    expect(rig.dialled).toBe(0);
  });
});

describe('an order', () => {
  it.each([
    { title: 'for no number', number: 'hello', agent: '', code: 'outbound.bad-number' },
    { title: 'for a number that is too short', number: '123', agent: '', code: 'outbound.bad-number' },
    {
      title: 'for a flow that is not named',
      number: '9000000001',
      agent: '  mode: flow\n',
      code: 'outbound.not-configured',
    },
  ])('$title is refused', async ({ number, agent, code }) => {
    await using rig = await OutboundRig.start();
    expect((await rig.failure(rig.dialler.place(outboundAgent(agent), { number }))).code).toBe(code);
    expect(rig.dialled).toBe(0);
  });

  it('whose fields are too long is refused', async () => {
    await using rig = await OutboundRig.start();
    const order = { number: '9000000001', fields: { about: 'x'.repeat(120) } };
    const error = await rig.failure(rig.dialler.place(outboundAgent(), order));
    expect(error).toMatchObject({ code: 'outbound.bad-fields' });
    expect(error.message).toContain('at most 128');
  });

  it('beyond the rate of its agent is refused, and taken a minute later', async () => {
    await using rig = await OutboundRig.start();
    const agent = outboundAgent('  calls_per_minute: 2\n');
    const place = () => rig.dialler.place(agent, { number: '9000000001' });
    await rig.settle(place());
    await rig.settle(place());
    const error = await rig.failure(place());
    expect(error.code).toBe('outbound.rate-limited');
    expect(error.retryAfterMs).toBeGreaterThan(0);
    rig.clock.advance(error.retryAfterMs ?? 0);
    await rig.settle(place());
    expect(rig.dialled).toBe(3);
  });

  it('beyond the rate of the process is refused', async () => {
    await using rig = await OutboundRig.start();
    const agents = [1, 2].map((n) => outboundAgent('  calls_per_minute: 600\n', `shop-${n}`));
    const all = agents.flatMap((agent) =>
      Array.from({ length: 31 }, () => rig.dialler.place(agent, { number: '9000000001' })),
    );
    const outcomes = await rig.settle(Promise.allSettled(all));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(rig.dialled).toBe(60);
  });
});
