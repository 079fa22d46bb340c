import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Bridge, type BridgeCommand } from './bridge.ts';
import { Child } from './child.ts';
import { type Load, type Measured, measure } from './measure.ts';
import type { CallersOrder, CallersReport, GeminiOrder, GeminiReport } from './wire.ts';

/** A bridge under test, and the load: each a process of its own. */
export class Rig implements AsyncDisposable {
  readonly folder: string;
  readonly bridge: Bridge;
  readonly load: Load;
  readonly #address: string;

  private constructor(folder: string, bridge: Bridge, load: Load, scheme: string) {
    this.folder = folder;
    this.bridge = bridge;
    this.load = load;
    this.#address = `${scheme}://127.0.0.1:${bridge.port}/exotel/bakery`;
  }

  /** @param command of the bridge, given a folder for its files. @throws when a part does not begin */
  static async start(command: (folder: string) => BridgeCommand | Promise<BridgeCommand>): Promise<Rig> {
    const folder = mkdtempSync(path.join(tmpdir(), 'baari-capacity-'));
    const gemini = await Child.begin<GeminiOrder>('lean-gemini.ts');
    const callers = await Child.begin<CallersOrder>('callers.ts');
    try {
      const port = await gemini.ask<number>({ do: 'measure' });
      const how = await command(folder);
      const access = { gemini: `http://127.0.0.1:${port}`, log: path.join(folder, 'bridge.log') };
      const bridge = await Bridge.start(how, access);
      return new Rig(folder, bridge, { callers, gemini }, how.isTls ? 'wss' : 'ws');
    } catch (error) {
      gemini[Symbol.dispose]();
      callers[Symbol.dispose]();
      throw error;
    }
  }

  /** Has so many calls more begin; resolves once all are dialled. */
  async dial(calls: number, perSecond = 40, lifeS?: number): Promise<void> {
    if (calls <= 0) return;
    const order = { do: 'open', calls, address: this.#address, perSecond } as const;
    await this.load.callers.ask({ ...order, ...(lifeS !== undefined && { lifeS }) });
  }

  measure(seconds: number): Promise<Measured> {
    return measure(this.bridge, this.load, seconds);
  }

  /** Begins to count anew. */
  async clear(): Promise<void> {
    await this.load.gemini.ask({ do: 'measure' });
    await this.load.callers.ask({ do: 'measure' });
  }

  /** What was counted since. */
  async told(): Promise<{ callers: CallersReport; gemini: GeminiReport }> {
    return {
      callers: await this.load.callers.ask<CallersReport>({ do: 'tell' }),
      gemini: await this.load.gemini.ask<GeminiReport>({ do: 'tell' }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.load.callers.ask({ do: 'close' });
    await pause(1000);
    await this.bridge[Symbol.asyncDispose]();
    this.load.callers[Symbol.dispose]();
    this.load.gemini[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
