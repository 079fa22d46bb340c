import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestTool } from './test-tool.ts';
import { ToolRig } from './tool-rig.ts';

type Act =
  | { readonly act: 'call'; readonly names: readonly ('book' | 'look' | 'order')[]; readonly people: number }
  | { readonly act: 'repeat' | 'cancel'; readonly which: number }
  | { readonly act: 'result' | 'exception'; readonly which: number }
  | { readonly act: 'drop' }
  | { readonly act: 'resume' | 'renew' }
  | { readonly act: 'wait'; readonly ms: number };

const which = fc.nat(20);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('call' as const),
      names: fc.array(fc.constantFrom('book' as const, 'look' as const, 'order' as const), {
        minLength: 1,
        maxLength: 3,
      }),
      people: fc.constantFrom(0, 1, 2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('result' as const, 'exception' as const), which }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('repeat' as const, 'cancel' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constantFrom('drop' as const, 'resume' as const, 'renew' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.constantFrom(10, 1000, 11_000) }),
  },
);

/** A server that keeps account: what it asked for in this conversation, and what it took back. */
class Server {
  readonly rig: ToolRig;
  readonly tools: readonly TestTool[];
  isConnected = false;
  #count = 0;
  #conversation = 0;
  /** Every id asked for: which conversation, and whether it was taken back before it was answered. */
  readonly asked = new Map<string, { readonly conversation: number; isCancelled: boolean }>();

  constructor() {
    this.tools = [
      new TestTool('book', { hasSideEffects: true }),
      new TestTool('look', { blocking: false, timeoutMs: 2000 }),
    ];
    this.rig = new ToolRig(this.tools);
  }

  get conversation(): number {
    return this.#conversation;
  }

  async connect(how: 'first' | 'resume' | 'renew'): Promise<void> {
    if (how === 'renew') this.#conversation += 1;
    await this.rig.connect(how);
    this.isConnected = true;
  }

  async play(step: Act): Promise<void> {
    const { rig } = this;
    if (step.act === 'wait') return rig.clock.run(step.ms);
    if (step.act === 'result' || step.act === 'exception') return this.#finish(step.act, step.which);
    if (step.act === 'resume' || step.act === 'renew') return this.connect(step.act);
    if (!this.isConnected) return;
    if (step.act === 'drop') {
      this.isConnected = false;
      rig.server.last.drop();
      return rig.clock.run(10);
    }
    if (step.act === 'call') {
      const calls = step.names.map((name) => ({ id: this.#newId(), name, args: { people: step.people } }));
      return rig.call(...calls);
    }
    if (step.act === 'cancel' || step.act === 'repeat') return this.#again(step);
  }

  async #again(step: Extract<Act, { act: 'repeat' | 'cancel' }>): Promise<void> {
    const { rig } = this;
    const known = [...this.asked].filter(([, { conversation }]) => conversation === this.#conversation);
    const [id, call] = known[step.which % Math.max(1, known.length)] ?? [];
    if (!id || !call) return;
    if (step.act === 'cancel') {
      call.isCancelled ||= !this.answersTo(id).length;
      return rig.cancel(id);
    }
    // a server that has its answer, or does not want it, does not ask again
    if (!call.isCancelled && !this.answersTo(id).length) await rig.call({ id, name: 'look' });
  }

  answersTo(id: string): number[] {
    return this.rig.answers.filter((answer) => answer.id === id).map(({ connection }) => connection);
  }

  async #finish(how: 'result' | 'exception', at: number): Promise<void> {
    const wanted = this.tools.flatMap((tool) => tool.wanted);
    const run = wanted[at % Math.max(1, wanted.length)];
    if (how === 'result') run?.resolve({ done: true });
    else run?.reject(new Error('no'));
    await this.rig.clock.run(1);
  }

  #newId(): string {
    this.#count += 1;
    const id = `call_${this.#count}`;
    this.asked.set(id, { conversation: this.#conversation, isCancelled: false });
    return id;
  }
}

async function keepsItsPromise(acts: readonly Act[], endsEarly: boolean): Promise<void> {
  const server = new Server();
  const { rig } = server;
  await server.connect('first');
  for (const step of acts) await server.play(step);
  if (!endsEarly) {
    if (!server.isConnected) await server.connect('resume');
    await rig.clock.run(12_000);
  }
  for (const [id, { conversation, isCancelled }] of server.asked) {
    const answers = server.answersTo(id);
    expect(answers.length, `${id} is answered at most once`).toBeLessThanOrEqual(1);
    if (isCancelled) expect(answers, `${id} was taken back`).toEqual([]);
    else if (!endsEarly && conversation === server.conversation) {
      expect(answers, `${id} is answered`).toHaveLength(1);
    }
  }
  await rig.end();
  expect(rig.records, 'each call is told of once').toHaveLength(server.asked.size);
  expect(server.tools.flatMap((tool) => tool.wanted)).toEqual([]);
  expect(rig.running).toBe(0);
  expect(rig.clock.pendingTimers).toBe(0);
  const balance = rig.told.filter((type) => type === 'tool.started').length;
  const finished = rig.told.filter((type) => type === 'tool.finished').length;
  expect(balance - finished, 'what is started finishes, but for the end of the call').toBeLessThanOrEqual(
    endsEarly ? 1 : 0,
  );
}

describe('whatever happens, in whatever order', () => {
  it('each id is answered once, unless it is taken back, and nothing is left running', async () => {
    await fc.assert(fc.asyncProperty(fc.array(act, { maxLength: 25 }), fc.boolean(), keepsItsPromise), {
      numRuns: 80,
    });
  });
});
