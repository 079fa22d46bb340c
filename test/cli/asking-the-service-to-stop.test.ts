import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { stopSignals } from '../../src/cli/service/stop-signals.ts';
import { SimulatedClock } from '../../src/time/index.ts';

it.each([
  { title: 'SIGTERM', signals: ['SIGTERM'], stopped: true, hurried: false },
  {
    title: 'SIGTERM twice at once, as npm sends it',
    signals: ['SIGTERM', 0, 'SIGTERM'],
    stopped: true,
    hurried: false,
  },
  { title: 'SIGTERM again later', signals: ['SIGTERM', 1000, 'SIGTERM'], stopped: true, hurried: true },
  { title: 'SIGINT', signals: ['SIGINT'], stopped: true, hurried: true },
  { title: 'no signal', signals: [60_000], stopped: false, hurried: false },
])('$title: stops $stopped, hurries $hurried', async ({ signals, stopped, hurried }) => {
  const clock = new SimulatedClock();
  const source = new EventEmitter();
  const wish = stopSignals(clock, source);
  let isStopped = false;
  wish.stopped.then(() => {
    isStopped = true;
  });
  for (const signal of signals) {
    if (typeof signal === 'number') await clock.run(signal);
    else source.emit(signal);
  }
  await clock.run(0);
  expect({ stopped: isStopped, hurried: wish.hurried.aborted }).toEqual({ stopped, hurried });
});
