import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Clock, SimulatedClock, seededChance } from '../../src/time/index.ts';
import { Deliverer, type DeliveryNews } from '../../src/webhooks/deliverer.ts';
import { OutboxDatabase } from '../../src/webhooks/outbox-database.ts';
import { post } from '../../src/webhooks/post.ts';
import { outboxMessages, type WebhookEvent } from '../../src/webhooks/webhook-message.ts';
import { GuardedFetch } from '../../src/wire/index.ts';
import { until } from '../helpers/until.ts';
import { secret, TestReceiver, verified } from './receiver.ts';

const root = mkdtempSync(join(tmpdir(), 'baari-webhooks-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hourMs = 3_600_000;
const events = ['call.started', 'tool.failed', 'call.ended'] as const;

function messages(callId: string, url: string, types: readonly WebhookEvent[] = events, agent = 'shop') {
  const receivers = [{ url, events: [], transcript: true }];
  return types.flatMap((type) =>
    outboxMessages({ callId, agent, type, nth: 1, wallMs: 0, data: { said: 'नमस्ते' } }, receivers),
  );
}

/** An outbox on disk, and who delivers from it on a simulated clock over real sockets. */
class Rig {
  readonly clock: SimulatedClock;
  readonly news: DeliveryNews[] = [];
  readonly database: OutboxDatabase;
  readonly deliverer: Deliverer;
  giveUpMs = 72 * hourMs;
  readonly fetch: GuardedFetch;

  constructor(
    path = join(mkdtempSync(join(root, 'outbox-')), 'outbox.sqlite'),
    clock = new SimulatedClock(),
    onError = (error: Error): void => {
      throw error;
    },
  ) {
    this.path = path;
    this.clock = clock;
    this.database = new OutboxDatabase(path, 100);
    this.fetch = new GuardedFetch({ clock, hosts: ['127.0.0.1'], privateHosts: ['127.0.0.1'] });
    this.deliverer = new Deliverer({
      database: this.database,
      clock: this.clock,
      chance: seededChance(1),
      mark: path,
      isGone: () => true,
      accessOf: async () => ({ secret, isPrivate: true, giveUpMs: this.giveUpMs }),
      post: (message, { secret: by }) => post(message, { secret: by, clock: this.clock, fetch: this.fetch }),
      tell: (news) => this.news.push(news),
      state: () => undefined,
      onError,
    });
  }

  readonly path: string;

  put(...all: Parameters<typeof messages>) {
    const outcome = this.database.put(messages(...all), this.clock.wallMs());
    this.deliverer.look();
    return outcome;
  }

  /** Lets simulated time go on until `fact` holds; real sockets need moments of their own. */
  async until(what: string, fact: () => boolean, stepMs = 500): Promise<void> {
    await until(what, () => {
      if (fact()) return true;
      this.clock.advance(stepMs);
      return undefined;
    });
  }

  told(what: DeliveryNews['what']): DeliveryNews[] {
    return this.news.filter((news) => news.what === what);
  }
}

function wallOf(clock: Clock): number {
  return clock.wallMs();
}

describe('messages for a receiver', () => {
  it('are signed, verified by the library, and come in the order of their call, each once', async () => {
    await using receiver = await TestReceiver.listen();
    const rig = new Rig();
    expect(rig.put('one', receiver.url)).toMatchObject({ taken: 3, known: 0 });
    // found again, as after a restart
    expect(rig.put('one', receiver.url)).toMatchObject({ taken: 0, known: 3 });
    await rig.until('the delivery', () => rig.told('delivered').length === 3);
    expect(receiver.types).toEqual([...events]);
    for (const got of receiver.got) {
      const content = verified(got, secret, wallOf(rig.clock));
      expect(content).toMatchObject({ data: { callId: 'one', agent: 'shop', said: 'नमस्ते' } });
      const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
      expect(() => verified(got, other, wallOf(rig.clock))).toThrow('No matching signature');
      expect(() =>
        verified({ ...got, body: got.body.replace('one', 'two') }, secret, wallOf(rig.clock)),
      ).toThrow();
      expect(() => verified(got, secret, wallOf(rig.clock) + 600_000)).toThrow('too old');
    }
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(3);
    expect(rig.put('one', receiver.url)).toMatchObject({ taken: 0, known: 3 });
    await rig.deliverer.stop();
  });

  it('wait for a receiver that is dead, also through a restart: none is lost, none comes twice', async () => {
    const gone = await TestReceiver.listen();
    const { port, url } = gone;
    await gone[Symbol.asyncDispose]();
    const rig = new Rig();
    for (let call = 0; call < 5; call += 1) rig.put(`call-${call}`, url);
    await rig.until('some failures', () => rig.told('failed').length >= 4);
    await rig.deliverer.stop();
    rig.database.close();
    await using receiver = await TestReceiver.listen(port);
    const again = new Rig(rig.path, rig.clock);
    for (let call = 0; call < 5; call += 1) again.put(`call-${call}`, url);
    await again.until('the delivery', () => again.told('delivered').length === 15);
    expect(receiver.got).toHaveLength(15);
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(15);
    for (let call = 0; call < 5; call += 1) {
      const own = receiver.got.filter(({ body }) => JSON.parse(body).data.callId === `call-${call}`);
      expect(own.map(({ body }) => JSON.parse(body).type)).toEqual([...events]);
    }
    await again.deliverer.stop();
  });

  it('are tried again after the pause that the receiver asks for', async () => {
    await using receiver = await TestReceiver.listen();
    const rig = new Rig();
    receiver.answer = () => ({
      status: receiver.got.length === 1 ? 503 : 200,
      headers: { 'retry-after': '120' },
    });
    const startMs = rig.clock.nowMs();
    rig.put('one', receiver.url, ['call.started']);
    await rig.until('the delivery', () => rig.told('delivered').length === 1, 5000);
    expect(rig.told('failed')).toMatchObject([{ reason: 'HTTP 503', againMs: 120_000 }]);
    expect(rig.clock.nowMs() - startMs).toBeGreaterThanOrEqual(120_000);
    await rig.deliverer.stop();
  });

  it.each([
    ['an answer that never comes', 'never' as const, 'no complete answer within 15000 ms'],
    ['a redirection', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'HTTP 302'],
    ['a receiver that refuses', { status: 400 }, 'HTTP 400'],
  ])('are tried again after %s, and the one behind it waits', async (_, answer, reason) => {
    await using receiver = await TestReceiver.listen();
    const rig = new Rig();
    receiver.answer = () => (receiver.got.length <= 2 ? answer : { status: 200 });
    rig.put('one', receiver.url, ['call.started', 'call.ended']);
    await receiver.received(1);
    await rig.until('the delivery', () => rig.told('delivered').length === 2);
    expect(rig.told('failed')).toMatchObject([{ reason }, { reason }]);
    expect(receiver.types).toEqual(['call.started', 'call.started', 'call.started', 'call.ended']);
    await rig.deliverer.stop();
  });

  it('do not wait for a message that its receiver never takes, but for those of the same call', async () => {
    await using receiver = await TestReceiver.listen();
    const rig = new Rig();
    receiver.answer = ({ body }) => ({ status: body.includes('"poison"') ? 500 : 200 });
    rig.put('poison', receiver.url);
    for (let call = 0; call < 3; call += 1) rig.put(`call-${call}`, receiver.url);
    await rig.until('the delivery', () => rig.told('delivered').length === 9);
    expect(rig.database.list('waiting').map(({ callId }) => callId)).toEqual(['poison', 'poison', 'poison']);
    await rig.deliverer.stop();
  });

  it('of one agent do not wait for the dead receiver of another', async () => {
    await using dead = await TestReceiver.listen();
    await using alive = await TestReceiver.listen();
    dead.answer = () => 'never';
    const rig = new Rig();
    for (let call = 0; call < 10; call += 1) rig.put(`hers-${call}`, dead.url, events, 'other');
    const startMs = rig.clock.nowMs();
    for (let call = 0; call < 10; call += 1) rig.put(`his-${call}`, alive.url);
    await until('the delivery', () => {
      rig.clock.advance(1);
      return rig.told('delivered').length === 30 ? true : undefined;
    });
    expect(rig.clock.nowMs() - startMs).toBeLessThan(15_000);
    rig.clock.advance(20_000);
    await rig.deliverer.stop();
  });
});

it('do not go to a private network, unless the agent file says so', async () => {
  await using receiver = await TestReceiver.listen();
  const clock = new SimulatedClock();
  const fetch = new GuardedFetch({ clock, hosts: ['127.0.0.1', 'localhost'], privateHosts: [] });
  for (const url of [
    receiver.url,
    receiver.url.replace('127.0.0.1', 'localhost'),
    'http://169.254.169.254/',
  ]) {
    const outcome = await post({ id: 'msg_1', url, body: '{}' }, { secret, clock, fetch });
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(outcome)).not.toContain('secret-of-the-path');
  }
  expect(receiver.got).toEqual([]);
});

describe('messages that nobody takes', () => {
  it('are given up after the stated time, and can be sent again', async () => {
    await using receiver = await TestReceiver.listen();
    const rig = new Rig();
    rig.giveUpMs = hourMs / 6;
    receiver.answer = () => ({ status: 500 });
    rig.put('one', receiver.url, ['call.started', 'call.ended']);
    await rig.until('both to be given up', () => rig.told('givenUp').length === 2, 20_000);
    expect(rig.database.state()).toMatchObject({ waiting: 0, dead: 2 });
    expect(rig.clock.nowMs()).toBeLessThan(hourMs);
    receiver.answer = () => ({ status: 200 });
    const [first] = rig.database.list('dead');
    expect(rig.database.revive([first?.id ?? ''], rig.clock.wallMs())).toBe(1);
    expect(rig.database.revive('all', rig.clock.wallMs())).toBe(1);
    await rig.until('the delivery', () => rig.told('delivered').length === 2);
    expect(rig.database.state()).toMatchObject({ waiting: 0, dead: 0 });
    await rig.deliverer.stop();
  });

  it('are given up at once when the receiver says that it is gone, and so are later ones', async () => {
    await using receiver = await TestReceiver.listen();
    const rig = new Rig();
    receiver.answer = () => ({ status: 410 });
    rig.put('one', receiver.url);
    await rig.until('the end', () => rig.told('receiverGone').length === 1);
    expect(rig.told('receiverGone')).toMatchObject([{ buried: 3 }]);
    expect(rig.put('two', receiver.url)).toMatchObject({ taken: 0, dead: 3 });
    receiver.answer = () => ({ status: 200 });
    rig.database.revive('all', rig.clock.wallMs());
    await rig.until('the delivery', () => rig.told('delivered').length === 6);
    expect(rig.put('three', receiver.url)).toMatchObject({ taken: 3 });
    await rig.deliverer.stop();
  });

  it('are not taken beyond the limit of a receiver', async () => {
    const rig = new Rig();
    await rig.deliverer.stop();
    for (let call = 0; call < 33; call += 1) rig.put(`call-${call}`, 'https://x.example/');
    expect(rig.put('more', 'https://x.example/')).toMatchObject({ taken: 1, refused: 2 });
    expect(rig.put('more', 'https://y.example/')).toMatchObject({ taken: 3, refused: 0 });
    rig.database.forget(['more']);
    expect(rig.database.state().waiting).toBe(99);
  });
});

it('only one of several processes delivers, and another takes over when that is gone', () => {
  const { database } = new Rig();
  const isGone = (mark: string): boolean => mark === 'lost';
  expect(database.lease('lost', 0, 15_000, isGone)).toBe(true);
  expect(database.lease('one', 1000, 16_000, isGone)).toBe(true);
  expect(database.lease('two', 2000, 17_000, isGone)).toBe(false);
  expect(database.lease('two', 16_000, 31_000, isGone)).toBe(true);
  database.release('two');
  expect(database.lease('one', 17_000, 32_000, isGone)).toBe(true);
});

it('leaves out of a message what makes it too large, and says so', () => {
  const line = { who: 'caller', atMs: 0, text: 'x'.repeat(1000), unheard: '' };
  const of = { callId: 'one', agent: 'shop', type: 'call.ended', nth: 1, wallMs: 0 } as const;
  const data = {
    record: { outcome: 'callerHungUp', turns: [] },
    transcript: Array.from({ length: 2000 }, () => line),
  };
  const to = [{ url: 'https://x.example', events: [], transcript: true }];
  const [message] = outboxMessages({ ...of, data }, to);
  expect(JSON.parse(message?.body ?? '').data).toEqual({
    callId: 'one',
    agent: 'shop',
    record: data.record,
    leftOut: ['transcript'],
  });
  const [without] = outboxMessages({ ...of, data: { ...data, transcript: [line] } }, [
    { url: 'https://x.example', events: ['call.ended'], transcript: false },
  ]);
  expect(JSON.parse(without?.body ?? '').data).toEqual({ callId: 'one', agent: 'shop', record: data.record });
});

it('rests when the outbox cannot note what was delivered, and sends it again under the same id', async () => {
  await using receiver = await TestReceiver.listen();
  const errors: string[] = [];
  const rig = new Rig(undefined, undefined, ({ message }) => {
    errors.push(message);
  });
  const { delivered } = rig.database;
  rig.database.delivered = () => {
    throw new Error('disk full');
  };
  rig.put('one', receiver.url, ['call.started']);
  await until('the failure', () => errors[0]);
  rig.clock.advance(200);
  expect(receiver.got).toHaveLength(1);
  rig.database.delivered = delivered.bind(rig.database);
  await rig.until('the delivery', () => rig.told('delivered').length === 1);
  expect(errors).toEqual(['disk full']);
  expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(1);
  await rig.deliverer.stop();
});
