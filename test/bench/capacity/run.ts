// How many calls a core takes: a bridge alone on a core, and the load on the others, each part a process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Peer } from '../peers/peer.ts';
import { baari, type Variant, variants } from './baari.ts';
import { Bridge, type BridgeCommand } from './bridge.ts';
import { Child } from './child.ts';
import { type Measured, measure } from './measure.ts';
import type { CallersOrder, GeminiOrder } from './wire.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1,50,100,200' },
    variant: { type: 'string', default: 'shipped' },
    peer: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    settle: { type: 'string', default: '8' },
  },
});
const seconds = Number(values.seconds);
const folder = mkdtempSync(path.join(tmpdir(), 'baari-capacity-'));
using gemini = await Child.begin<GeminiOrder>('lean-gemini.ts');
using callers = await Child.begin<CallersOrder>('callers.ts');
const geminiPort = await gemini.ask<number>({ do: 'measure' });
if (!(values.variant in variants)) throw new Error(`expected one of ${Object.keys(variants).join(', ')}`);
{
  await using bridge = await Bridge.start(await underTest(), {
    gemini: `http://127.0.0.1:${geminiPort}`,
    log: path.join(folder, 'bridge.log'),
  });
  let open = 0;
  for (const calls of values.calls.split(',').map(Number)) {
    await callers.ask({
      do: 'open',
      calls: calls - open,
      address: `ws://127.0.0.1:${bridge.port}/exotel/bakery`,
      perSecond: 40,
    });
    open = calls;
    await new Promise((resolve) => setTimeout(resolve, Number(values.settle) * 1000));
    const measured = await measure(bridge, { callers, gemini }, seconds);
    console.log(JSON.stringify(flat(measured)));
  }
  await callers.ask({ do: 'close' });
}
if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });

async function underTest(): Promise<BridgeCommand> {
  if (values.peer === undefined) return baari(values.variant as Variant, folder);
  const { peer } = (await import(`../peers/${values.peer}/peer.ts`)) as { peer: Peer };
  const ready = await peer.ready();
  if ('missing' in ready) throw new Error(`${peer.name}: ${ready.missing}`);
  return ready;
}

function flat({ late, ...rest }: Measured): object {
  return JSON.parse(
    JSON.stringify({ late: late?.toJSON(), ...rest }, (_, value) =>
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ),
  );
}
