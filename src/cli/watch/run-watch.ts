import pc from 'picocolors';
import { watchPath } from '../../inspection/index.ts';
import { systemClock } from '../../time/index.ts';
import { dialWebSocket } from '../../wire/index.ts';
import { type Terminal, UserError } from '../output.ts';
import { stopSignals } from '../service/stop-signals.ts';
import { Watching } from './watching.ts';

/** What `baari watch` was asked for. */
export interface WatchOptions {
  readonly url?: string;
  readonly token?: string;
  readonly all?: boolean;
}

/** Longest wait for the service to let us in, ms. */
const handshakeMs = 10_000;
/** The whole picture of a long call fits, bytes. */
const maxFrameBytes = 4 * 1024 * 1024;

/** `baari watch [call]`: shows a live call, or the list of them, until it is over or Ctrl-C. Resolves with the exit code. */
export async function runWatch(
  call: string | undefined,
  options: WatchOptions,
  terminal: Terminal,
): Promise<number> {
  const { env, stdout } = terminal;
  const url = watchUrl(options.url ?? env.BAARI_URL ?? `http://127.0.0.1:${env.PORT || '8080'}`);
  const token = options.token ?? (env.BAARI_API_TOKEN || undefined);
  const socket = dialWebSocket(url, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    handshakeMs,
    maxFrameBytes,
  });
  const signals = stopSignals(systemClock);
  const isTerminal = 'isTTY' in stdout && stdout.isTTY === true;
  const watching = new Watching(socket, {
    clock: systemClock,
    call,
    all: options.all ?? false,
    isTerminal,
    color: pc.isColorSupported,
    write: (text) => stdout.write(text),
  });
  signals.stopped.then(() => watching.end(0));
  return watching.over;
}

/** @throws UserError naming what came */
function watchUrl(text: string): string {
  const base = URL.canParse(text) ? new URL(text) : undefined;
  if (!base || !/^(https?|wss?):$/.test(base.protocol)) {
    throw new UserError(
      `--url: expected the address of a service, such as http://127.0.0.1:8080, found "${text}"`,
      2,
    );
  }
  base.protocol = base.protocol.replace('http', 'ws');
  base.pathname = `${base.pathname.replace(/\/$/, '')}${watchPath}`;
  return base.href;
}
