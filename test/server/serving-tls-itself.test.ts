import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Certificate } from '../../src/server/index.ts';
import { spoken } from '../../src/sim/index.ts';
import { SimulatedServer } from '../helpers/simulated-server.ts';
import { until } from '../helpers/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'baari-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Self-signed certificates for 127.0.0.1. */
const fixture = (name: string): { cert: string; key: string } => {
  const file = (ending: string): string =>
    fileURLToPath(new URL(`../fixtures/tls/${name}.${ending}`, import.meta.url));
  return { cert: file('crt'), key: file('key') };
};

const first = fixture('first');
const second = fixture('second');

async function serve(files = first): Promise<{ stage: SimulatedServer; base: string; port: number }> {
  const certificate = new Certificate(files);
  const stage = await SimulatedServer.open({
    script: { greeting: spoken('greeting'), turns: [] },
    server: () => ({ certificate }),
  });
  const base = await stage.server.listen();
  return { stage, base, port: Number(new URL(base).port) };
}

/** The name in the certificate that a new connection is shown. */
function shownOn(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      resolve(String(name));
    });
    socket.on('error', reject);
  });
}

describe('a server with a certificate', () => {
  it('answers https and wss, and says so in its addresses', async () => {
    const { stage, base } = await serve();
    const ca = readFileSync(first.cert);
    expect(base).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const status = await new Promise((resolve, reject) => {
      request(`${base}/readyz`, { ca }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    const ws = new WebSocket(`${base.replace('https', 'wss')}/exotel/${stage.agent.name}`, { ca });
    await until('the connection to open', () => ws.readyState === WebSocket.OPEN || undefined);
    expect(stage.server.calls.size).toBe(1);
    ws.terminate();
    await until('the end of the call', () => stage.server.calls.size === 0 || undefined);
    await stage.server.stop();
  });

  it('shows new connections the new one after its files have changed, and keeps the old when they are no good', async () => {
    const files = { cert: join(folder, 'live.crt'), key: join(folder, 'live.key') };
    const copy = ({ cert, key }: typeof files): void => {
      copyFileSync(cert, files.cert);
      copyFileSync(key, files.key);
    };
    copy(first);
    const { stage, port } = await serve(files);
    expect(await shownOn(port)).toBe('first');
    copy(second);
    await stage.clock.run(30_000);
    expect(await shownOn(port)).toBe('second');
    // a key that belongs to another certificate
    copyFileSync(first.key, files.key);
    stage.server.reloadCertificate();
    expect(await shownOn(port)).toBe('second');
    expect(stage.log.lines.at(-1)).toMatchObject({ level: 'error', msg: 'tls.reloadFailed' });
    copy(first);
    stage.server.reloadCertificate();
    expect(await shownOn(port)).toBe('first');
    expect(stage.log.lines.at(-1)).toMatchObject({ msg: 'tls.reloaded' });
    await stage.server.stop();
  });
});

describe('files that are no certificate', () => {
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  it.each([
    {
      title: 'that are not there',
      files: { cert: join(folder, 'none'), key: first.key },
      told: /BAARI_TLS_CERT: .*ENOENT/,
    },
    {
      title: 'that are empty',
      files: { cert: empty, key: empty },
      told: /expected a PEM certificate in .*empty/,
    },
    { title: 'that do not belong together', files: { cert: first.cert, key: second.key }, told: /mismatch/ },
  ])('$title are told by name', ({ files, told }) => {
    expect(() => new Certificate(files)).toThrow(told);
  });
});
