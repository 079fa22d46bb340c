import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { pinned } from './pinned.ts';
import { type Usage, usageOf } from './process-tree.ts';

/** How a bridge under test is started; it listens on `PORT` and finds Gemini at `GOOGLE_GEMINI_BASE_URL`. */
export interface BridgeCommand {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** It listens with TLS, by a certificate of nobody. */
  readonly isTls?: boolean;
}

/** How long a bridge may take to listen, and to end, ms. */
const longestStartMs = 90_000;
const longestEndMs = 20_000;

/** A bridge under test: a process of its own, alone on a core where there are several. */
export class Bridge implements AsyncDisposable {
  readonly port: number;
  readonly isTls: boolean;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, isTls: boolean) {
    this.#child = child;
    this.port = port;
    this.isTls = isTls;
  }

  /** @param log where what it writes goes. @throws when it does not listen */
  static async start(
    { command, env = {}, cwd, isTls = false }: BridgeCommand,
    { gemini, log }: { readonly gemini: string; readonly log: string },
  ): Promise<Bridge> {
    const port = await freePort();
    const [program = '', ...args] = pinned('bridge', command);
    const output = openSync(log, 'a');
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(program, args, {
      stdio: ['ignore', output, output],
      ...(cwd !== undefined && { cwd }),
      env: {
        PATH,
        HOME,
        PORT: String(port),
        GEMINI_API_KEY: 'bench',
        GOOGLE_GEMINI_BASE_URL: gemini,
        ...env,
      },
    });
    closeSync(output);
    const bridge = new Bridge(child, port, isTls);
    const deadlineMs = performance.now() + longestStartMs;
    while (!(await listens(port))) {
      if (child.exitCode !== null || performance.now() > deadlineMs) {
        throw new Error(`expected ${command.join(' ')} to listen on ${port}, it did not: see ${log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return bridge;
  }

  get usage(): Usage {
    return usageOf(this.#child.pid ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const killing = setTimeout(() => this.#child.kill('SIGKILL'), longestEndMs);
    await ended;
    clearTimeout(killing);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
