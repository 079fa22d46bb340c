import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { delay, systemClock } from '../../../src/time/index.ts';
import { freePort } from './free-port.ts';
import { hasServer } from './has-server.ts';

const run = promisify(execFile);
const packages = '/usr/lib/postgresql';

/** A PostgreSQL server of the machine's own packages, with data of its own. */
export interface PostgresServer {
  readonly url: string;
  /** Kills it: connections break off. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Kills it and deletes its data. */
  remove(): Promise<void>;
}

const newest = existsSync(packages)
  ? readdirSync(packages).toSorted((a, b) => Number(b) - Number(a))[0]
  : undefined;
const bin = join(packages, newest ?? '', 'bin');

/** Whether the tests can have one. @throws Error where they must */
export const hasPostgres = hasServer('PostgreSQL', newest !== undefined);

/** Starts a server. It refuses root, so that root runs it as the user `postgres`. */
export async function postgresServer(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'baari-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const as = (command: string, args: readonly string[]): [string, string[]] =>
    isRoot
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args]]
      : [command, [...args]];
  if (isRoot) await run('chown', ['postgres', folder]);
  const data = join(folder, 'data');
  await run(
    ...as(join(bin, 'initdb'), ['-D', data, '-U', 'baari', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C']),
    {
      cwd: folder,
    },
  );
  const port = await freePort();
  let server: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    const args = ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-F'];
    server = spawn(...as(join(bin, 'postgres'), args), { cwd: folder, stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries += 1) {
      const isReady = await run(join(bin, 'psql'), [
        ...['-h', '127.0.0.1', '-p', `${port}`, '-U', 'baari', '-d', 'postgres', '-c', 'SELECT 1'],
      ]).then(
        () => true,
        () => false,
      );
      if (isReady) return;
      await delay(systemClock, 100);
    }
    throw new Error('PostgreSQL did not start within 10 s');
  };
  const kill = async (): Promise<void> => {
    const killed = server;
    server = undefined;
    if (!killed) return;
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    // fast shutdown: connections are ended
    killed.kill('SIGINT');
    await gone;
  };
  await start();
  return {
    url: `postgres://baari@127.0.0.1:${port}/postgres`,
    start,
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
