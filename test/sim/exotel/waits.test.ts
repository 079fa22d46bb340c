import { expect, test } from 'vitest';
import { CallerWaitError } from '../../../src/sim/index.ts';
import { dialled, tone } from './scripted-bridge.ts';

/** Lets a promise that is settled, or will never be, show what it has come to. */
async function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: Error) => error);
}

test('the agent is audible by the level of what is heard, not by media that came', async () => {
  const { clock, caller, bridge } = await dialled();
  const audible = caller.wait.agentAudible({ withinMs: 5000 });
  bridge.media(new Int16Array(1600)); // 200 ms of silence
  bridge.media(tone(100, 50)); // too soft: −56 dBov
  const clip = new Int16Array(800);
  clip.set(tone(80), 123);
  bridge.media(clip);
  await clock.run(1000);
  expect(await audible).toEqual({ firstAudibleMs: 300 + 123 / 8 });
  expect(caller.agentAudible).toEqual([{ fromMs: 300 + 123 / 8, toMs: 380 + 123 / 8 }]);
});

test('the agent is finished once it was audible and then silent for long enough', async () => {
  const { clock, caller, bridge } = await dialled();
  const finished = caller.wait.agentFinished({ forMs: 500, withinMs: 5000 });
  let finishedAtMs = 0;
  void finished.then(() => {
    finishedAtMs = clock.nowMs();
  });
  await clock.run(1000);
  bridge.media(tone(300));
  await clock.run(700); // a pause of 400 ms is not the end
  bridge.media(tone(300));
  await clock.run(2000);
  expect(await finished).toEqual({ firstAudibleMs: 1000, lastAudibleMs: 2000 });
  expect(finishedAtMs).toBe(2500);
});

test('the agent is silent when the silence had begun before', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(tone(100));
  await clock.run(550);
  const silent = caller.wait.agentSilent({ forMs: 500, withinMs: 1000 });
  await clock.run(50);
  expect(await silent).toEqual({ silentSinceMs: 100 });
});

test('so much of the agent was heard', async () => {
  const { clock, caller, bridge } = await dialled();
  const heard = caller.wait.agentHeard({ audibleMs: 250, withinMs: 5000 });
  bridge.media(tone(200));
  await clock.run(600);
  bridge.media(tone(200));
  await clock.run(200);
  expect(await heard).toBe(250);
});

test('the tail of an interrupted reply is left out on request', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(tone(400));
  await clock.run(200);
  const tail = caller.wait.agentAudible({ withinMs: 5000 });
  const next = caller.wait.agentAudible({ withinMs: 5000, afterSilenceMs: 300 });
  await clock.run(300);
  bridge.media(tone(50)); // still the old reply, 100 ms after a pause
  await clock.run(500);
  bridge.media(tone(100));
  await clock.run(500);
  expect(await tail).toEqual({ firstAudibleMs: 0 });
  expect(await next).toEqual({ firstAudibleMs: 1000 });
});

test('a wait ends at its deadline and says what was waited for and how things stood', async () => {
  const { clock, caller, bridge } = await dialled();
  bridge.media(tone(100));
  await clock.run(300);
  const wait = outcome(caller.wait.agentAudible({ withinMs: 1500 }));
  await clock.run(1500);
  const error = await wait;
  expect(error).toBeInstanceOf(CallerWaitError);
  expect(String(error)).toBe(
    'CallerWaitError: waited for the agent to be audible: not within 1500 ms; the call is streaming at 1800 ms, ' +
      '1 media messages received, 0 ms queued, agent last audible at 100 ms, 0 violations, connection not closed',
  );
  expect(clock.pendingTimers).toBe(1); // the next frame: no wait is left behind
});

test('a wait fails as soon as the call has ended, but a wait for the end resolves', async () => {
  const { clock, caller, bridge } = await dialled();
  const audible = outcome(caller.wait.agentAudible({ withinMs: 60_000 }));
  const ended = caller.wait.ended({ withinMs: 60_000 });
  await clock.run(100);
  bridge.close(1011, 'broken');
  await clock.run(20);
  expect(String(await audible)).toContain('the call has ended; the call is ended at 100 ms');
  expect(String(await audible)).toContain('closed 1011 "broken" by bridge');
  expect(await ended).toMatchObject({ code: 1011, by: 'bridge' });
  expect(String(await outcome(caller.wait.connected({ withinMs: 10 })))).not.toContain('Error');
});

test('any other fact can be waited for', async () => {
  const { clock, caller, bridge } = await dialled();
  const third = caller.wait.until(() => caller.received[2]?.arrivedMs, {
    what: 'a third media message',
    withinMs: 1000,
  });
  for (let at = 0; at < 3; at += 1) {
    await clock.run(70);
    bridge.media(tone(20));
  }
  await clock.run(10);
  expect(await third).toBe(210);
});
