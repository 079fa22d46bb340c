import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const launcher = join(repository, 'src/cli/baari.mjs');
/** Compiled code is kept between processes, so that starting one takes half as long. */
const compileCache = join(tmpdir(), 'baari-test-compile-cache');

/** How a process is started. */
export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Started by `npx` instead of Node; the process then leads a group of its own. */
  readonly npx?: boolean;
}

/** A `baari` of its own process, with nothing in its environment but what is given. */
export class BaariProcess implements AsyncDisposable {
  stdout = '';
  stderr = '';
  exitCode: number | undefined;
  /** The signal that killed it, when one did. */
  signal: NodeJS.Signals | undefined;
  readonly #child: ChildProcess;
  readonly #isGroup: boolean;

  constructor(args: readonly string[], { env = {}, npx = false }: ProcessOptions = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.#isGroup = npx;
    const child = npx
      ? spawn('npx', ['baari', ...args], this.#options({ PATH, HOME, ...env }))
      : spawn(process.execPath, [launcher, ...args], this.#options({ PATH, HOME, ...env }));
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    child.on('close', (code, signal) => {
      this.exitCode = code ?? undefined;
      this.signal = signal ?? undefined;
    });
  }

  /** Resolves with the exit code once the process is over and all it wrote has been read. */
  async ended(): Promise<number | NodeJS.Signals> {
    return until(`the process to end; it wrote ${this.stderr}`, () => this.exitCode ?? this.signal);
  }

  /** The base address that `serve` has told. */
  async listening(): Promise<string> {
    return until('the server to listen', () => /(http:\/\/[^\s"]+:\d+)[\s"]/.exec(this.stdout)?.[1]);
  }

  /** The lines of the log so far; `serve` writes it to stdout. */
  get log(): Readonly<Record<string, unknown>>[] {
    const isLine = (line: string): boolean => line.startsWith('{"level"');
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .filter(isLine)
      .map((line) => JSON.parse(line));
  }

  /** The process's own id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends a signal to the process, or to its whole group as a terminal does. */
  kill(signal: NodeJS.Signals, to: 'process' | 'group' = 'process'): void {
    const { pid } = this.#child;
    if (pid !== undefined) process.kill(to === 'group' ? -pid : pid, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.exitCode === undefined && this.signal === undefined) {
      this.kill('SIGKILL', this.#isGroup ? 'group' : 'process');
      await this.ended();
    }
  }

  #options(env: Readonly<Record<string, string>>): SpawnOptions {
    return {
      cwd: repository,
      env: { NODE_COMPILE_CACHE: compileCache, ...env },
      detached: this.#isGroup,
      stdio: ['ignore', 'pipe', 'pipe'],
    };
  }
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('expected a TCP address');
  return address.port;
}
