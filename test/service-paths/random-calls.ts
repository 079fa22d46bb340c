import fc from 'fast-check';
import type { FaultRule, GeminiScript, Pace } from '../../src/sim/index.ts';
import { delay } from '../../src/time/index.ts';
import type { Tool } from '../../src/tools/index.ts';
import { sound } from './acts.ts';
import { LineWitness } from './line-witness.ts';
import { ServiceStage } from './service-stage.ts';
import { simulatedWorld } from './world.ts';

/** One thing that happens in a call, a while after the one before; ms. */
type Happening = { readonly afterMs: number } & (
  | { readonly caller: 'speaks' | 'coughs'; readonly ms: number }
  | { readonly caller: 'presses'; readonly key: string }
  | { readonly model: 'drops' | 'closes' | 'hangs' | 'garbles' | 'interruptsItself' | 'leavesOutItsEnd' }
  | { readonly model: 'goesAway'; readonly inMs: number }
);

/** How the model behaves. */
interface ModelPlan {
  readonly speed: number;
  readonly thinkMs: number;
  readonly stalls: readonly { readonly afterMs: number; readonly forMs: number }[];
  readonly replyMs: number;
  readonly muteTurns: number;
  /** How long the tool runs that every other turn calls, ms; 0 for no tool. */
  readonly toolMs: number;
}

/** Everything that is decided before a call. */
export interface CallPlan {
  readonly seed: number;
  readonly greets: boolean;
  readonly owner: 'baari' | 'gemini';
  readonly marks: 'returned' | 'lost';
  readonly model: ModelPlan;
  /** One way, ms. */
  readonly geminiLatencyMs: number;
  readonly happenings: readonly Happening[];
  readonly ending: 'hangsUp' | 'losesTheLine' | 'stays';
  /** What arrives once the caller has hung up. */
  readonly tooLate: readonly ('reply ends' | 'interrupted' | 'going away' | 'mark')[];
}

const ms = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const happening: fc.Arbitrary<Happening> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: ms(50, 900) }, { weight: 2, arbitrary: ms(900, 2600) }),
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ caller: fc.constant('speaks' as const), ms: ms(500, 1500) }) },
      { weight: 4, arbitrary: fc.record({ caller: fc.constant('speaks' as const), ms: ms(80, 400) }) },
      { weight: 2, arbitrary: fc.record({ caller: fc.constant('coughs' as const), ms: ms(60, 250) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          caller: fc.constant('presses' as const),
          key: fc.constantFrom('1', '9', '#'),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          model: fc.constantFrom(
            'drops',
            'closes',
            'hangs',
            'garbles',
            'interruptsItself',
            'leavesOutItsEnd',
          ),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ model: fc.constant('goesAway' as const), inMs: fc.constantFrom(300, 2000) }),
      },
    ),
  )
  .map(([afterMs, what]): Happening => ({ afterMs, ...what }));

/** Calls in which anything may happen at any moment. */
export const callPlans: fc.Arbitrary<CallPlan> = fc.record({
  seed: ms(1, 1_000_000),
  greets: fc.boolean(),
  owner: fc.oneof(
    { weight: 3, arbitrary: fc.constant('baari' as const) },
    { weight: 1, arbitrary: fc.constant('gemini' as const) },
  ),
  marks: fc.oneof(
    { weight: 4, arbitrary: fc.constant('returned' as const) },
    { weight: 1, arbitrary: fc.constant('lost' as const) },
  ),
  model: fc.record({
    speed: fc.constantFrom(0.8, 2, 4, 20),
    thinkMs: fc.constantFrom(0, 100, 400, 1500),
    stalls: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 2,
        arbitrary: fc.array(fc.record({ afterMs: ms(0, 1500), forMs: fc.constantFrom(120, 600, 2500) }), {
          maxLength: 2,
        }),
      },
    ),
    replyMs: fc.constantFrom(150, 700, 1500, 3000),
    muteTurns: fc.constantFrom(0, 0, 0, 1, 5),
    toolMs: fc.constantFrom(0, 0, 80, 1200, 9000),
  }),
  geminiLatencyMs: fc.constantFrom(1, 40, 150),
  happenings: fc.array(happening, { minLength: 4, maxLength: 9 }),
  ending: fc.oneof(
    { weight: 7, arbitrary: fc.constant('hangsUp' as const) },
    { weight: 1, arbitrary: fc.constant('losesTheLine' as const) },
    { weight: 1, arbitrary: fc.constant('stays' as const) },
  ),
  tooLate: fc.subarray(['reply ends', 'interrupted', 'going away', 'mark'] as const),
});

/** What one call came to. */
export interface CallVerdict {
  /** What must not be, in words; empty when all is well. */
  readonly problems: readonly string[];
  readonly crossed: ReadonlyMap<string, number>;
  readonly figures: {
    readonly simulatedMs: number;
    readonly replies: number;
    readonly flushed: number;
    readonly clears: number;
    readonly steps: number;
    readonly sessions: number;
  };
  readonly outcome: string;
}

/** A call that nobody ends is over after so long at the latest, ms: patience, the model's ladder and the apology. */
const longestEndMs = 60_000;
/** What may be left behind a call ends after so long, ms: a connection that does not answer its closing handshake. */
const leftoverMs = 1000;

/** Plays one call and says what of it must not be. */
export async function playCall(plan: CallPlan): Promise<CallVerdict> {
  const { geminiLatencyMs, model } = plan;
  const world = simulatedWorld(
    { script: scriptOf(model), faults: faultsOf(model), setupMs: 30 },
    geminiLatencyMs,
  );
  const witness = new LineWitness(() => world.clock.nowMs(), geminiLatencyMs);
  world.gemini.observe(witness.gemini);
  const stage = await ServiceStage.open(world, {
    agent: agentOf(plan),
    seed: plan.seed,
    tools: [toolOf(model)],
    profile: { markLossRate: plan.marks === 'lost' ? 1 : 0 },
    lineTap: witness.line,
    modelTap: witness.model,
    watch: witness.watch,
  });
  await stage.pass(100);
  for (const happening of plan.happenings) {
    await stage.pass(happening.afterMs);
    if (stage.caller.state === 'streaming') happen(stage, witness, happening);
  }
  await end(stage, witness, plan);
  const isOver = await stage.pass(longestEndMs, () => stage.summary !== undefined);
  const endedMs = world.clock.nowMs();
  await stage.pass(leftoverMs);
  return {
    problems: [
      ...(isOver ? [] : ['the call does not end']),
      ...problemsOf(stage, witness, world.clock.pendingTimers),
    ],
    crossed: witness.crossed,
    figures: {
      simulatedMs: endedMs,
      replies: stage.replies.length,
      flushed: stage.replies.filter(({ how }) => how === 'flushed').length,
      clears: witness.clears,
      steps: stage.turn.steps.length,
      sessions: world.gemini.sessions.length,
    },
    outcome: stage.summary?.outcome ?? 'none',
  };
}

function happen(stage: ServiceStage, witness: LineWitness, what: Happening): void {
  if ('caller' in what) {
    if (what.caller === 'presses') stage.caller.pressDigit(what.key);
    else stage.caller.say(sound(what.ms, 8000), { gainDb: what.caller === 'coughs' ? -12 : 0 });
    return;
  }
  const { session } = stage;
  switch (what.model) {
    case 'drops':
      witness.note('going away');
      return session?.kill();
    case 'closes':
      witness.note('going away');
      return session?.close(1011, 'Simulated close.');
    case 'hangs':
      witness.note('going away');
      return session?.inject({ kind: 'halfOpen', at: { at: 'now' } });
    case 'garbles':
      return session?.inject({ kind: 'badFrame', at: { at: 'now' } });
    case 'goesAway':
      return session?.inject({ kind: 'goAway', timeLeftMs: what.inMs, at: { at: 'now' } });
    case 'interruptsItself':
      return session?.inject({ kind: 'phantomInterrupted', at: { at: 'now' } });
    case 'leavesOutItsEnd':
      return session?.inject({ kind: 'missingTurnComplete', turns: 1 });
  }
}

async function end(stage: ServiceStage, witness: LineWitness, { ending, tooLate }: CallPlan): Promise<void> {
  if (ending === 'stays') return;
  if (ending === 'losesTheLine') {
    witness.note('hang-up');
    return stage.caller.dropLine();
  }
  stage.caller.hangUp();
  await stage.pass(2);
  for (const what of tooLate) {
    if (what === 'mark') stage.fromLine(lateMark(stage));
    else if (what === 'going away') stage.fromModel({ goAway: { timeLeft: '1s' } });
    else if (what === 'reply ends') stage.fromModel({ serverContent: { generationComplete: true } });
    else stage.fromModel({ serverContent: { interrupted: true } });
  }
}

function lateMark(stage: ServiceStage): object {
  const { streamSid } = stage.caller.identity;
  return { event: 'mark', sequence_number: '9', stream_sid: streamSid, mark: { name: 'r1.4000' } };
}

function problemsOf(stage: ServiceStage, witness: LineWitness, pendingTimers: number): string[] {
  const { replies, summary, scope, caller, server, turn, world } = stage;
  const open = world.gemini.sessions.filter(({ observation }) => !observation.closed).length;
  return [
    ...turn.differences.map((difference) => `the turn leaves its table: ${difference}`),
    ...witness.staleAudio,
    ...witness.revived,
    ...replies.flatMap(({ account: { reply, generated, sent, heard, dropped, queued } }, at) => [
      ...(generated === heard + dropped && queued === 0 ? [] : [`reply ${reply} does not add up`]),
      ...(heard <= sent && sent <= generated ? [] : [`of reply ${reply} more is heard than sent`]),
      ...(reply === at + 1 ? [] : [`reply ${reply} is settled in place ${at + 1}`]),
    ]),
    ...(replies.length === witness.openedReplies
      ? []
      : [`${witness.openedReplies} replies began, ${replies.length} were settled`]),
    ...(summary?.failure?.code === 'call.defect' ? [`a defect: ${summary.failure.message}`] : []),
    ...(scope && !scope.aborted ? ['the scope of the call is not aborted'] : []),
    ...(pendingTimers > 0 ? [`${pendingTimers} timers are left`] : []),
    ...(server.calls.size > 0 ? ['the call is still in the registry'] : []),
    ...(caller.state === 'ended' ? [] : [`the caller is left ${caller.state}`]),
    ...(open > 0 ? [`${open} connections to Gemini are open`] : []),
    ...world.gemini.sessions
      .flatMap(({ observation }) => observation.toolAnswers)
      .filter(({ outcome }) => outcome === 'duplicate' || outcome === 'unknown')
      .map(({ outcome }) => `a tool's answer is ${outcome}`),
    ...caller.violations.map(({ kind }) => `the line sees a violation: ${kind}`),
  ];
}

function agentOf({ greets, owner }: CallPlan): string {
  return [
    `turns: { owner: ${owner}, nudge_ms: 1000, new_session_ms: 2000, apology_ms: 3000 }`,
    'patience: { reprompt_after_ms: 2000, goodbye_after_ms: 2000 }',
    ...(greets ? [] : ['greeting: { by: none }']),
  ].join('\n');
}

/** Runs for as long as the plan says, unless it is not wanted any more; longer than its time-out, at times. */
function toolOf({ toolMs }: ModelPlan): Tool {
  return {
    name: 'look_up',
    description: 'Looks something up.',
    parameters: { type: 'object', properties: {} },
    blocking: true,
    hasSideEffects: false,
    timeoutMs: 3000,
    run: async (_, { clock, signal }) => {
      await delay(clock, toolMs, signal);
      return { found: true };
    },
  };
}

function scriptOf({ speed, thinkMs, stalls, replyMs, toolMs }: ModelPlan): GeminiScript {
  const pace: Partial<Pace> = { speed, thinkMs, stalls };
  const says = (audioMs: number) => ({
    text: 'One moment, please.',
    voice: { samples: sound(audioMs, 24_000), sampleRateHz: 24_000 },
    pace,
  });
  const answered = { heard: 'Yes.', reply: says(replyMs) };
  const lookedUp = { ...answered, toolCalls: [{ name: 'look_up' }] };
  const turns = toolMs > 0 ? [answered, lookedUp] : [answered];
  return { greeting: says(1200), turns, afterwards: 'cycle' };
}

function faultsOf({ muteTurns }: ModelPlan): FaultRule[] {
  return muteTurns === 0 ? [] : [{ fault: { kind: 'mute', turns: muteTurns } }];
}
