import { expect, it } from 'vitest';
import { ExotelCalls } from '../../src/exotel/index.ts';
import { Dialler } from '../../src/outbound/index.ts';
import { type SimulatedCaller, SimulatedExotelRest } from '../../src/sim/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { outboundAgent } from '../outbound/rig.ts';

it('is a conversation: who answers hears the agent, and the fields of the order are parameters of the call', async () => {
  await using service = await TestService.start();
  let answered: SimulatedCaller | undefined;
  const exotel = await SimulatedExotelRest.listen({
    clock: systemClock,
    chance: systemChance,
    courses: [{ outcome: 'answered', ringMs: 200, talkMs: 0 }],
    onAnswered: (caller) => {
      answered = caller;
    },
  });
  const { apiKey, apiToken, accountSid, url: baseUrl } = exotel;
  const dialler = new Dialler({
    exotel: new ExotelCalls({ apiKey, apiToken, accountSid, baseUrl }, systemClock),
    clock: systemClock,
    chance: systemChance,
    log: service.log.log,
    streamUrlOf: () => undefined,
  });
  const agent = outboundAgent('  hours: 00:00-24:00\n', 'bakery');
  const outbound = { ...agent.outbound, streamUrl: service.address('bakery') };
  const order = { number: '09000000001', fields: { order: '42' } };
  const placed = await dialler.place({ ...agent, outbound }, order);
  const statuses: string[] = [];
  const followed = dialler.follow(agent, placed, ({ status }) => statuses.push(status));
  const caller = await until('somebody to answer', () => answered);
  await caller.wait.agentFinished({ withinMs: 15_000, forMs: 700 });
  caller.hangUp();
  expect((await followed).status).toBe('completed');
  expect(caller.violations).toEqual([]);
  const { parties, summary } = await until('the call to be over', () => service.finished[0]);
  expect(parties).toMatchObject({
    callSid: placed.call.sid,
    parameters: { baari_call: placed.id, order: '42' },
  });
  expect(summary.outcome).toBe('callerHungUp');
  await exotel.close();
});
