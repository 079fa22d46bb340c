import { existsSync } from 'node:fs';
import { systemClock } from '../time/index.ts';
import { type KeptMessage, OutboxDatabase, outboxPath } from '../webhooks/index.ts';
import { type Terminal, UserError } from './output.ts';

/** What `baari webhooks` was asked for. */
export interface WebhooksCommandOptions {
  readonly records?: string;
  /** Ids of messages that were given up, or `all`: they are to be sent again. */
  readonly resend?: readonly string[];
  readonly json?: boolean;
}

/**
 * `baari webhooks`: tells what waits to be delivered and what was given up, and sends the latter again. Beside a service
 * that runs, too. Resolves with the exit code. @throws UserError when there is no outbox
 */
export async function runWebhooks(
  { records, resend, json = false }: WebhooksCommandOptions,
  { stdout, env }: Terminal,
): Promise<number> {
  const folder = records ?? env.BAARI_RECORDS;
  if (!folder)
    throw new UserError('expected a folder of records in --records or BAARI_RECORDS, found none', 2);
  const path = outboxPath(folder);
  if (!existsSync(path)) throw new UserError(`expected an outbox of webhooks in ${folder}, found none`);
  const database = openOutbox(path);
  try {
    if (resend) {
      const ids = resend.includes('all') ? 'all' : resend;
      const revived = database.revive(ids, systemClock.wallMs());
      stdout.write(json ? `${JSON.stringify({ sentAgain: revived })}\n` : `${revived} to be sent again\n`);
      return revived > 0 || ids === 'all' ? 0 : 1;
    }
    const [waiting, dead] = [database.list('waiting'), database.list('dead')];
    if (json)
      stdout.write(`${JSON.stringify({ waiting: waiting.map(told), dead: dead.map(told) }, null, 2)}\n`);
    else stdout.write(tableOf(waiting, dead));
    return 0;
  } finally {
    database.close();
  }
}

function openOutbox(path: string): OutboxDatabase {
  try {
    return new OutboxDatabase(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new UserError(`the outbox cannot be opened: ${reason}`);
  }
}

/** A message without its body, which is personal data, and with no more of its address than the host. */
function told({ id, agent, url, callId, type, state, putMs, attempts, nextMs, reason }: KeptMessage) {
  return {
    id,
    agent,
    event: type,
    callId,
    receiver: URL.parse(url)?.host ?? 'unknown',
    since: new Date(putMs).toISOString(),
    attempts,
    ...(state === 'waiting' && { next: new Date(nextMs).toISOString() }),
    ...(reason !== undefined && { reason }),
  };
}

/** Lines of each kind that are shown; `--json` has them all. */
const mostLines = 50;

function tableOf(waiting: readonly KeptMessage[], dead: readonly KeptMessage[]): string {
  const linesOf = (messages: readonly KeptMessage[]): string[] => [
    ...messages.slice(0, mostLines).map((message) => {
      const { id, agent, event, receiver, since, attempts, reason = '' } = told(message);
      const tries = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
      return `  ${id}  ${agent}  ${event}  ${receiver}  since ${since}  ${tries}  ${reason}`.trimEnd();
    }),
    ...(messages.length > mostLines ? [`  and ${messages.length - mostLines} more`] : []),
  ];
  const lines = [
    `${waiting.length} waiting`,
    ...linesOf(waiting),
    `${dead.length} given up${dead.length > 0 ? ' (--resend <id> or --resend all sends them again)' : ''}`,
    ...linesOf(dead),
  ];
  return `${lines.join('\n')}\n`;
}
