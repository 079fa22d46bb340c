import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rig } from './rig.ts';

const rateHz = 8000;
/** A sentence of `ms`, told from the model's voice by its value. */
const sentence = (ms: number): Int16Array => new Int16Array((ms * rateHz) / 1000).fill(500);

/** A rig that plays a sentence of 300 ms. */
function playing(): Rig {
  const rig = new Rig();
  rig.scheduler.say(sentence(300));
  return rig;
}

describe('a sentence of our own', () => {
  it('is a reply that is finished from the start', () => {
    const rig = playing();
    rig.advance(2000);
    expect(rig.noticed).toEqual(['audible', 'filled', 'sentAll', 'heardAll']);
    expect(rig.line.heard).toEqual([...sentence(300)]);
    expect(rig.settled).toMatchObject([{ how: 'drained', account: { by: 'baari', heard: 2400 } }]);
  });

  it('is played at once although replies are played only when they are whole', () => {
    const rig = new Rig({ policy: { start: 'turn' } });
    rig.scheduler.say(sentence(300));
    rig.advance(2000);
    expect(rig.line.heard).toEqual([...sentence(300)]);
  });

  it('never comes between the words of the model', () => {
    const rig = new Rig();
    rig.write(500);
    rig.scheduler.say(sentence(300));
    rig.scheduler.finish();
    rig.advance(2000);
    expect(rig.line.heard).toEqual(rig.all);
  });

  it('without a sample is nothing', () => {
    const rig = new Rig();
    rig.scheduler.say(new Int16Array(0));
    rig.write(500);
    rig.scheduler.finish();
    rig.advance(2000);
    expect(rig.settled).toMatchObject([{ account: { by: 'model', heard: 4000 } }]);
  });

  it('is held and goes on', () => {
    const rig = playing();
    rig.scheduler.hold();
    rig.advance(1000);
    rig.scheduler.play();
    rig.advance(1000);
    expect(rig.line.heard).toEqual([...sentence(300)]);
  });
});

describe('what the model says while it plays', () => {
  it('is a reply of its own behind it', () => {
    const rig = playing();
    rig.advance(40);
    rig.write(200);
    rig.advance(10);
    expect(rig.scheduler.generatedSamples).toBe(1600);
    rig.write(200);
    rig.advance(600);
    expect(rig.noticed.slice(0, 6)).toEqual([
      'audible',
      'filled',
      'sentAll',
      'heardAll',
      'audible',
      'filled',
    ]);
    rig.scheduler.finish();
    rig.advance(1000);
    expect(rig.line.heard).toEqual([...sentence(300), ...rig.all]);
    expect(rig.settled).toMatchObject([
      { how: 'drained', account: { reply: 1, by: 'baari', generated: 2400, heard: 2400 } },
      { how: 'drained', account: { reply: 2, by: 'model', generated: 3200, heard: 3200 } },
    ]);
  });

  it.each([
    ['finished', 'finish'],
    ['torn', 'finishAtGap'],
  ] as const)('may be %s before it is begun to be heard', (_, end) => {
    const rig = playing();
    rig.write(400);
    rig.scheduler[end]();
    rig.advance(2000);
    expect(rig.noticed.slice(-4)).toEqual(['audible', 'filled', 'sentAll', 'heardAll']);
    expect(rig.line.heard).toEqual([...sentence(300), ...rig.all]);
  });

  it('ends nothing when nothing of it has come', () => {
    const rig = playing();
    rig.scheduler.finish();
    rig.write(200);
    rig.advance(600);
    rig.write(200);
    rig.scheduler.finish();
    rig.advance(1000);
    expect(rig.line.heard).toEqual([...sentence(300), ...rig.all]);
  });

  it('is dropped with it, and accounted for', () => {
    const rig = playing();
    rig.advance(40);
    rig.write(400);
    rig.scheduler.flush();
    rig.advance(2000);
    expect(rig.line.heard.every((sample) => sample === 500)).toBe(true);
    expect(rig.settled).toMatchObject([
      { how: 'flushed', account: { by: 'baari', generated: 2400 } },
      { how: 'flushed', account: { by: 'model', generated: 3200, heard: 0, dropped: 3200 } },
    ]);
    expect(rig.scheduler.generatedSamples).toBe(0);
  });

  it('is accounted for when the call ends', () => {
    const rig = playing();
    rig.write(400);
    rig.scheduler.dispose();
    expect(rig.settled).toMatchObject([{ account: { by: 'baari' } }, { account: { dropped: 3200 } }]);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});

describe('whatever happens around it', () => {
  const deeds = ['say', 'write', 'finish', 'finishAtGap', 'flush', 'hold', 'play', 'advance'] as const;
  const course = fc.array(
    fc.record({
      deed: fc.constantFrom(...deeds, 'write', 'advance', 'advance'),
      ms: fc.integer({ min: 1, max: 500 }),
    }),
    { maxLength: 40 },
  );

  it('all that the model said is accounted for as the model’s, and all that was heard', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const rig = new Rig();
        for (const { deed, ms } of steps) {
          if (deed === 'say') rig.scheduler.say(sentence(ms));
          else if (deed === 'write' || deed === 'advance') rig[deed](ms);
          else rig.scheduler[deed]();
        }
        rig.scheduler.flush();
        rig.advance(5000);
        const sum = (accounts: typeof rig.settled, what: 'generated' | 'heard' | 'queued'): number =>
          accounts.reduce((total, { account }) => total + account[what], 0);
        expect(sum(rig.settled, 'heard')).toBe(rig.line.heardCount);
        expect(sum(rig.settled, 'queued')).toBe(0);
        const ofModel = rig.settled.filter(({ account }) => account.by === 'model');
        expect(sum(ofModel, 'generated')).toBe(rig.written);
        const ofOurs = rig.line.heard.filter((sample) => sample === 500).length;
        expect(sum(rig.settled, 'heard') - sum(ofModel, 'heard')).toBe(ofOurs);
      }),
      { numRuns: 200, seed: 20 },
    );
  });
});
