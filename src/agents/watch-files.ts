import { type FSWatcher, watch } from 'chokidar';
import type { Clock, Timer } from '../time/index.ts';

/** Nothing has changed for this long, ms: an editor has written its last piece. */
const quietMs = 200;
/** A file that never stops changing is read after this long all the same, ms. */
const longestQuietMs = 2000;
/** How often files are looked at where the system does not tell of changes, ms. */
const pollMs = 1000;

/** What is watched, and who is told. */
export interface WatchOptions {
  readonly clock: Clock;
  /** Always watched; its own files, not those of the folders in it. */
  readonly folder: string;
  /** Looks every second instead of being told: for network drives, and folders shared with a virtual machine. */
  readonly polls: boolean;
  /** Something has changed, and is quiet now. */
  readonly changed: () => unknown;
  /** Changes may be missed from now on. */
  readonly failed: (error: Error) => void;
}

/** Watches a folder and the files that are named in it. */
export class FileWatch {
  readonly #o: WatchOptions;
  readonly #watcher: FSWatcher;
  readonly #named = new Set<string>();
  #timer: Timer | undefined;
  #firstMs: number | undefined;

  constructor(options: WatchOptions) {
    this.#o = options;
    this.#watcher = watch(options.folder, {
      ignoreInitial: true,
      depth: 0,
      usePolling: options.polls,
      interval: pollMs,
      binaryInterval: pollMs,
    });
    this.#watcher.on('all', () => this.#noticed());
    this.#watcher.on('error', (error) =>
      options.failed(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Resolves once changes are noticed. */
  ready(): Promise<void> {
    return new Promise((resolve) => {
      this.#watcher.on('ready', () => resolve());
    });
  }

  /** Watches these files and folders too; one that is missing is noticed when it comes. */
  follow(named: readonly string[]): void {
    const fresh = named.filter((name) => !this.#named.has(name));
    for (const name of fresh) this.#named.add(name);
    if (fresh.length > 0) this.#watcher.add(fresh);
  }

  async close(): Promise<void> {
    this.#o.clock.clearTimeout(this.#timer);
    await this.#watcher.close();
  }

  #noticed(): void {
    const { clock, changed } = this.#o;
    clock.clearTimeout(this.#timer);
    this.#firstMs ??= clock.nowMs();
    const waitMs = Math.min(quietMs, Math.max(0, this.#firstMs + longestQuietMs - clock.nowMs()));
    this.#timer = clock.setTimeout(() => {
      this.#firstMs = undefined;
      changed();
    }, waitMs);
  }
}
