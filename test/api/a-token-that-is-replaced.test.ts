import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { ApiGate } from '../../src/server/api/gate.ts';
import { ApiTokens } from '../../src/server/index.ts';
import { SimulatedClock, seededChance } from '../../src/time/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';

it('takes the sessions of the console with it that were opened with the old one', async () => {
  const clock = new SimulatedClock();
  let tokens = ApiTokens.read('the-first-token-of-all');
  const gate = new ApiGate({
    clock,
    chance: seededChance(1),
    log: new MemoryLog().log,
    tokens: () => tokens,
    clientOf: () => '203.0.113.9',
  });
  const owner = tokens.of('the-first-token-of-all', clock.wallMs());
  if (!owner) throw new Error('the token is not known');
  const cookie = `baari_session=${await gate.open(owner)}`;
  const asker = { headers: { cookie, 'sec-fetch-site': 'same-origin' }, method: 'GET', socket: new Socket() };
  expect(await gate.who(asker)).toBe(owner);
  tokens = ApiTokens.read('the-second-token-of-all');
  expect(await gate.who(asker)).toMatchObject({ status: 401 });
});
