import type { GeminiFault } from '../gemini/faults.ts';
import { type GeminiScript, type Pace, type Reply, spoken, type Turn } from '../gemini/script.ts';
import type { Scenario } from './schema.ts';

type ScenarioReply = Scenario['model']['replies'][number];

/** What the simulated Gemini says in a scenario. */
export function scriptOf({ model }: Scenario): GeminiScript {
  return {
    ...(model.greeting ? { greeting: replyOf(model.greeting) } : {}),
    turns: model.replies.map(turnOf),
    afterwards: 'cycle',
  };
}

/** What goes wrong with the simulated Gemini in a scenario. */
export function faultsOf({ model }: Scenario): { fault: GeminiFault }[] {
  return model.mute_turns === undefined ? [] : [{ fault: { kind: 'mute', turns: model.mute_turns } }];
}

function turnOf(reply: ScenarioReply): Turn {
  const { heard = undefined, tool_calls = [] } = typeof reply === 'string' ? {} : reply;
  const toolCalls = tool_calls.map((call) => ({ name: call.name, args: call.arguments }));
  return {
    ...(heard === undefined ? {} : { heard }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    reply: replyOf(reply),
  };
}

function replyOf(reply: ScenarioReply): Reply {
  if (typeof reply === 'string') return spoken(reply);
  const { voice, speed, burst_chunks, chunk_ms, stalls } = reply;
  const pace: Partial<Pace> = {
    ...(speed === undefined ? {} : { speed }),
    ...(burst_chunks === undefined ? {} : { burstChunks: burst_chunks }),
    ...(chunk_ms === undefined ? {} : { chunkMs: chunk_ms }),
    ...(stalls === undefined
      ? {}
      : { stalls: stalls.map(({ after_ms, for_ms }) => ({ afterMs: after_ms, forMs: for_ms })) }),
  };
  return spoken(voice, pace);
}
