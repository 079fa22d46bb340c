// Floods on a server in its own process: streams that never start, wrong passwords, streams that are not read. Of each the
// memory before, at the height and after, and how fast it was refused. `npm run bench:floods`; BAARI_FLOOD=200 for less.
import { connect } from 'node:net';
import { delay, systemClock } from '../../src/time/index.ts';
import { RawStream, startFrame } from '../helpers/raw-stream.ts';
import { megabytes, ServerProcess } from './server-process.ts';

const size = Number(process.env.BAARI_FLOOD ?? 2000);
const atOnce = 100;
/** How long a flood is held, ms: long enough for what is not read to pile up. */
const heldMs = 3000;
/** What a flood may cost while it lasts, and what may be left of it, bytes. */
const mostAtHeight = 250e6;
const mostLeft = 10e6;

/** Ends what a flood holds. */
type End = () => void;
interface Outcome {
  readonly status: number;
  readonly ms: number;
  readonly end: End;
}

async function open(
  address: string,
  n: number,
  headers: Record<string, string> = {},
): Promise<Outcome & { stream: RawStream }> {
  const beganMs = systemClock.nowMs();
  // from a hundred addresses, so that no limit of one address hides the others
  const stream = new RawStream(address, { 'x-forwarded-for': `192.0.2.${n % 100}`, ...headers });
  const opened = await Promise.race([stream.opened(), stream.refusal()]);
  const status = opened === true ? 101 : opened.status;
  return { status, ms: systemClock.nowMs() - beganMs, end: () => stream.drop(), stream };
}

/** One request without a library, whose latency is the server's. */
function ask(base: string, path: string, headers: string): Promise<Outcome> {
  const beganMs = systemClock.nowMs();
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('close', () => {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
      resolve({ status, ms: systemClock.nowMs() - beganMs, end: () => undefined });
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${headers}\r\n`);
  });
}

const floods: Record<string, (base: string, n: number) => Promise<Outcome>> = {
  'streams that never start': (base, n) => open(`${base.replace('http', 'ws')}/exotel/bakery`, n),
  'wrong passwords': (base, n) =>
    ask(
      base,
      '/exotel/guarded/resolve',
      `X-Forwarded-For: 192.0.2.${n % 100}\r\nAuthorization: Basic ${Buffer.from(`exotel:${n}`).toString('base64')}\r\n`,
    ),
  'streams that are not read': async (base, n) => {
    const outcome = await open(`${base.replace('http', 'ws')}/exotel/bakery`, n);
    if (outcome.status === 101) {
      outcome.stream.deafen();
      outcome.stream.send(startFrame(`deaf-${n}`));
    }
    return outcome;
  },
};

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

await using server = await ServerProcess.start();
for (const [what, attempt] of Object.entries(floods)) {
  const before = await server.settled();
  const outcomes: Outcome[] = [];
  for (let sent = 0; sent < size; sent += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, size - sent) }, (_, n) =>
      attempt(server.base, sent + n),
    );
    outcomes.push(...(await Promise.all(some)));
  }
  await delay(systemClock, heldMs);
  const height = await server.ask('look');
  for (const { end } of outcomes) end();
  const after = await server.settled();
  const refused = outcomes.filter(({ status }) => status !== 101).map(({ ms }) => ms);
  refused.sort((a, b) => a - b);
  const statuses = Object.fromEntries(
    Map.groupBy(outcomes, ({ status }) => status)
      .entries()
      .map(([status, of]) => [status, of.length]),
  );
  console.info(`${size} ${what}:`, statuses, `calls at the height ${height.calls}`);
  const figures = [before, height, after].map(({ heap, rss }) => `${megabytes(heap)} / ${megabytes(rss)}`);
  console.info(
    `  MB of heap / process: before ${figures[0]}, at the height ${figures[1]}, after ${figures[2]}`,
  );
  console.info(
    `  refused within ms: half ${percentile(refused, 0.5)}, 99 of 100 ${percentile(refused, 0.99)}`,
  );
  if (height.rss - before.rss > mostAtHeight || after.heap - before.heap > mostLeft) process.exitCode = 1;
}
console.info(
  `bounds: ${megabytes(mostAtHeight)} MB more of the process at the height, ${megabytes(mostLeft)} MB of heap left`,
);
