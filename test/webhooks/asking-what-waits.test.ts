import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { OutboxDatabase, outboxMessages, outboxPath } from '../../src/webhooks/index.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-outbox-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs `baari webhooks` on a folder. */
async function asked(folder: string, ...args: readonly string[]) {
  let text = '';
  const sink = {
    write: (more: string): void => {
      text += more;
    },
  };
  const terminal = { stdout: sink, stderr: sink, env: {} };
  const exitCode = await main(['webhooks', '--records', folder, ...args], terminal);
  return { exitCode, text };
}

it('lists what waits and what was given up, without what is said in it, and sends the latter again', async () => {
  const database = new OutboxDatabase(outboxPath(root));
  const url = 'https://crm.example/hooks?key=secret-of-the-path';
  const of = { agent: 'shop', type: 'call.ended', nth: 1, wallMs: 0, data: { said: 'a secret' } } as const;
  const put = ['one', 'two'].flatMap((callId) =>
    outboxMessages({ ...of, callId }, [{ url, events: [], transcript: true }]),
  );
  database.put(put, 0);
  const [first, second] = database.list('waiting');
  database.bury(first?.seq ?? 0, 'HTTP 500', 1000);
  const all = await asked(root);
  expect(all.exitCode).toBe(0);
  expect(all.text).toContain('1 waiting');
  expect(all.text).toContain(`${first?.id}  shop  call.ended  crm.example  since 1970-01-01T00:00:00.000Z`);
  expect(all.text).toContain('1 given up');
  expect(all.text).toContain('HTTP 500');
  expect(all.text).not.toMatch(/a secret|secret-of-the-path/);
  const data = JSON.parse((await asked(root, '--json')).text);
  expect(data).toMatchObject({ waiting: [{ id: second?.id }], dead: [{ id: first?.id, attempts: 1 }] });
  expect(await asked(root, '--resend', 'msg_unknown')).toEqual({ exitCode: 1, text: '0 to be sent again\n' });
  expect(await asked(root, '--resend', 'all')).toEqual({ exitCode: 0, text: '1 to be sent again\n' });
  expect(database.state()).toMatchObject({ waiting: 2, dead: 0 });
  database.close();
});

it('says where it has looked in vain', async () => {
  const { exitCode, text } = await asked(join(root, 'nowhere'));
  expect([exitCode, text]).toEqual([
    1,
    `baari: expected an outbox of webhooks in ${join(root, 'nowhere')}, found none\n`,
  ]);
});
