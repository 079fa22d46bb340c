// What metrics cost: CPU time of the same simulated calls with and without them, and the time spent in reading the charts'
// transitions, which is told apart from the noise of the machine. `npm run bench:metrics`
import { type ChartStep, ChartSteps } from '../../src/call/index.ts';
import { Metrics, measureCall } from '../../src/observe/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';

const calls = 40;
const seconds = 60;
const rounds = 5;

async function busy(metrics: Metrics | undefined): Promise<SimulatedServer> {
  const served = metrics && { metrics, text: () => metrics.registry.metrics(), token: undefined };
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [{ reply: spoken('hours') }] },
    // asked again and again, so that the charts have something to do
    agent: 'patience:\n  reprompt_after_ms: 2000\n  goodbye_after_ms: 60000\n',
    server: () => (served ? { metrics: served } : {}),
  });
  for (let i = 0; i < calls; i += 1) stage.dial();
  await stage.clock.run(1000);
  return stage;
}

/** CPU ms for one second of one call, the simulators' part included. */
async function cpuMsPerCallSecond(metrics: Metrics | undefined): Promise<number> {
  const stage = await busy(metrics);
  const before = process.cpuUsage();
  await stage.clock.run(seconds * 1000);
  await metrics?.registry.metrics();
  const { user, system } = process.cpuUsage(before);
  await stage.play(stage.server.drain(0, new AbortController().signal));
  return (user + system) / 1000 / calls / seconds;
}

/** What is inspected in a second of one call, and the µs that reading it takes. */
async function readingPerCallSecond(): Promise<{ events: number; steps: number; us: number }> {
  const stage = await busy(undefined);
  const follower = measureCall(new Metrics(), 'shop');
  const found = { events: 0, steps: 0, us: 0 };
  for (const call of stage.server.calls.all) {
    const tell = (step: ChartStep): void => {
      found.steps += 1;
      follower.step(step);
    };
    const { inspect } = new ChartSteps(() => stage.clock.nowMs(), tell);
    call.inspect((inspection) => {
      const begun = process.hrtime.bigint();
      inspect(inspection);
      found.us += Number(process.hrtime.bigint() - begun) / 1000;
      found.events += 1;
    });
  }
  await stage.clock.run(seconds * 1000);
  await stage.play(stage.server.drain(0, new AbortController().signal));
  const share = calls * seconds;
  return { events: found.events / share, steps: found.steps / share, us: found.us / share };
}

const found = { without: [] as number[], with: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  for (const kind of round % 2 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
    found[kind].push(await cpuMsPerCallSecond(kind === 'with' ? new Metrics() : undefined));
  }
}
const { events, steps, us } = await readingPerCallSecond();
const listed = (of: readonly number[]): string => of.map((ms) => ms.toFixed(2)).join(' ');
process.stdout.write(
  `CPU of one call, both simulators included, ms a second; ${rounds} rounds of ${calls} calls for ${seconds} s:\n` +
    `  without metrics ${listed(found.without)}\n` +
    `  with metrics    ${listed(found.with)}\n` +
    `reading the transitions: ${events.toFixed(1)} inspected events a second of a call, ${steps.toFixed(2)} of them transitions, ` +
    `${us.toFixed(1)} µs of a second\n`,
);
