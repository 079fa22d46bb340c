import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../helpers/until.ts';
import { freePort } from './free-port.ts';
import { hasServer } from './has-server.ts';

/** Where `.ci/run` has put it, and where `go install` would. */
const places = [
  process.env.BAARI_TEST_VERSITYGW,
  join(homedir(), '.cache/baari/versitygw-v1.8.0'),
  join(homedir(), 'go/bin/versitygw'),
];
const binary = places.find((path) => path !== undefined && existsSync(path));

/** Whether the tests can have one. @throws Error where they must */
export const hasS3 = hasServer('versitygw (an S3 server)', binary !== undefined);

/** An S3 server with one bucket, `records`. */
export interface S3Server {
  readonly env: Readonly<Record<string, string>>;
  /** What it keeps, in the file system. */
  readonly folder: string;
  remove(): Promise<void>;
}

export async function s3Server(): Promise<S3Server> {
  const root = mkdtempSync(join(tmpdir(), 'baari-s3-'));
  const folder = join(root, 'data');
  mkdirSync(join(folder, 'records'), { recursive: true });
  const sidecar = join(root, 'sidecar');
  mkdirSync(sidecar);
  const port = await freePort();
  const server = spawn(
    binary ?? '',
    ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', sidecar, folder],
    {
      env: { ROOT_ACCESS_KEY: 'test', ROOT_SECRET_KEY: 'test-secret', PATH: process.env.PATH ?? '' },
      stdio: 'ignore',
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  let isThere = false;
  const look = async (): Promise<void> => {
    isThere = await fetch(endpoint).then(
      () => true,
      () => false,
    );
  };
  await until('the S3 server', () => {
    if (!isThere) look();
    return isThere ? true : undefined;
  });
  return {
    folder: join(folder, 'records'),
    env: {
      BAARI_RECORDS_S3_BUCKET: 'records',
      BAARI_RECORDS_S3_ENDPOINT: endpoint,
      BAARI_RECORDS_S3_KEY_ID: 'test',
      BAARI_RECORDS_S3_SECRET: 'test-secret',
    },
    async remove() {
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
