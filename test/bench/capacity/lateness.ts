import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { Bridge } from './bridge.ts';

/** Counts by upper edge, as a bridge's metrics tell them, and what lies between two readings. */
export class Lateness {
  readonly #counts: ReadonlyMap<number, number>;

  /** @param counts all values up to an edge, s */
  constructor(counts: ReadonlyMap<number, number>) {
    this.#counts = counts;
  }

  since(before: Lateness): Lateness {
    return new Lateness(
      new Map([...this.#counts].map(([edge, count]) => [edge, count - (before.#counts.get(edge) ?? 0)])),
    );
  }

  /** Under which so many of a hundred lie, ms, taking them as even between two edges. */
  at(share: number): number {
    const wanted = (this.#counts.get(Number.POSITIVE_INFINITY) ?? 0) * share;
    let below = { edge: 0, count: 0 };
    for (const [edge, count] of this.#counts) {
      if (count >= wanted && count > below.count) {
        if (edge === Number.POSITIVE_INFINITY) return edge;
        return (below.edge + ((edge - below.edge) * (wanted - below.count)) / (count - below.count)) * 1000;
      }
      below = { edge, count };
    }
    return Number.NaN;
  }

  toJSON(): { p50: number; p99: number } {
    return { p50: this.at(0.5), p99: this.at(0.99) };
  }
}

/** How late a bridge is, as far as it tells. */
export interface Late {
  /** The lateness of the playout clock's slots since it began. */
  readonly slots?: Lateness;
  /** Time between two looks of 10 ms at the event loop since this was last asked, at p99, ms. */
  readonly loopMs?: number;
}

/** Asks a bridge how late it is. */
export async function latenessOf({ port, isTls }: Bridge): Promise<Late> {
  const metrics = await read(`${isTls ? 'https' : 'http'}://127.0.0.1:${port}/metrics`).catch(() => '');
  const loop = /^nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? ([\d.e+-]+)/m.exec(metrics)?.[1];
  const found = metrics.matchAll(/^baari_playout_lateness_seconds_bucket\{le="([^"]+)"[^}]*\} (\d+)/gm);
  const counts = [...found].map(([, edge, count]): [number, number] => [
    edge === '+Inf' ? Number.POSITIVE_INFINITY : Number(edge),
    Number(count),
  ]);
  return {
    ...(counts.length > 0 && { slots: new Lateness(new Map(counts)) }),
    ...(loop !== undefined && { loopMs: Number(loop) * 1000 }),
  };
}

/** The text at an address, whoever its certificate is of. */
function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = url.startsWith('https') ? https : http;
    const asked = client.get(url, { rejectUnauthorized: false, timeout: 5000 }, (answer) => {
      text(answer).then(resolve, reject);
    });
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
  });
}
