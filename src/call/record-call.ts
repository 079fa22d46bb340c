import type { Agent } from '../agents/index.ts';
import type { ReplyAccount } from '../playout/index.ts';
import type { CallRecorder } from '../records/index.ts';
import type { Clock } from '../time/index.ts';
import type { ToolCallRecord } from '../tools/index.ts';
import type { CallObserver, CallParties } from './observer.ts';
import type { TurnTimes } from './turn-log.ts';

/** Follows a call into its record; `onDone` is told once the record is complete. */
export function recordCall(
  recorder: CallRecorder,
  callId: string,
  agent: Agent,
  clock: Clock,
  onDone: () => void,
): CallObserver {
  const startedAt = new Date(clock.wallMs()).toISOString();
  const turns: TurnTimes[] = [];
  const tools: (ToolCallRecord & { endedMs: number })[] = [];
  const replies: (ReplyAccount & { how: string })[] = [];
  const verdicts = { confirmed: 0, rejected: 0 };
  let parties: CallParties | undefined;
  return {
    started(who) {
      parties = who;
      recorder.start(who.sampleRateHz);
    },
    event(event) {
      if (event.type === 'turn.verdict') verdicts[event.verdict] += 1;
    },
    line: (line) => recorder.line(line),
    turn: (times) => turns.push(times),
    tool: (record, atMs) => tools.push({ ...record, endedMs: atMs }),
    reply: (account, how) => replies.push({ ...account, how }),
    callerAudio: (pcm) => recorder.callerAudio(pcm),
    agentAudio: (pcm, inMs) => recorder.agentAudio(pcm, inMs),
    agentCleared: (inMs) => recorder.agentCleared(inMs),
    ended(summary) {
      const { name, model, voice, source } = agent;
      const record = {
        version: 1,
        callId,
        startedAt,
        agent: { name, model, voice, file: source.hash },
        ...(parties ? { parties } : {}),
        ...summary,
        verdicts,
        turns,
        replies,
        tools,
      };
      recorder.close(record).then(onDone, onDone);
    },
  };
}
