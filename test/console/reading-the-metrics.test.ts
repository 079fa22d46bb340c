import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/console/health/figures.ts';
import { longer, momentsOf } from '../../src/console/health/history.ts';
import { parseMetrics } from '../../src/console/health/parse-metrics.ts';
import { Metrics } from '../../src/observe/index.ts';

describe('metrics in the text form of Prometheus', () => {
  it.each([
    ['up 1', { name: 'up', labels: {}, value: 1 }],
    ['a_b:c{} 2.5e-3 1700000000000', { name: 'a_b:c', labels: {}, value: 0.0025 }],
    [
      'x{le="+Inf",a="1"} +Inf',
      { name: 'x', labels: { le: '+Inf', a: '1' }, value: Number.POSITIVE_INFINITY },
    ],
    ['x -Inf', { name: 'x', labels: {}, value: Number.NEGATIVE_INFINITY }],
    ['x NaN', { name: 'x', labels: {}, value: Number.NaN }],
    [
      String.raw`x{a="q\"uo}te, \\ and\nline",b=""} 3`,
      { name: 'x', labels: { a: 'q"uo}te, \\ and\nline', b: '' }, value: 3 },
    ],
  ])('%s', (line, sample) => expect(parseMetrics(`# HELP x y\n${line}\n`)).toEqual([sample]));

  it.each(['', '# TYPE x counter', 'no value', 'x{a="1" 3', '1x 2'])('leaves out %j', (line) =>
    expect(parseMetrics(line)).toEqual([]),
  );
});

describe('what is plotted', () => {
  it('are counts of the minute before, and between which ends half of the replies came', async () => {
    const metrics = new Metrics();
    const look = async (atMs: number) => figuresOf(parseMetrics(await metrics.registry.metrics()), atMs);
    metrics.calls.inc({ agent: 'bakery', outcome: 'callerHungUp' }, 5);
    let history = longer([], await look(0));
    metrics.calls.inc({ agent: 'bakery', outcome: 'callerHungUp' }, 2);
    metrics.underruns.inc({ agent: 'bakery' });
    metrics.reconnects.inc({ reason: 'lost' });
    metrics.tools.observe({ tool: 'order_status', outcome: 'answered' }, 0.1);
    metrics.tools.observe({ tool: 'order_status', outcome: 'failed' }, 0.1);
    for (const seconds of [0.7, 0.7, 0.7, 2.5]) metrics.replyLatency.observe({ agent: 'bakery' }, seconds);
    history = longer(history, await look(30_000));
    history = longer(history, await look(91_000));
    const [first, second, third] = momentsOf(history);
    expect(first).toMatchObject({ outcomes: { callerHungUp: 0 }, p50Ms: undefined });
    expect(second?.outcomes).toEqual({ callerHungUp: 2 });
    expect(second?.counts).toMatchObject({ underruns: 1, reconnects: 1, toolFailures: 1 });
    expect(second?.p50Ms).toBeCloseTo(733.3, 0);
    expect(second?.p95Ms).toBeCloseTo(2800, 0);
    expect(third).toMatchObject({ outcomes: { callerHungUp: 0 }, p50Ms: undefined });
  });

  it('begins at nothing again with the service, and is kept for fifteen minutes', () => {
    const counted = (calls: number, atMs: number) =>
      figuresOf([{ name: 'baari_calls_total', labels: { outcome: 'stopped' }, value: calls }], atMs);
    const history = longer([counted(9, 0)], counted(2, 5000));
    expect(momentsOf(history).at(-1)?.outcomes).toEqual({ stopped: 2 });
    expect(longer(history, counted(3, 900_001)).map(({ atMs }) => atMs)).toEqual([5000, 900_001]);
  });
});
