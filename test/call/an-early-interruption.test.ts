import { describe, expect, it } from 'vitest';
import { loadCaller, spoken } from '../../src/sim/index.ts';
import { SimulatedService } from '../helpers/simulated-call.ts';

/** Telephone lines by the echo of the agent that comes back over them. */
const lines = [
  { line: 'without echo', echo: undefined },
  { line: 'with an echo of −30 dB after 250 ms', echo: { returnLossDb: 30, delayMs: 250 } },
  { line: 'with an echo of −20 dB after 350 ms', echo: { returnLossDb: 20, delayMs: 350 } },
  { line: 'with an echo of −12 dB after 60 ms', echo: { returnLossDb: 12, delayMs: 60 } },
];

/** A call whose agent does not greet, up to the moment at which the first reply is sent. */
async function firstReply(echo: (typeof lines)[number]['echo']) {
  const reply = (heard: string, line: 'cakes' | 'offer') => ({ heard, reply: spoken(line) });
  const service = new SimulatedService({
    script: { turns: [reply('Hours?', 'cakes'), reply('Two.', 'offer')] },
    agent: 'greeting: { by: none }',
  });
  const { caller, seen } = service.dial({ profile: echo ? { echo } : {} });
  await service.clock.run(1500);
  caller.say((await loadCaller('hello-hours')).samples);
  await service.clock.run(8000, () => seen.types.includes('playout.started'));
  return { service, caller, seen };
}

describe.each(lines)('the first words of an agent in a call $line', ({ echo }) => {
  // the gate has learned nothing yet: a caller's voice must not be what it learns
  it.each([0, 200, 300, 600])('are interrupted by a caller who speaks after %i ms', async (afterMs) => {
    const { service, caller, seen } = await firstReply(echo);
    await service.clock.run(afterMs);
    caller.say((await loadCaller('number-two')).samples);
    await service.clock.run(2500);
    expect(seen.replies.map(({ how }) => how)).toEqual(['flushed']);
  });

  it('are not interrupted by their own echo', async () => {
    const { service, seen } = await firstReply(echo);
    await service.clock.run(5000);
    expect(seen.types.filter((type) => type === 'speech.started')).toHaveLength(1);
  });
});
