import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExotelCalls, type StatusReport } from '../../src/exotel/index.ts';
import { Dialler, OutboundBook } from '../../src/outbound/index.ts';
import { type Course, type ExotelRestOptions, SimulatedExotelRest } from '../../src/sim/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { outboundAgent } from '../outbound/rig.ts';

const agent = outboundAgent('  hours: 00:00-24:00\n', 'bakery');
const number = '09000000001';
const busy: Course = { outcome: 'busy', ringMs: 100, talkMs: 0 };

let service: TestService;
let tell: (report: StatusReport) => void = () => undefined;
beforeAll(async () => {
  service = await TestService.start({ doors: { statusTold: (report) => tell(report) } });
});
afterAll(() => service[Symbol.asyncDispose]());

/** The calls of the service, placed at a simulated Exotel that sends the callbacks it is asked for. */
async function placing(options: Partial<ExotelRestOptions> = {}) {
  const exotel = await SimulatedExotelRest.listen({
    clock: systemClock,
    chance: systemChance,
    courses: [busy],
    ...options,
  });
  const { apiKey, apiToken, accountSid, url: baseUrl } = exotel;
  const { doors } = service.server;
  const dialler = new Dialler({
    exotel: new ExotelCalls({ apiKey, apiToken, accountSid, baseUrl }, systemClock),
    clock: systemClock,
    chance: systemChance,
    log: service.log.log,
    streamUrlOf: () => undefined,
    statusCallbackOf: async ({ name }) => service.base + (await doors.callbackPath(name)),
  });
  const book = new OutboundBook(dialler, systemClock, service.log.log, (callSid, name) =>
    doors.ledger.open(callSid, name),
  );
  tell = (report) => book.statusTold(report);
  const over = async (): Promise<void> => {
    book.close();
    await exotel.close();
  };
  return { exotel, book, ledger: doors.ledger, [Symbol.asyncDispose]: over };
}

describe('the end of a call that is placed', () => {
  it.each(['multipart', 'urlencoded', 'json'] as const)(
    'is told by Exotel before anybody asks: %s',
    async (callbacks) => {
      await using placed = await placing({ callbacks, callbackCopies: 2 });
      const { id, callSid, status } = await placed.book.place(agent, { number }, undefined);
      expect(status).toBe('queued');
      await until('the end to be known', () => placed.book.find(id)?.status === 'busy' || undefined);
      expect(placed.exotel.requests.map(({ method }) => method)).toEqual(['POST']);
      await until('it to be told twice', () => placed.exotel.callbacks[1]);
      expect(placed.exotel.callbacks.map(({ answered }) => answered)).toEqual([200, 200]);
      expect(placed.ledger.find(callSid)?.callbacks).toHaveLength(1);
      expect(service.log.text).not.toContain('9000000001');
    },
  );

  it('is asked for, when the callback is lost', async () => {
    await using placed = await placing({ callbacks: 'none' });
    const { id, callSid } = await placed.book.place(agent, { number }, undefined);
    await until('the end to be known', () => placed.book.find(id)?.status === 'busy' || undefined);
    expect(placed.exotel.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(placed.ledger.find(callSid)).toMatchObject({ agent: 'bakery', callbacks: [] });
  });

  it('is not told by whoever has no path for it', async () => {
    await using placed = await placing({ courses: [{ outcome: 'busy', ringMs: 1500, talkMs: 0 }] });
    const { id, callSid } = await placed.book.place(agent, { number }, undefined);
    const body = new URLSearchParams({ CallSid: callSid, Status: 'completed' });
    const forged = `${service.base}/exotel/status/t/${'x'.repeat(80)}`;
    expect((await fetch(forged, { method: 'POST', body })).status).toBe(403);
    expect(placed.book.find(id)?.status).toBe('queued');
  });

  it('is that of the call it names', async () => {
    await using placed = await placing({ courses: [{ outcome: 'busy', ringMs: 1500, talkMs: 0 }] });
    const { id, callSid } = await placed.book.place(agent, { number }, undefined);
    const news = { durationS: 7, event: 'terminal', key: 'k' };
    placed.book.statusTold({ ...news, callSid: 'another', status: 'completed' });
    placed.book.statusTold({ ...news, callSid, status: 'in-progress' });
    placed.book.statusTold({ ...news, callSid, status: 'no word of Exotel’s' });
    expect(placed.book.find(id)?.status).toBe('queued');
    placed.book.statusTold({ ...news, callSid, status: 'completed' });
    expect(placed.book.find(id)).toMatchObject({ status: 'completed', durationS: 7 });
  });
});
