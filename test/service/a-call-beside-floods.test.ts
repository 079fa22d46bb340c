import { expect, test } from 'vitest';
import { loadVoice } from '../../src/sim/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { besideAnotherCall } from '../helpers/bystander.ts';
import { mutatedRequest, sendBytes } from '../helpers/mutated-requests.ts';
import { startFrame } from '../helpers/raw-stream.ts';
import { says, script, TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

/** How many broken requests are sent, and from which seed: BAARI_FUZZ_REQUESTS=10000 BAARI_FUZZ_SEED=7. */
const requests = Number(process.env.BAARI_FUZZ_REQUESTS ?? 300);
const atOnce = 20;
const seed = Number(process.env.BAARI_FUZZ_SEED ?? 1);

/** Long enough to be still playing while the flood is on. */
const greeting = loadVoice('prices');
const password = 'the-password-of-this-test';

function start(): Promise<TestService> {
  return TestService.start({
    agents: {
      // a flood may last longer than the greeting
      bystander: { patience: { repromptAfterMs: 60_000, goodbyeAfterMs: 60_000 } },
      guarded: { security: { basicUser: 'exotel', basicPasswordEnv: 'ANY' } },
    },
    gemini: { script: { ...script, greeting: says('Welcome.', greeting) } },
    doors: { limits: { maxCalls: 40 }, passwordOf: () => password, trustedProxies: ['127.0.0.1'] },
  });
}

test.concurrent(
  `${requests} broken requests from seed ${seed}: each is answered or dropped, the call goes on`,
  async () => {
    const chance = seededChance(seed);
    await using service = await start();
    await besideAnotherCall(
      service,
      async () => {
        for (let sent = 0; sent < requests; sent += atOnce) {
          const some = Array.from({ length: Math.min(atOnce, requests - sent) }, () =>
            mutatedRequest(chance),
          );
          const answers = await Promise.all(some.map((bytes) => sendBytes(service.base, bytes)));
          for (const [n, answer] of answers.entries()) {
            const what = `seed ${seed}, request ${sent + n}: ${some[n]?.toString('latin1').slice(0, 300)}`;
            expect(answer, what).toMatch(
              /^(|HTTP\/1\.1 (101|200|302|400|401|403|404|405|408|413|414|415|429|431|503) .*)$/s,
            );
          }
        }
      },
      greeting,
    );
    expect((await fetch(`${service.base}/healthz`)).status).toBe(200);
    await until('the streams of the flood to be over', () => service.server.calls.size === 0 || undefined);
    const defects = service.log.lines.filter(({ code }) => String(code).endsWith('.defect'));
    expect(defects).toEqual([]);
  },
  20_000 + requests * 20,
);

test.concurrent('streams that never start: twenty of an address come in, the others are refused before the upgrade', async () => {
  await using service = await start();
  await besideAnotherCall(
    service,
    async () => {
      const from = (address: string) => ({ 'x-forwarded-for': address });
      const flood = Array.from({ length: 100 }, () => service.stream('/exotel/bakery', from('192.0.2.1')));
      const outcomes = await Promise.all(
        flood.map(async (stream) => {
          const outcome = await Promise.race([stream.opened(), stream.refusal()]);
          return outcome === true ? 101 : outcome.status;
        }),
      );
      expect(outcomes.filter((status) => status === 101)).toHaveLength(20);
      expect(outcomes.filter((status) => status === 429)).toHaveLength(80);
      // another address finds its way in
      const other = service.stream('/exotel/bakery', from('192.0.2.2'));
      await other.opened();
      for (const stream of [...flood, other]) stream.drop();
    },
    greeting,
  );
});

test.concurrent('guesses of a password: refused fast, and from the eleventh on with 429', async () => {
  await using service = await start();
  await besideAnotherCall(
    service,
    async () => {
      const statuses: number[] = [];
      for (let n = 0; n < 200; n += 1) {
        const authorization = `Basic ${Buffer.from(`exotel:${n}`).toString('base64')}`;
        const response = await fetch(`${service.base}/exotel/guarded/resolve`, {
          headers: { authorization },
        });
        statuses.push(response.status);
        await response.arrayBuffer();
      }
      expect(statuses).toEqual([...Array(10).fill(401), ...Array(190).fill(429)]);
    },
    greeting,
  );
});

test.concurrent('peers that do not read: their streams are calls like others, and the call beside them loses nothing', async () => {
  await using service = await start();
  await besideAnotherCall(
    service,
    async () => {
      const deaf = Array.from({ length: 15 }, () => service.stream('/exotel/bakery'));
      await Promise.all(deaf.map((stream) => stream.opened()));
      for (const [n, stream] of deaf.entries()) {
        stream.deafen();
        stream.send(startFrame(`deaf-${n}`));
      }
      await until('their calls', () => service.log.all('call.started').length > 15 || undefined);
      // one call too many is told so, and Exotel goes on in its flow
      const more = Array.from({ length: 30 }, () =>
        service.stream('/exotel/bakery', { 'x-forwarded-for': '192.0.2.7' }),
      );
      const full = await Promise.all(more.map((stream) => Promise.race([stream.opened(), stream.refusal()])));
      const refused = full.flatMap((outcome) => (outcome === true ? [] : [outcome]));
      expect(refused.length).toBeGreaterThan(5);
      for (const { status } of refused) expect([429, 503]).toContain(status);
      for (const stream of [...deaf, ...more]) stream.drop();
    },
    greeting,
  );
});
