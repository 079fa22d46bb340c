import { describe, expect, it } from 'vitest';
import type { CallObserver } from '../../src/call/index.ts';
import { type GeminiScript, loadCaller, spoken } from '../../src/sim/index.ts';
import { SimulatedService } from '../helpers/simulated-call.ts';

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [{ heard: 'Hello.', reply: spoken('hours') }],
};

/** How many samples of a call were not silence, as its observers had it. */
class Loudness implements CallObserver {
  samples = 0;

  callerAudio(pcm: Int16Array): void {
    this.samples += pcm.filter((sample) => Math.abs(sample) > 500).length;
  }
}

function dialled(agent = '') {
  const service = new SimulatedService({ script, agent });
  const recorded = new Loudness();
  return { ...service.dial({ observers: [recorded] }), service, recorded };
}

describe.each([
  ['Baari', ''],
  ['the model', 'turns: {owner: gemini}'],
])('a caller who is muted, where %s tells turns', (_, agent) => {
  it('is not heard, has no turn, and is in the record; let through again, they are answered', async () => {
    const { service, call, caller, seen, recorded } = dialled(agent);
    await service.clock.run(6000);
    expect(call.command({ type: 'mute', isMuted: true }, 'desk')).toBe(true);
    const before = recorded.samples;
    caller.say(await loadCaller('for-tomorrow-at-five'));
    await service.clock.run(9000);
    expect(recorded.samples - before).toBeGreaterThan(1000);
    expect(seen.types).not.toContain('speech.started');
    expect(seen.types.filter((type) => type === 'playout.started')).toHaveLength(1);
    expect(call.command({ type: 'mute', isMuted: false }, 'desk')).toBe(true);
    caller.say(await loadCaller('for-tomorrow-at-five'));
    await service.clock.run(12_000);
    expect(seen.types).toContain('speech.started');
    expect(seen.types.filter((type) => type === 'playout.started').length).toBeGreaterThan(1);
  });
});

describe('a call whose caller is muted', () => {
  it('does not ask why nobody speaks, and begins to wait anew afterwards', async () => {
    const { service, call, seen } = dialled();
    await service.clock.run(6000);
    call.command({ type: 'mute', isMuted: true }, 'desk');
    await service.clock.run(120_000);
    expect(seen.types.filter((type) => type === 'playout.started')).toHaveLength(1);
    call.command({ type: 'mute', isMuted: false }, 'desk');
    await service.clock.run(12_000);
    expect(seen.types.filter((type) => type === 'playout.started')).toHaveLength(2);
  });

  it('takes the command again, and only while caller and agent converse', async () => {
    const { service, call, seen } = dialled();
    expect(call.command({ type: 'mute', isMuted: true }, 'desk')).toBe(false);
    await service.clock.run(2500);
    expect(
      [false, true, true, false].map((isMuted) => call.command({ type: 'mute', isMuted }, 'desk')),
    ).toEqual([true, true, true, true]);
    expect(seen.types.filter((type) => type.endsWith('mute'))).toEqual(['call.mute', 'call.unmute']);
    call.hangUp();
    await service.clock.run(3000);
    expect(call.command({ type: 'mute', isMuted: true }, 'desk')).toBe(false);
  });
});
