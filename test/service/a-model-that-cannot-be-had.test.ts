import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { levelDbov, type SampleRateHz } from '../../src/audio/index.ts';
import { loadApology } from '../../src/call/index.ts';
import { type CloseReport, type GeminiFault, loadVoice } from '../../src/sim/index.ts';
import { atCallRate, besideAnotherCall, playedSamples, wasHeard } from '../helpers/bystander.ts';
import type { LogLine } from '../helpers/memory-log.ts';
import { collectPrinted } from '../helpers/printed.ts';
import { type FinishedCall, says, script, TestService } from '../helpers/service.ts';

const apiKey = 'a-key-that-nobody-may-read-7f3a';

interface Trouble {
  readonly what: string;
  readonly fault?: GeminiFault;
  /** Instead of a simulated Gemini with a fault. */
  readonly address?: () => Promise<string>;
  readonly agent?: string;
  readonly sampleRateHz?: SampleRateHz;
  readonly code: string;
  readonly message: RegExp;
}

const troubles: readonly Trouble[] = [
  {
    what: 'nothing listens',
    address: closedPort,
    code: 'gemini.unreachable',
    message: /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
  },
  {
    what: 'the address cannot be one',
    address: async () => 'http://127.0.0.1:99999',
    code: 'gemini.unreachable',
    message: /Invalid URL.*key=\[secret\]/,
  },
  {
    what: 'the connection is reset',
    fault: { kind: 'resetUpgrade' },
    code: 'gemini.unreachable',
    message: /socket hang up|ECONNRESET/,
  },
  {
    what: 'HTTP 401',
    fault: { kind: 'httpStatus', status: 401 },
    code: 'gemini.unauthorised',
    message: /^the upgrade was refused with HTTP 401: .*Simulated Unauthorized/,
  },
  {
    what: 'HTTP 403',
    fault: { kind: 'httpStatus', status: 403 },
    code: 'gemini.unauthorised',
    message: /HTTP 403/,
  },
  {
    what: 'HTTP 429 with Retry-After',
    fault: { kind: 'httpStatus', status: 429, retryAfterSec: 2 },
    sampleRateHz: 16_000,
    code: 'gemini.quota',
    message: /HTTP 429: .*; to be tried again after 2000 ms$/,
  },
  {
    what: 'HTTP 503',
    fault: { kind: 'httpStatus', status: 503 },
    sampleRateHz: 24_000,
    code: 'gemini.refused',
    message: /HTTP 503/,
  },
  {
    what: 'the upgrade is never answered',
    fault: { kind: 'hangUpgrade' },
    agent: 'hasty',
    code: 'gemini.setup-timeout',
    message: /^expected the session to be set up within 300 ms, it was not$/,
  },
  {
    what: 'the set-up is never completed',
    fault: { kind: 'noSetupComplete' },
    agent: 'hasty',
    code: 'gemini.setup-timeout',
    message: /within 300 ms/,
  },
  {
    what: 'closed with 1007 before the set-up',
    fault: {
      kind: 'close',
      code: 1007,
      reason: 'Request contains an invalid argument.',
      at: { at: 'setup' },
    },
    code: 'gemini.set-up-refused',
    message: /^the connection was closed with 1007: Request contains an invalid argument\.$/,
  },
  {
    what: 'closed with 1007 for a key that the reason repeats',
    fault: { kind: 'close', code: 1007, reason: `API key ${apiKey} not valid.`, at: { at: 'setup' } },
    code: 'gemini.unauthorised',
    message: /closed with 1007: API key \[secret\] not valid\.$/,
  },
  {
    what: 'closed with 1008, as for a model that there is not',
    agent: 'of-another-model',
    code: 'gemini.not-found',
    message: /^the connection was closed with 1008: .*gemini-0\.1-nothing/,
  },
  {
    what: 'dropped before the set-up',
    fault: { kind: 'kill', at: { at: 'setup' } },
    code: 'gemini.closed',
    message: /^the connection was closed with 1006$/,
  },
];

/** What became of a call. */
interface Ending {
  readonly closed: CloseReport;
  readonly heard: Int16Array;
  readonly violations: number;
  readonly finished: FinishedCall;
  readonly failed: LogLine | undefined;
  readonly record: string;
}

const endings = new Map<Trouble, Ending>();
const printed = collectPrinted();
const records = mkdtempSync(join(tmpdir(), 'baari-records-'));
const bystanders: Promise<unknown>[] = [];
let logged = '';

/** So many at a time leave a busy machine the time in which a reply must become audible. */
const atATime = 7;

// each happens beside a call of the same server whose model could be had
beforeAll(async () => {
  for (let from = 0; from < troubles.length; from += atATime) {
    await Promise.all(troubles.slice(from, from + atATime).map(meet));
  }
}, 120_000);

afterAll(() => rmSync(records, { recursive: true, force: true }));

async function meet(trouble: Trouble): Promise<void> {
  const prices = loadVoice('prices');
  await using service = await TestService.start({
    apiKey,
    records,
    agents: { hasty: { limits: { setupMs: 300 } }, 'of-another-model': { model: 'gemini-0.1-nothing' } },
    gemini: { script: { ...script, greeting: says('A half kilo', prices) } },
  });
  const bystander = besideAnotherCall(service, () => suffer(service, trouble), prices);
  bystanders.push(bystander);
  await bystander.catch(() => undefined);
  logged += service.log.text;
}

/** Makes a call whose model cannot be had, to its end. */
async function suffer(service: TestService, trouble: Trouble): Promise<void> {
  const { fault, address, agent = 'bakery', sampleRateHz = 8000 } = trouble;
  if (address) service.moveModel(await address());
  else if (fault) service.moveModel((await service.model({ faults: [{ fault }] })).url);
  const call = service.call({ agent, profile: { sampleRateHz } });
  const { caller } = call;
  const closed = await caller.wait.ended({ withinMs: 15_000 });
  const finished = await service.ending(call);
  const { callId } = finished;
  await service.log.line('record.complete', { callId });
  endings.set(trouble, {
    closed,
    heard: playedSamples(caller),
    violations: caller.violations.length,
    finished,
    failed: service.log.all('gemini.failed', { callId })[0],
    record: readFileSync(join(records, callId, 'call.json'), 'utf8'),
  });
}

async function closedPort(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** The shipped apology without the silence around it. */
function apologyAt(rateHz: SampleRateHz): Int16Array {
  const pcm = atCallRate(loadApology(), rateHz);
  const step = rateHz / 100;
  let from = 0;
  let to = pcm.length;
  while (levelDbov(pcm.subarray(from, from + step)) < -60) from += step;
  while (levelDbov(pcm.subarray(to - step, to)) < -60) to -= step;
  return pcm.subarray(from, to);
}

describe.each(troubles)('$what', (trouble) => {
  const ending = (): Ending => {
    const found = endings.get(trouble);
    if (!found) throw new Error('the call did not end');
    return found;
  };

  test('the caller hears the whole apology, then the line is closed with 1000', () => {
    const { heard, closed, violations } = ending();
    expect(wasHeard(apologyAt(trouble.sampleRateHz ?? 8000), heard)).toBe(true);
    expect(closed).toMatchObject({ code: 1000, by: 'bridge' });
    expect(violations).toBe(0);
  });

  test('the log and the record say why, without the key', () => {
    const { failed, finished, record } = ending();
    const { code, message } = trouble;
    expect(failed).toMatchObject({ level: 'error', code, message: expect.stringMatching(message) });
    expect(finished.summary).toMatchObject({
      outcome: 'modelUnavailable',
      failure: { code, message: expect.stringMatching(message) },
    });
    expect(JSON.parse(record)).toMatchObject({ outcome: 'modelUnavailable', failure: { code } });
    expect(record).not.toContain(apiKey);
  });
});

test('other calls hear their agent whole meanwhile', () => Promise.all(bystanders));

test('the key is in no line of the log and in nothing that is printed', () => {
  expect(logged).toContain('gemini.failed');
  expect(logged).not.toContain(apiKey);
  expect(printed.text).not.toContain(apiKey);
});
