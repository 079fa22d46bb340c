import { expect, it } from 'vitest';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedService } from '../helpers/simulated-call.ts';

it('tells the model who calls, and keeps no session warm that could not know', async () => {
  const agent = "limits: { warm_sessions: 1 }\ngreeting: { text: 'Hello on {{weekday}}.' }";
  const service = new SimulatedService({ script: { greeting: spoken('greeting'), turns: [] }, agent });
  service.warm.start();
  await service.clock.run(2000);
  expect(service.sessions).toHaveLength(0);
  const { call } = service.dial();
  await service.clock.run(3000);
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'Asia/Kolkata' });
  const said = JSON.stringify(service.sessions[0]?.observation);
  expect(said).toContain(`Hello on ${weekday.format(service.clock.wallMs())}.`);
  call.abort();
  service.warm.close();
  await service.clock.run(3000);
});
