// What the list of many live calls costs: long tasks of the page in Chromium, and the server's CPU with and without a viewer of
// one call. Real server in its own process, streams over real sockets. `npm run bench:console`
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BrowserRig } from '../browser/browser-rig.ts';
import { liveCallId } from '../browser/spoken.ts';
import { RawStream } from '../helpers/raw-stream.ts';

const calls = 200;
const seconds = 20;
const rounds = 5;
/** One media frame of silence: 20 ms at 8000 Hz. */
const silence = Buffer.alloc(320).toString('base64');

const agents = mkdtempSync(path.join(tmpdir(), 'baari-bench-'));
// nobody speaks: the calls must not be ended meanwhile
writeFileSync(
  path.join(agents, 'bakery.yaml'),
  'prompt: You take calls.\npatience: { reprompt_after_ms: 60000, reprompts: 5 }\n',
);
await using rig = await BrowserRig.start({
  env: { BAARI_AGENTS: agents, BAARI_MAX_CALLS: '1000', BAARI_MAX_LAG_MS: '10000' },
});
const address = `${rig.base.replace('http', 'ws')}/exotel/bakery`;
const streams: RawStream[] = [];
for (let at = 0; at < calls; at += 1) {
  const stream = callOf(address, at);
  await stream.opened();
  begin(stream, at);
  streams.push(stream);
}
const silent = setInterval(() => {
  for (const [at, stream] of streams.entries()) stream.send(media(at));
}, 100);

const page = await rig.open('/live');
await page.getByText(`${calls} calls`).waitFor();
await page.evaluate(
  `globalThis.tasks = []; new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) globalThis.tasks.push(duration); }).observe({ type: 'longtask' });`,
);
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const tasks = await page.evaluate<number[]>('globalThis.tasks');
console.log(
  `${calls} live calls in the list for ${seconds} s: ${tasks.length} tasks of 50 ms or more, longest ${Math.round(Math.max(0, ...tasks))} ms (aim: none over 100)`,
);
await page.context().close();

const callId = await liveCallId(rig.base);
const ratios: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const without = await cpuMs(rig.baari.pid, 5000);
  const watching = await rig.open(`/live/${callId}`);
  await watching.getByRole('heading').first().waitFor();
  const withOne = await cpuMs(rig.baari.pid, 5000);
  await watching.context().close();
  ratios.push(withOne / without);
  console.log(
    `without a viewer ${Math.round(without)} ms of CPU in 5 s, with one of one call ${Math.round(withOne)} ms`,
  );
}
ratios.sort((a, b) => a - b);
console.log(
  `ratio: minimum ${ratios[0]?.toFixed(3)}, median ${ratios[Math.floor(rounds / 2)]?.toFixed(3)}, maximum ${ratios.at(-1)?.toFixed(3)} (aim: 1.02)`,
);
clearInterval(silent);

function callOf(url: string, at: number): RawStream {
  return new RawStream(url, { 'x-call': String(at) });
}

function begin(stream: RawStream, at: number): void {
  stream.send({ event: 'connected' });
  stream.send({
    event: 'start',
    stream_sid: `stream-${at}`,
    sequence_number: '1',
    start: {
      stream_sid: `stream-${at}`,
      call_sid: `call-${at}`,
      account_sid: 'bench',
      from: `0900${String(at).padStart(7, '0')}`,
      to: '08000000000',
      media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128kbps' },
    },
  });
}

function media(at: number): object {
  return {
    event: 'media',
    stream_sid: `stream-${at}`,
    media: { chunk: '1', timestamp: '20', payload: silence },
  };
}

/** CPU time that a process takes in so many ms, by Linux's account of it. */
async function cpuMs(pid: number, ms: number): Promise<number> {
  const before = ticks(pid);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return (ticks(pid) - before) * 10;
}

function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
