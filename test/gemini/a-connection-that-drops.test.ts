import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/time/index.ts';
import { ScriptedServer } from './scripted-server.ts';
import { WireRig } from './wire-rig.ts';

async function connected(latencyMs = 0) {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock, latencyMs);
  const rig = new WireRig({ clock, dial: server.dial });
  await rig.connect('first', 1000);
  server.last.send({ sessionResumptionUpdate: { newHandle: 'handle-1', resumable: true } });
  await clock.run(2 * latencyMs + 1);
  return { clock, server, rig };
}

/** The values of the frames that reached a connection, each once; see `hear`. */
function framesHeard(samples: readonly number[]): number[] {
  return [...new Set(samples)];
}

describe('a connection that drops in the middle of the caller’s turn', () => {
  it('is resumed, and the whole turn is said again from its start, then goes on', async () => {
    const { clock, server, rig } = await connected();
    await rig.hear(400, 1000);
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 8 * 400 });
    await rig.hear(200, 2000);
    server.last.drop();
    await clock.run(1);
    expect(rig.reports.at(-1)).toMatchObject({ type: 'wire.lost', remedy: 'resume' });
    await rig.hear(300, 3000);
    await rig.connect('resume', 0);
    await rig.hear(200, 4000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(10);
    expect(server.connections).toHaveLength(2);
    expect(server.last.frames[0]).toHaveProperty('setup.sessionResumption.handle', 'handle-1');
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
    // the last milliseconds of a frame come with the next: the resampler is behind by five
    const wanted = 16 * (400 + 700);
    expect(server.last.samples).toHaveLength(wanted);
    expect(framesHeard(server.last.samples)).toEqual(
      expect.arrayContaining([1001, 1018, 2001, 2008, 3001, 3014, 4001, 4008]),
    );
    expect(rig.counts.replayedTurn).toBe(1);
    expect(rig.texts).toEqual(['(the caller repeats)']);
  });

  it('is told of the turn once, however many attempts fail', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    server.last.drop();
    await clock.run(1);
    server.setsUp = false;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await rig.connect('resume', 20);
      server.last.close(1011, 'try again');
      await rig.hear(100, 1);
    }
    server.setsUp = true;
    await rig.connect('resume');
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(10);
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
  });

  it('is told of what the caller added before an answer came as one turn', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(100, 1000);
    server.last.drop();
    await rig.hear(100, 2000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await rig.hear(1000, 0);
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 8 * 1200 });
    await rig.hear(100, 3000);
    await rig.connect('resume', 50);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(10);
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
    expect(framesHeard(server.last.samples)).toEqual(expect.arrayContaining([1001, 2001, 3001, 3004]));
  });

  it('is told again of a turn that has ended and was not answered, and is not asked twice', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(100, 1000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    server.last.drop();
    await clock.run(1);
    rig.tell({ type: 'gemini.goOn' });
    const told = rig.reports.length;
    await rig.connect('resume');
    expect(server.last.course.slice(0, 3)).toEqual(['activityStart', 'audio', 'activityEnd']);
    expect(server.last.samples).toHaveLength(16 * 100);
    expect(rig.reports.slice(told)).toEqual([{ type: 'wire.setUp', resumed: true }, { type: 'wire.asked' }]);
  });

  it('is not told again of a turn whose answer had begun', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(100);
    rig.tell({ type: 'gemini.endCallerTurn' });
    server.last.audio(3000);
    await clock.run(1);
    server.last.drop();
    await clock.run(1);
    await rig.connect('resume');
    expect(server.last.course).toEqual([]);
    expect(rig.counts.replayedTurn).toBeUndefined();
  });

  it('is told again of a turn to which only silence came', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(100);
    rig.tell({ type: 'gemini.endCallerTurn' });
    server.last.audio(3);
    await clock.run(1);
    server.last.drop();
    await clock.run(1);
    await rig.connect('resume');
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
  });

  it('is told of the last 30 s of a turn that is longer', async () => {
    const { server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(32_000, 1);
    server.last.drop();
    await rig.connect('resume');
    expect(server.last.course).toEqual(['activityStart', 'audio']);
    expect(server.last.samples).toHaveLength(16 * 30_000);
    expect(rig.counts.droppedAudio).toBeUndefined();
  });

  it('is told again of what was said where Gemini owns the turns, from before its onset', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    const rig = new WireRig({ clock, dial: server.dial, settings: { turnOwner: 'gemini' } });
    await rig.connect('first', 1000);
    server.last.send({ sessionResumptionUpdate: { newHandle: 'handle-1', resumable: true } });
    await rig.hear(1000, 1000);
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 8 * 900 });
    await rig.hear(200, 2000);
    server.last.drop();
    await rig.hear(100, 3000);
    await rig.connect('resume', 0);
    await rig.hear(100, 4000);
    expect(server.last.course).toEqual(['audio']);
    expect(server.last.samples).toHaveLength(16 * (400 + 100 + 200 + 100 + 100));
  });
});

describe('a reply that a lost connection cuts', () => {
  const heard = 'We have sponge cake,';
  async function cut() {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    const rig = new WireRig({ clock, dial: server.dial, heardOfReply: heard, lastOfCaller: 'Which?' });
    await rig.connect('first', 1000);
    server.last.send({ sessionResumptionUpdate: { newHandle: 'handle-1', resumable: true } });
    server.last.audio(5);
    await clock.run(1);
    server.last.drop();
    await clock.run(1);
    expect(rig.told.slice(-2)).toEqual(['wire.replyTorn', 'wire.lost']);
    rig.tell({ type: 'gemini.goOn' });
    return { clock, server, rig };
  }
  const textsTo = (server: ScriptedServer): unknown[] =>
    server.last.inputs.filter(({ kind }) => kind === 'text').map(({ value }) => value);

  it('is gone on with on the next: the model is told what of it was heard, once', async () => {
    const { clock, server, rig } = await cut();
    await rig.connect('resume');
    expect(textsTo(server)).toEqual([
      expect.stringMatching(
        /^\[.*cut.*The caller had said: "Which\?".*The caller heard only: "We have sponge cake,"\..*\]$/,
      ),
    ]);
    server.last.audio(3000);
    await clock.run(1);
    await rig.connect('resume');
    expect(textsTo(server)).toEqual([]);
  });

  it('is asked for again when the next connection drops before anything comes', async () => {
    const { clock, server, rig } = await cut();
    await rig.connect('resume');
    server.last.drop();
    await clock.run(1);
    await rig.connect('resume');
    expect(textsTo(server)).toHaveLength(1);
  });

  it('is not gone on with when the caller speaks meanwhile: that turn is answered instead', async () => {
    const { server, rig } = await cut();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(200);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await rig.connect('resume');
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
  });
});

describe('a turn that begins while there is no connection', () => {
  it('reaches the next one whole: its start, its pre-roll, its sound, its end', async () => {
    const { clock, server, rig } = await connected();
    server.last.drop();
    await rig.hear(1000, 1000);
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 8 * 900 });
    await rig.hear(500, 2000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await rig.connect('resume');
    await clock.run(10);
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
    expect(server.last.samples).toHaveLength(16 * (400 + 100 + 500));
  });

  it('loses only its oldest sound when it lasts too long, never its start', async () => {
    const { clock, server, rig } = await connected();
    server.last.drop();
    await clock.run(1);
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(32_000, 1);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await rig.connect('resume');
    expect(rig.counts.droppedAudio).toBe(100);
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
    expect(server.last.samples).toHaveLength(16 * 30_000);
  });
});

describe('a connection that is left before the server ends it', () => {
  it('is told to the chart with the time that is left', async () => {
    const { clock, server, rig } = await connected();
    server.last.send({ goAway: { timeLeft: '9.5s' } });
    await clock.run(1);
    expect(rig.reports.at(-1)).toEqual({ type: 'wire.goingAway', timeLeftMs: 9500 });
  });

  it('in the middle of a turn hands the turn on to the next, which hears it from its start', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(300, 1000);
    rig.tell({ type: 'wire.close' }, { type: 'wire.connect', how: 'resume' });
    await rig.hear(300, 2000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(10);
    const [first, second] = server.connections;
    expect(first?.course).toEqual(['activityStart', 'audio']);
    expect(second?.course).toEqual(['activityStart', 'audio', 'activityEnd']);
    expect(second?.samples).toHaveLength(16 * 600);
    expect(rig.told).not.toContain('wire.lost');
  });

  it('between turns loses nothing of the turn that begins meanwhile', async () => {
    const { clock, server, rig } = await connected(40);
    await rig.hear(500, 1000);
    rig.tell({ type: 'wire.close' }, { type: 'wire.connect', how: 'resume' });
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 8 * 500 });
    await rig.hear(500, 2000);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(200);
    expect(server.connections).toHaveLength(2);
    expect(server.last.course).toEqual(['activityStart', 'audio', 'activityEnd']);
    expect(server.last.samples).toHaveLength(16 * 900);
  });
});

describe('a connection that is left at a quiet moment', () => {
  const resumptionOf = (server: ScriptedServer): unknown => {
    const [frame] = server.last.frames;
    return frame && JSON.parse(JSON.stringify(frame)).setup.sessionResumption;
  };

  it('is resumed with the newest handle', async () => {
    const { clock, server, rig } = await connected();
    server.last.send({ sessionResumptionUpdate: { newHandle: 'handle-2', resumable: true } });
    server.last.send({ sessionResumptionUpdate: { newHandle: '', resumable: false } });
    await clock.run(1);
    await rig.connect('rotate');
    expect(resumptionOf(server)).toEqual({ handle: 'handle-2' });
  });

  it('is begun afresh, with a recap, when the handle misses the last exchange', async () => {
    const { clock, server, rig } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 }, { type: 'gemini.endCallerTurn' });
    server.last.audio(3000);
    server.last.send({ serverContent: { turnComplete: true } });
    await clock.run(1);
    await rig.connect('rotate');
    expect(resumptionOf(server)).toEqual({});
    expect(JSON.stringify(server.last.frames[0])).toContain('Do not greet again');
  });
});

describe('a connection that takes nothing any more', () => {
  it('is given up, and resumed', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    let waiting = 0;
    const rig = new WireRig({
      clock,
      dial: (url, headers) => {
        const socket = server.dial(url, headers);
        Object.defineProperty(socket, 'bufferedBytes', { get: () => waiting });
        return socket;
      },
    });
    await rig.connect('first', 1000);
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    waiting = 100_000;
    await rig.hear(1000);
    waiting = 10_000;
    await rig.hear(1000);
    waiting = 100_000;
    await rig.hear(2900);
    expect(rig.told).not.toContain('wire.lost');
    await rig.hear(200);
    expect(rig.reports.filter(({ type }) => type === 'wire.lost')).toMatchObject([
      { failure: { code: 'gemini.stuck' }, remedy: 'resume' },
    ]);
  });
});

describe('a wire that is done with', () => {
  it('tells nothing more, and leaves neither a timer nor a connection behind', async () => {
    const { clock, server, rig } = await connected();
    rig.wire.dispose();
    const told = rig.told.length;
    server.last.audio(5);
    server.last.close(1011, 'late');
    await rig.hear(40);
    await clock.run(1000);
    expect(rig.told).toHaveLength(told);
    expect(clock.pendingTimers).toBe(0);
    expect(server.last.closed).toBeDefined();
  });

  it('before its connection is open ends that', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    const rig = new WireRig({ clock, dial: server.dial });
    rig.tell({ type: 'wire.connect', how: 'first' });
    rig.wire.dispose();
    await clock.run(2000);
    expect(server.last.frames).toEqual([]);
    expect(server.last.closed).toBeDefined();
    expect(rig.told).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('while its connection waits for a set-up ends that too', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    server.setsUp = false;
    const rig = new WireRig({ clock, dial: server.dial });
    await rig.connect();
    rig.wire.dispose();
    await clock.run(1000);
    expect(server.last.closed).toBeDefined();
    expect(rig.told).toEqual([]);
  });
});
