import { describe, expect, it } from 'vitest';
import { withoutDoneWarnings } from '../machines/quiet-console.ts';
import { turnEvents, turnStates, wayName, wayNames } from '../machines/turn-rig.ts';
import { turnTable } from '../machines/turn-table.ts';
import { perform } from './acts.ts';
import { everythingEverywhere } from './everything-everywhere.ts';
import { greetingStories } from './greeting-stories.ts';
import { outOfReach } from './only-in-the-chart.ts';
import { agentKinds, type OutsideStory } from './outside.ts';
import { ServiceStage } from './service-stage.ts';
import { stories } from './stories.ts';
import { simulatedWorld } from './world.ts';

withoutDoneWarnings();

const reached = new Set<string>();
/** The same, where it matters what has happened before. */
const exceptions = new Set<string>();

/** Plays a story to a service whose Gemini says nothing of its own; returns what went otherwise than the table says. */
async function play({ agent, acts }: OutsideStory): Promise<readonly string[]> {
  const { agent: lines, setupMs } = { setupMs: 20, ...agentKinds[agent] };
  const world = simulatedWorld({ script: { turns: [], afterwards: 'silent' }, setupMs });
  const stage = await ServiceStage.open(world, { agent: lines });
  const problems: string[] = [];
  for (const act of acts) {
    if (stage.caller.state === 'ended') break;
    await perform(stage, act);
  }
  if (!(await stage.end())) problems.push('the call does not end');
  if (stage.summary?.failure?.code === 'call.defect') problems.push(stage.summary.failure.message);
  for (const { from, event, circumstance } of stage.turn.steps) {
    reached.add(wayName(from, event));
    if (circumstance) exceptions.add(wayName(from, event, circumstance));
  }
  return [...problems, ...stage.turn.differences];
}

describe('a real call', () => {
  it.each([...greetingStories, ...stories])('follows the table: $title', async (story) => {
    expect(await play(story)).toEqual([]);
  });

  it('follows the table whatever happens next, in every state', async () => {
    const wrong: string[] = [];
    for (const story of everythingEverywhere)
      for (const problem of await play(story)) wrong.push(`${story.title}: ${problem}`);
    expect(wrong).toEqual([]);
  });
});

describe('all that the table says', () => {
  const pairs = turnStates.flatMap((from) => turnEvents.map(({ type }) => ({ from, type })));
  const nameOf = ({ from, type }: (typeof pairs)[number]): string => wayName(from, type);

  it('happens in a real call, or cannot for a reason that is written down', () => {
    const transitions = pairs.filter(({ from, type }) => turnTable[from].on[type]);
    const isReached = (pair: (typeof pairs)[number]): boolean => reached.has(nameOf(pair));
    const reasons = Map.groupBy(
      pairs.filter((pair) => !isReached(pair)),
      (pair) => outOfReach.get(nameOf(pair)) ?? 'not reached, and no reason is given',
    );
    console.log(
      [
        `through the service: ${transitions.filter(isReached).length} of ${transitions.length} transitions, ` +
          `${pairs.filter(isReached).length} of ${pairs.length} pairs of state and event`,
        'in the chart only:',
        ...[...reasons].map(([because, unreached]) => `  ${String(unreached.length).padStart(3)} ${because}`),
        'transitions in the chart only:',
        ...transitions
          .filter((pair) => !isReached(pair))
          .map((pair) => `  ${nameOf(pair)}: ${outOfReach.get(nameOf(pair)) ?? '?'}`),
      ].join('\n'),
    );
    expect(pairs.filter((pair) => !isReached(pair) && !outOfReach.has(nameOf(pair))).map(nameOf)).toEqual([]);
  });

  it('happens in a real call in every circumstance that matters', () => {
    const wanted = wayNames.filter((name) => name.includes(', when ') && !outOfReach.has(name));
    console.log(
      `exceptions through the service: ${wanted.filter((name) => exceptions.has(name)).length} of ${wanted.length}`,
    );
    expect(wanted.filter((name) => !exceptions.has(name))).toEqual([]);
  });

  it('is called out of reach only where it is', () => {
    expect([...outOfReach.keys()].filter((pair) => reached.has(pair) || exceptions.has(pair))).toEqual([]);
  });
});
