// What it costs that live calls can be watched: CPU time of the same simulated calls without any code of inspection, with it
// and nobody looking, with one viewer of one call, and with a viewer of every call; all in one run, in turn. The first
// is measured twice in each round: what lies between these two is the noise. `npm run bench:inspection`
import type { CallObserver } from '../../src/call/index.ts';
import { SocketViewer, type WatchableCall, WatchHub } from '../../src/inspection/index.ts';
import { spoken } from '../../src/sim/index.ts';
import type { Clock } from '../../src/time/index.ts';
import { memorySocketPair } from '../../src/wire/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';

const calls = 20;
const seconds = 30;
const rounds = Number(process.env.BAARI_BENCH_ROUNDS ?? 7);

const kinds = {
  none: 'no inspection attached',
  again: 'the same again: noise',
  nobody: 'nobody looks',
  list: 'one viewer of the list',
  one: 'one viewer of one call',
  all: 'a viewer of each call',
} as const;
type Kind = keyof typeof kinds;
const order: Kind[] = ['none', 'nobody', 'one', 'again', 'list', 'all'];

/** What viewers were sent, bytes and messages. */
interface Sent {
  bytes: number;
  messages: number;
}

async function busy(kind: Kind): Promise<{ stage: SimulatedServer; sent: Sent }> {
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [{ reply: spoken('hours') }] },
    // asked again and again, so that the charts have something to do
    agent: 'patience:\n  reprompt_after_ms: 2000\n  goodbye_after_ms: 60000\n',
  });
  const { clock, server, log } = stage;
  const { hub } = server.viewing;
  if (kind === 'none' || kind === 'again') server.viewing.follow = () => [];
  for (let i = 0; i < calls; i += 1) stage.dial();
  await clock.run(1000);
  const sent = { bytes: 0, messages: 0 };
  const view = async (question: object): Promise<void> => {
    const [near, far] = memorySocketPair(clock, 1);
    near.listen({
      onFrame: (data) => {
        sent.bytes += data.length;
        sent.messages += 1;
      },
      onClose: () => undefined,
    });
    await clock.run(5);
    new SocketViewer(far, { hub, clock, log: log.log, grant: { personal: true }, onGone: () => undefined });
    near.send(JSON.stringify(question));
  };
  const live = [...hub.live];
  if (kind === 'list') await view({ watch: 'calls' });
  const watched = kind === 'one' ? live.slice(0, 1) : kind === 'all' ? live : [];
  for (const callId of watched) await view({ watch: 'call', callId });
  await clock.run(1000);
  sent.bytes = 0;
  sent.messages = 0;
  return { stage, sent };
}

/** CPU ms for one second of one call, the simulators' part included, and what was sent. */
async function measure(kind: Kind): Promise<{ ms: number; sent: Sent }> {
  const { stage, sent } = await busy(kind);
  globalThis.gc?.();
  const before = process.cpuUsage();
  await stage.clock.run(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const told = { ...sent };
  await stage.play(stage.server.drain(0, new AbortController().signal));
  return { ms: (user + system) / 1000 / calls / seconds, sent: told };
}

/** Runs `work` and adds what it took, µs. */
class Meter {
  us = 0;

  timed<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Result {
    return (...args) => {
      const begun = process.hrtime.bigint();
      const result = work(...args);
      this.us += Number(process.hrtime.bigint() - begun) / 1000;
      return result;
    };
  }

  /** An observer whose every method is timed. */
  observer(of: CallObserver): CallObserver {
    const timed = (name: string | symbol): unknown => {
      const method: unknown = Reflect.get(of, name);
      return typeof method === 'function' ? this.timed((...args) => method.apply(of, args)) : method;
    };
    return new Proxy(of, { get: (_, name) => timed(name) });
  }
}

/** The µs of each second of a call that are spent in the code of inspection itself, which no other work blurs. */
async function spentPerCallSecond(isWatched: boolean): Promise<number> {
  const meter = new Meter();
  let hub: WatchHub | undefined;
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [{ reply: spoken('hours') }] },
    agent: 'patience:\n  reprompt_after_ms: 2000\n  goodbye_after_ms: 60000\n',
    server: (clock) => {
      const timed: Clock = {
        nowMs: () => clock.nowMs(),
        wallMs: () => clock.wallMs(),
        setTimeout: (fn, ms) => clock.setTimeout(meter.timed(fn), ms),
        clearTimeout: (timer) => clock.clearTimeout(timer),
        yield: (fn) => clock.yield(fn),
      };
      const callOf = (callId: string): WatchableCall | undefined => {
        const call = stage.server.calls.get(callId);
        if (!call) return undefined;
        return {
          get ageMs() {
            return call.ageMs;
          },
          get charts() {
            return call.charts;
          },
          get lines() {
            return call.lines;
          },
          get openWords() {
            return call.openWords;
          },
          inspect: (watch) => call.inspect(meter.timed(watch)),
          follow: (observer) => call.follow(meter.observer(observer)),
        };
      };
      const own = new WatchHub({ clock: timed, callOf });
      hub = own;
      return { observersFor: (callId, agent) => [meter.observer(own.follow(callId, agent))] };
    },
  });
  stage.server.viewing.follow = () => [];
  for (let i = 0; i < calls; i += 1) stage.dial();
  await stage.clock.run(1000);
  const viewer = { grant: { personal: true }, send: () => undefined };
  if (isWatched) for (const callId of hub?.live ?? []) hub?.watchCall(viewer, callId);
  await stage.clock.run(1000);
  meter.us = 0;
  await stage.clock.run(seconds * 1000);
  const { us } = meter;
  await stage.play(stage.server.drain(0, new AbortController().signal));
  return us / calls / seconds;
}

const found = new Map<Kind, number[]>(order.map((kind) => [kind, []]));
const sentBy = new Map<Kind, Sent>();
// the first of a process are compiled while they run
for (const kind of ['all', 'none', 'all'] as const) await measure(kind);
for (let round = 0; round < rounds; round += 1) {
  // each kind comes early and late, so that what warms up or tires is shared
  for (const kind of round % 2 ? [...order].reverse() : order) {
    const { ms, sent } = await measure(kind);
    found.get(kind)?.push(ms);
    sentBy.set(kind, sent);
  }
}

const spread = (of: readonly number[]): number[] => {
  const sorted = [...of].sort((a, b) => a - b);
  return [sorted[0] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
};
const listed = (of: readonly number[], digits: number): string =>
  spread(of)
    .map((value) => value.toFixed(digits).padStart(8))
    .join('');
const base = found.get('none') ?? [];
const lines = (Object.keys(kinds) as Kind[]).map((kind) => {
  const ms = found.get(kind) ?? [];
  const ratios = ms.map((value, round) => value / (base[round] ?? value));
  const { bytes, messages } = sentBy.get(kind) ?? { bytes: 0, messages: 0 };
  const wire = `${(messages / seconds).toFixed(1).padStart(9)}${(bytes / seconds / 1024).toFixed(1).padStart(9)}`;
  return `${kinds[kind].padEnd(26)}${listed(ms, 3)}   ${listed(ratios, 3)}${wire}`;
});
const spent = { nobody: [] as number[], watched: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  spent.nobody.push(await spentPerCallSecond(false));
  spent.watched.push(await spentPerCallSecond(true));
}
process.stdout.write(
  `${calls} calls for ${seconds} s, both simulators included, ${rounds} rounds in turn; minimum, median, maximum\n` +
    `${''.padEnd(26)}CPU ms a call-second       of no inspection         messages/s    KiB/s\n${lines.join('\n')}\n` +
    `spent in the code of inspection itself, µs a call-second, by the wall clock:\n` +
    `${'nobody looks'.padEnd(26)}${listed(spent.nobody, 1)}\n${'watched'.padEnd(26)}${listed(spent.watched, 1)}\n`,
);
