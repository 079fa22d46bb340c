import { describe, expect, it } from 'vitest';
import { type GeminiScript, loadCaller, spoken } from '../../src/sim/index.ts';
import { type SimulatedCall, SimulatedService } from '../helpers/simulated-call.ts';

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [
    { heard: 'Hello.', reply: spoken('cakes') },
    { heard: 'Hello.', reply: spoken('hours') },
  ],
};
const sentence = 'The van has just left.';

type Running = SimulatedCall & { readonly service: SimulatedService };

function dialled(): Running {
  const service = new SimulatedService({ script });
  return { ...service.dial(), service };
}

/** When the model was asked to say the sentence, ms. */
function asked({ service }: Running): number[] {
  return service.sessions.flatMap(({ observation }) =>
    observation.received.flatMap(({ atMs, text }) => (text?.includes(sentence) ? [atMs] : [])),
  );
}

describe('a sentence that somebody outside the call wants said', () => {
  it('is asked of the model at once when nobody speaks', async () => {
    const running = dialled();
    await running.service.clock.run(6000);
    expect(running.call.command({ type: 'say', sentence }, 'desk')).toBe(true);
    await running.service.clock.run(200);
    expect(asked(running)).toHaveLength(1);
  });

  it('waits for the end of the greeting', async () => {
    const running = dialled();
    await running.service.clock.run(2500);
    expect(running.call.command({ type: 'say', sentence }, 'desk')).toBe(true);
    expect(asked(running)).toEqual([]);
    await running.service.clock.run(6000);
    expect(asked(running)).toHaveLength(1);
  });

  it('waits for the caller, and for the answer to what the caller says', async () => {
    const running = dialled();
    const { service, call, caller, seen } = running;
    await service.clock.run(6000);
    caller.say(await loadCaller('for-tomorrow-at-five'));
    await service.clock.run(1200);
    expect(call.command({ type: 'say', sentence }, 'desk')).toBe(true);
    await service.clock.run(8000, () => seen.types.filter((type) => type === 'playout.started').length === 2);
    expect(asked(running)).toEqual([]);
    await service.clock.run(20_000, () => asked(running).length > 0);
    expect(asked(running)).toHaveLength(1);
    expect(seen.types.filter((type) => type === 'playout.drained')).toHaveLength(2);
  });

  it('is not taken before the model is there, while another waits, and when the call is over', async () => {
    const running = dialled();
    const { service, call } = running;
    expect(call.command({ type: 'say', sentence }, 'desk')).toBe(false);
    await service.clock.run(2500);
    expect([
      call.command({ type: 'say', sentence }, 'desk'),
      call.command({ type: 'say', sentence: 'Another.' }, 'desk'),
    ]).toEqual([true, false]);
    call.hangUp();
    await service.clock.run(3000);
    expect(call.command({ type: 'say', sentence }, 'desk')).toBe(false);
    expect(asked(running)).toEqual([]);
  });
});
