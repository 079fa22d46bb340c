// What metrics cost: CPU time of the same simulated calls with and without them. `node test/bench/cost-of-metrics.ts`
import { Metrics } from '../../src/observe/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';

const calls = 40;
const seconds = 60;
const rounds = 7;

/** CPU ms for one second of one lively call, the simulators' part included. */
async function cpuMsPerCallSecond(isMeasured: boolean): Promise<number> {
  const metrics = new Metrics();
  const served = { metrics, text: () => metrics.registry.metrics(), token: undefined };
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [{ reply: spoken('hours') }] },
    // asked again and again, so that the charts have something to do
    agent: 'patience:\n  reprompt_after_ms: 2000\n  goodbye_after_ms: 60000\n',
    server: () => (isMeasured ? { metrics: served } : {}),
  });
  for (let i = 0; i < calls; i += 1) stage.dial();
  await stage.clock.run(1000);
  const before = process.cpuUsage();
  await stage.clock.run(seconds * 1000);
  if (isMeasured) await served.text();
  const { user, system } = process.cpuUsage(before);
  await stage.play(stage.server.drain(0, new AbortController().signal));
  return (user + system) / 1000 / calls / seconds;
}

const found = { without: [] as number[], with: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  for (const kind of round % 2 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
    found[kind].push(await cpuMsPerCallSecond(kind === 'with'));
  }
}
// the least of each is the one that other work on the machine disturbed least
const without = Math.min(...found.without);
const measured = Math.min(...found.with);
process.stdout.write(
  `CPU of one call, both simulators included, the least of ${rounds} rounds of ${calls} calls for ${seconds} s:\n` +
    `  without metrics ${without.toFixed(3)} ms a second (${found.without.map((ms) => ms.toFixed(2)).join(' ')})\n` +
    `  with metrics    ${measured.toFixed(3)} ms a second (${found.with.map((ms) => ms.toFixed(2)).join(' ')})\n` +
    `  the difference  ${((measured - without) * 1000).toFixed(0)} µs a second, ${(((measured - without) / without) * 100).toFixed(1)} %\n`,
);
