import { describe, expect, it } from 'vitest';
import { TestTool } from './test-tool.ts';
import { ToolRig } from './tool-rig.ts';

interface Row {
  readonly title: string;
  readonly tool?: TestTool;
  /** What the server sees come of it: `id: output`, `id! error`. */
  readonly answered: readonly (string | RegExp)[];
  readonly outcomes: readonly string[];
  play(rig: ToolRig, tool: TestTool): Promise<void>;
}

const endless: Record<string, unknown> = {};
endless.self = endless;

const rows: readonly Row[] = [
  {
    title: 'a result',
    answered: ['a: {"table":4}'],
    outcomes: ['answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      tool.runs[0]?.resolve({ table: 4 });
    },
  },
  {
    title: 'two calls in one frame, the second done first',
    answered: ['b: 2', 'a: 1'],
    outcomes: ['answered', 'answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' }, { id: 'b', args: { people: 3 } });
      tool.runs[1]?.resolve(2);
      await rig.clock.run(10);
      tool.runs[0]?.resolve(1);
    },
  },
  {
    title: 'a name that is no tool’s',
    answered: ['a! there is no tool named order; there are: book'],
    outcomes: ['refused'],
    play: (rig) => rig.call({ id: 'a', name: 'order' }),
  },
  {
    title: 'arguments that do not fit: what was expected and what came',
    answered: [
      'a! the arguments do not fit: expected: the arguments must NOT have additional properties (when), found {"people":"two","when":1}; expected: /people must be integer, found "two"',
    ],
    outcomes: ['refused'],
    play: (rig) => rig.call({ id: 'a', args: { people: 'two', when: 1 } }),
  },
  {
    title: 'arguments that are none',
    answered: ['a! the arguments do not fit: expected: the arguments must be object, found "two"'],
    outcomes: ['refused'],
    play: (rig) => rig.call({ id: 'a', args: 'two' }),
  },
  {
    title: 'an exception, without the secrets in it',
    answered: ['a! book: no answer from https://host/?key=[secret]'],
    outcomes: ['failed'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      tool.runs[0]?.reject(new Error('no answer from https://host/?key=abc123'));
    },
  },
  {
    title: 'an exception at once',
    tool: new TestTool('book', {
      act: () => {
        throw new Error('shut');
      },
    }),
    answered: ['a! book: shut'],
    outcomes: ['failed'],
    play: (rig) => rig.call({ id: 'a' }),
  },
  {
    title: 'no result in time',
    answered: ['a! book: no result within 10000 ms'],
    outcomes: ['timedOut'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      await rig.clock.run(9990);
      expect(rig.answered).toEqual([]);
      await rig.clock.run(20);
      tool.runs[0]?.resolve('late');
    },
  },
  {
    title: 'no result in the time of the tool, which may have done it all the same',
    tool: new TestTool('book', { timeoutMs: 3000, hasSideEffects: true }),
    answered: ['a! book: no result within 3000 ms; whether it was done is not known'],
    outcomes: ['timedOut'],
    play: async (rig) => {
      await rig.call({ id: 'a' });
      await rig.clock.run(3000);
    },
  },
  {
    title: 'a result that is too large',
    answered: [/^a! book: expected a result of at most 16384 bytes, found 20002: ask for less$/],
    outcomes: ['failed'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      tool.runs[0]?.resolve('x'.repeat(20_000));
    },
  },
  ...[undefined, endless, 12n, () => 1].map((value) => ({
    title: `a result that is not JSON: ${typeof value}`,
    answered: [`a! book: expected a result that is JSON, found ${typeof value}`],
    outcomes: ['failed'],
    play: async (rig: ToolRig, tool: TestTool) => {
      await rig.call({ id: 'a' });
      tool.runs[0]?.resolve(value);
    },
  })),
  {
    title: 'the same id again, before and after the answer',
    answered: ['a: 1'],
    outcomes: ['answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      await rig.call({ id: 'a' });
      tool.runs[0]?.resolve(1);
      await rig.clock.run(10);
      await rig.call({ id: 'a' });
      expect(tool.runs).toHaveLength(1);
    },
  },
  {
    title: 'the same call under another id while it runs: done once, told twice',
    tool: new TestTool('book', { hasSideEffects: true }),
    answered: ['a: 1', 'b: 1'],
    outcomes: ['answered', 'repeated'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' }, { id: 'b' });
      expect(tool.runs).toHaveLength(1);
      tool.runs[0]?.resolve(1);
    },
  },
  {
    title: 'the same call a moment after its end: not done again',
    tool: new TestTool('book', { hasSideEffects: true }),
    answered: ['a: 1', 'b: 1', 'c: 2'],
    outcomes: ['answered', 'repeated', 'answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      tool.runs[0]?.resolve(1);
      await rig.clock.run(4000);
      await rig.call({ id: 'b' });
      await rig.clock.run(2000);
      await rig.call({ id: 'c' });
      tool.runs[1]?.resolve(2);
    },
  },
  {
    title: 'the same call after it has failed: tried again',
    tool: new TestTool('book', { hasSideEffects: true }),
    answered: ['a! book: full', 'b: 2'],
    outcomes: ['failed', 'answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      tool.runs[0]?.reject(new Error('full'));
      await rig.clock.run(10);
      await rig.call({ id: 'b' });
      tool.runs[1]?.resolve(2);
    },
  },
  {
    title: 'the same call of a tool without side effects: looked up again',
    answered: ['a: 1', 'b: 2'],
    outcomes: ['answered', 'answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' }, { id: 'b' });
      tool.runs[0]?.resolve(1);
      await rig.clock.run(1);
      tool.runs[1]?.resolve(2);
    },
  },
  {
    title: 'nothing when the server cancels it, and the tool is told to stop',
    answered: [],
    outcomes: ['cancelled'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      await rig.cancel('a');
      expect(tool.runs[0]?.context.signal.aborted).toBe(true);
      tool.runs[0]?.resolve(1);
    },
  },
  {
    title: 'a repetition whose first call is cancelled: goes on',
    tool: new TestTool('book', { hasSideEffects: true }),
    answered: ['b: 1'],
    outcomes: ['cancelled', 'answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' }, { id: 'b' });
      await rig.cancel('a');
      expect(tool.wanted).toHaveLength(1);
      tool.runs[0]?.resolve(1);
    },
  },
  {
    title: 'the ninth at a time: refused',
    answered: ['i! 8 tools are running: wait for their results first'],
    outcomes: ['refused'],
    play: (rig) => rig.call(...[...'abcdefghi'].map((id) => ({ id }))),
  },
  {
    title: 'the connection lost meanwhile: answered once it is resumed',
    answered: ['a: 1'],
    outcomes: ['answered'],
    play: async (rig, tool) => {
      await rig.call({ id: 'a' });
      rig.server.last.drop();
      await rig.clock.run(10);
      tool.runs[0]?.resolve(1);
      await rig.clock.run(10);
      await rig.connect('resume');
      expect(rig.answers.map(({ connection }) => connection)).toEqual([1]);
    },
  },
];

describe('a tool call of the model is answered', () => {
  it.each(rows)('$title', async ({ tool = new TestTool('book'), answered, outcomes, play }) => {
    const rig = new ToolRig([tool]);
    await rig.connect();
    await play(rig, tool);
    await rig.clock.run(10);
    const expected = answered.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one)));
    expect(rig.answered).toEqual(expected);
    expect(rig.outcomes).toEqual(outcomes);
    await rig.end();
    expect(rig.clock.pendingTimers).toBe(0);
    expect(tool.wanted).toEqual([]);
  });
});

describe('while a tool runs', () => {
  it('the call knows whether the model waits for any', async () => {
    const wait = new TestTool('book');
    const later = new TestTool('look', { blocking: false });
    const rig = new ToolRig([wait, later]);
    await rig.connect();
    await rig.call({ id: 'a', name: 'look' });
    expect(rig.told).toEqual([]);
    await rig.call({ id: 'b' }, { id: 'c', args: { people: 3 } });
    expect(rig.told).toEqual(['tool.started']);
    wait.runs[0]?.resolve(1);
    await rig.clock.run(1);
    later.runs[0]?.resolve(1);
    await rig.clock.run(1);
    expect(rig.told).toEqual(['tool.started']);
    wait.runs[1]?.resolve(1);
    await rig.clock.run(1);
    expect(rig.told).toEqual(['tool.started', 'tool.finished']);
    expect(rig.running).toBe(0);
  });

  it('the end of the call stops it: nobody is answered, nothing is left', async () => {
    const tool = new TestTool('book');
    const rig = new ToolRig([tool]);
    await rig.connect();
    await rig.call({ id: 'a' }, { id: 'b', args: { people: 4 } });
    await rig.end();
    expect(tool.wanted).toEqual([]);
    expect(rig.outcomes).toEqual(['abandoned', 'abandoned']);
    expect(rig.clock.pendingTimers).toBe(0);
    tool.runs[0]?.resolve(1);
    await rig.clock.run(10);
    expect(rig.answered).toEqual([]);
  });
});

describe('a tool that the model does not wait for', () => {
  it.each([
    ['gemini-3.8-live', undefined, 'WHEN_IDLE'],
    ['gemini-3.8-live', 'INTERRUPT', 'INTERRUPT'],
    ['gemini-3.8-live', 'SILENT', 'SILENT'],
    ['gemini-3.8-live-extended-thinking', 'SILENT', undefined],
    ['gemini-3.1-flash-live-preview', 'SILENT', undefined],
  ] as const)('of %s with the scheduling %s is answered with %s', async (model, wished, sent) => {
    const tool = new TestTool('book', { blocking: false, ...(wished && { scheduling: wished }) });
    const rig = new ToolRig([tool], { model });
    await rig.connect();
    await rig.call({ id: 'a' });
    tool.runs[0]?.resolve(1);
    await rig.clock.run(1);
    expect(rig.answers.map(({ scheduling }) => scheduling)).toEqual([sent]);
    expect(rig.told).toEqual(
      model === 'gemini-3.1-flash-live-preview' ? ['tool.started', 'tool.finished'] : [],
    );
  });

  it('has one result spoken of once, although it was called twice', async () => {
    const tool = new TestTool('book', { blocking: false, hasSideEffects: true });
    const rig = new ToolRig([tool]);
    await rig.connect();
    await rig.call({ id: 'a' }, { id: 'b' });
    tool.runs[0]?.resolve(1);
    await rig.clock.run(1);
    expect(rig.answers.map(({ scheduling }) => scheduling)).toEqual(['WHEN_IDLE', 'SILENT']);
  });
});

describe('what is told of tools', () => {
  it('is everything to the record, and neither arguments nor results to the log', async () => {
    const tool = new TestTool('book');
    const rig = new ToolRig([tool]);
    await rig.connect();
    await rig.call({ id: 'a', args: { people: 987_654 } }, { id: 'b', args: { people: 'a secret guest' } });
    await rig.call({ id: 'c', name: 'a secret name' });
    await rig.clock.run(250);
    tool.runs[0]?.resolve('a secret result');
    await rig.call({ id: 'd', args: { people: 3 } });
    tool.runs[1]?.reject(new Error('a secret reason'));
    await rig.clock.run(1);
    expect(rig.records).toMatchObject([
      { name: 'book', outcome: 'refused', failure: { code: 'tool.bad-arguments' }, durationMs: 0 },
      { name: 'a secret name', outcome: 'refused', failure: { code: 'tool.unknown' } },
      { name: 'book', arguments: { people: 987_654 }, outcome: 'answered', result: 'a secret result' },
      { name: 'book', outcome: 'failed', failure: { code: 'tool.failed', message: 'a secret reason' } },
    ]);
    expect(rig.records[2]?.durationMs).toBeGreaterThan(250);
    expect(rig.memory.text).not.toMatch(/secret|987654/);
    expect(rig.memory.text).toContain('tool.bad-arguments');
  });
});
