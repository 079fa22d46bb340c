import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { CallEvent, CallOutcome, Failure } from '../../../machines/index.ts';

/** What is known of a call when it is accepted. */
export interface TracedCall {
  readonly callId: string;
  readonly agent: string;
  readonly model: string;
  /** When it was accepted, ms since 1970; all other times of the call are ms since then. */
  readonly acceptedWallMs: number;
}

/** What is traced of a call: a part of what its observers are told. */
export interface TraceFollower {
  event(event: CallEvent, atMs: number): void;
  turn(times: {
    readonly turn: number;
    readonly isBargeIn: boolean;
    readonly callerStartedMs: number | undefined;
    readonly callerEndedMs: number | undefined;
    readonly toldMs: number | undefined;
    readonly firstAudioMs: number | undefined;
    readonly firstChunkMs: number | undefined;
  }): void;
  reply(
    account: { readonly reply: number; readonly generated: number; readonly heard: number },
    how: 'drained' | 'flushed',
    atMs: number,
  ): void;
  tool(
    call: {
      readonly name: string;
      readonly outcome: string;
      readonly durationMs: number;
      readonly failure?: Failure;
    },
    atMs: number,
  ): void;
  ended(summary: {
    readonly outcome: CallOutcome;
    readonly failure: Failure | undefined;
    readonly durationMs: number;
    readonly tokens: { readonly prompt: number; readonly response: number };
  }): void;
}

/**
 * Follows one call into OpenTelemetry: a span for the call, and under it one for each turn, reply and tool call. Names follow
 * its conventions for generative AI; numbers, names and words of callers are never in them.
 *
 * Costs next to nothing, and does nothing, unless a provider is registered and takes this call.
 */
export function traceCall({ callId, agent, model, acceptedWallMs }: TracedCall): TraceFollower | undefined {
  const tracer = trace.getTracer('baari');
  const wall = (ms: number): number => acceptedWallMs + ms;
  const callSpan = tracer.startSpan(
    'call',
    {
      kind: SpanKind.SERVER,
      startTime: wall(0),
      attributes: {
        'baari.call.id': callId,
        'gen_ai.agent.name': agent,
        'gen_ai.provider.name': 'gcp.gemini',
        'gen_ai.request.model': model,
      },
    },
    ROOT_CONTEXT,
  );
  if (!callSpan.isRecording()) return undefined;
  const within: Context = trace.setSpan(ROOT_CONTEXT, callSpan);
  const child = (name: string, fromMs: number, attributes: Attributes): Span =>
    tracer.startSpan(name, { startTime: wall(fromMs), attributes }, within);
  let replySpan: Span | undefined;
  return {
    event(event, atMs) {
      if (event.type === 'playout.primed') replySpan ??= child('reply', atMs, {});
      else if (event.type === 'playout.started') replySpan?.addEvent('audible', wall(atMs));
      else if (event.type === 'turn.verdict') {
        callSpan.addEvent('barge-in verdict', { 'baari.verdict': event.verdict }, wall(atMs));
      } else if ('failure' in event && event.failure) {
        callSpan.addEvent('failure', { 'error.type': event.failure.code }, wall(atMs));
      }
    },
    turn(times) {
      const { turn, isBargeIn, callerStartedMs, callerEndedMs, toldMs, firstAudioMs, firstChunkMs } = times;
      // what the agent says unasked is a reply, and no turn of the caller
      if (callerStartedMs === undefined) return;
      const span = child('turn', callerStartedMs, { 'baari.turn': turn, 'baari.turn.barge_in': isBargeIn });
      const moments = { 'caller ended': callerEndedMs, 'model told': toldMs, 'first audio': firstAudioMs };
      for (const [name, ms] of Object.entries(moments)) {
        if (ms !== undefined) span.addEvent(name, wall(ms));
      }
      span.end(wall(firstChunkMs ?? toldMs ?? callerStartedMs));
    },
    reply({ reply, generated, heard }, how, atMs) {
      const span = replySpan ?? child('reply', atMs, {});
      replySpan = undefined;
      span.setAttributes({
        'baari.reply': reply,
        'baari.reply.how': how,
        'baari.reply.samples.generated': generated,
        'baari.reply.samples.heard': heard,
      });
      span.end(wall(atMs));
    },
    tool({ name, outcome, durationMs, failure }, atMs) {
      // what was refused may bear any name that the model made up
      const tool = outcome === 'refused' ? 'refused' : name;
      const span = child(`execute_tool ${tool}`, atMs - durationMs, {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': tool,
        'baari.tool.outcome': outcome,
      });
      if (failure) blame(span, failure);
      span.end(wall(atMs));
    },
    ended({ outcome, failure, durationMs, tokens }) {
      replySpan?.end(wall(durationMs));
      callSpan.setAttributes({
        'baari.call.outcome': outcome,
        'gen_ai.usage.input_tokens': tokens.prompt,
        'gen_ai.usage.output_tokens': tokens.response,
      });
      if (failure) blame(callSpan, failure);
      callSpan.end(wall(durationMs));
    },
  };
}

/** The code only: a message may quote what somebody sent. */
function blame(span: Span, { code }: Failure): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
