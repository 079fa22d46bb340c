import type { Agent } from '../agents/index.ts';
import {
  CallAccount,
  type CallOpening,
  type CallRecord,
  type CallRecorder,
  type JournalEntry,
  processMark,
  type RecordOutcome,
  redactDeep,
  redactor,
} from '../records/index.ts';
import type { Clock } from '../time/index.ts';
import { languageOf } from './line-language.ts';
import type { CallObserver, CallSummary } from './observer.ts';
import type { TranscriptLine } from './transcript.ts';

const dayMs = 86_400_000;
/** The version of Baari that stands in records. */
const baari = '0.1.0';

/** Follows a call into its record; `onDone` is told once the record is complete, or given up. */
export function recordCall(
  recorder: CallRecorder,
  callId: string,
  agent: Agent,
  clock: Clock,
  onDone: (outcome: RecordOutcome, record: CallRecord | undefined) => void,
): CallObserver {
  const acceptedMs = clock.nowMs();
  const nowMs = (): number => Math.round((clock.nowMs() - acceptedMs) * 10) / 10;
  const account = new CallAccount();
  const { audio, transcript, redactNumbers, redact: patterns } = agent.records;
  const redact = redactor({ numbers: redactNumbers, patterns });
  const write = (entry: JournalEntry): void => {
    account.add(entry);
    recorder.journal(entry);
  };
  const written = (line: TranscriptLine): object => {
    const language = languageOf(`${line.text} ${line.unheard}`, agent.languages);
    return {
      ...line,
      text: redact(line.text),
      unheard: redact(line.unheard),
      ...(language !== undefined && { language }),
    };
  };
  const cleanTool = (tool: object): object => asObject(redactDeep(tool, redact));
  write({ kind: 'opened', atMs: 0, process: processMark, opening: opening(callId, agent, clock) });
  return {
    started(who, atMs) {
      const parameters = Object.entries(who.parameters).map(([name, value]) => [name, redact(value)]);
      write({ kind: 'started', atMs, parties: { ...who, parameters: Object.fromEntries(parameters) } });
      if (audio) recorder.start(who.sampleRateHz);
    },
    event: (event, atMs) =>
      write({ ...asObject(redactDeep(event, redact)), kind: 'event', type: event.type, atMs }),
    playout: (command, atMs) => write({ kind: 'event', type: command, atMs }),
    line(line) {
      if (!transcript) return;
      recorder.line(written(line));
    },
    openLines(lines) {
      if (!transcript) return;
      recorder.openLines(lines.map(written));
    },
    turn: (turn) => write({ kind: 'turn', atMs: nowMs(), turn }),
    commanded: (command, atMs) => write({ kind: 'command', atMs, ...command }),
    tool: (tool, atMs) =>
      write({
        kind: 'tool',
        atMs,
        tool: {
          ...cleanTool(tool),
          name: tool.name,
          outcome: tool.outcome,
          durationMs: tool.durationMs,
          endedMs: atMs,
        },
      }),
    reply: (reply, how, atMs) => write({ kind: 'reply', atMs, reply: { ...reply, how } }),
    ...(audio && {
      callerAudio: (pcm: Int16Array) => recorder.callerAudio(pcm),
      agentAudio: (pcm: Int16Array, inMs: number) => recorder.agentAudio(pcm, inMs),
      agentCleared: (inMs: number) => recorder.agentCleared(inMs),
    }),
    ended(summary) {
      const record = account.record(endOf(summary));
      recorder.close(record ?? {}).then((outcome) => onDone(outcome, record));
    },
  };
}

function opening(callId: string, agent: Agent, clock: Clock): CallOpening {
  const { name, model, voice, languages, source, turns, records } = agent;
  const wallMs = clock.wallMs();
  return {
    callId,
    startedAt: new Date(wallMs).toISOString(),
    ...(records.keepDays > 0 && { keepUntil: new Date(wallMs + records.keepDays * dayMs).toISOString() }),
    baari,
    agent: { name, model, voice, languages: [...languages], file: source.hash },
    policy: { ...turns, greetingProtectedMs: agent.greeting.protectedMs },
  };
}

function endOf({ outcome, failure, transferTo, durationMs, tokens, cost, counts }: CallSummary) {
  return {
    outcome,
    durationMs,
    tokens,
    counts: { ...counts },
    ...(failure && { failure }),
    ...(transferTo !== undefined && { transferTo }),
    ...(cost && { cost }),
  };
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
