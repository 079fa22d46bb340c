import type { Log } from '../observe/index.ts';
import type { CallObserver } from './observer.ts';

/** Who follows a call: observers for all of it, and watchers who look on for a while. */
export class Audience {
  readonly #observers: readonly CallObserver[];
  /** Those who hear the caller, whose audio comes fifty times a second. */
  readonly #hearers: readonly CallObserver[];
  readonly #log: Log;
  /** A defect of theirs is none of the call's. */
  #watchers: readonly CallObserver[] = [];

  constructor(observers: readonly CallObserver[], log: Log) {
    this.#observers = observers;
    this.#hearers = observers.filter(({ callerAudio }) => callerAudio);
    this.#log = log;
  }

  /** Lets `observer` look on until the returned function is called. */
  follow(observer: CallObserver): () => void {
    this.#watchers = [...this.#watchers, observer];
    return () => this.#drop(observer);
  }

  /** Tells everybody. */
  tell(tell: (to: CallObserver) => void): void {
    for (const observer of this.#observers) tell(observer);
    if (this.#watchers.length > 0) this.#tellWatchers(tell);
  }

  /** Hands everybody who hears the caller the next samples. */
  hear(pcm: Int16Array): void {
    for (const hearer of this.#hearers) hearer.callerAudio?.(pcm);
    if (this.#watchers.length > 0) this.#tellWatchers((to) => to.callerAudio?.(pcm));
  }

  /** Does what the call can do without; false when it failed. */
  spare(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      this.#log.error({ code: 'inspection.defect', message }, 'inspection.failed');
      return false;
    }
  }

  #tellWatchers(tell: (to: CallObserver) => void): void {
    for (const watcher of this.#watchers) if (!this.spare(() => tell(watcher))) this.#drop(watcher);
  }

  #drop(watcher: CallObserver): void {
    this.#watchers = this.#watchers.filter((other) => other !== watcher);
  }
}
