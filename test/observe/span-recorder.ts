import {
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  type SpanStatus,
  type TimeInput,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';

/** A span as it was told; times are ms since 1970. */
export interface RecordedSpan {
  readonly name: string;
  readonly parent: RecordedSpan | undefined;
  readonly startMs: number;
  readonly attributes: Attributes;
  readonly events: { readonly name: string; readonly attributes: Attributes }[];
  status: SpanStatus | undefined;
  endMs: number | undefined;
}

/** The least that OpenTelemetry's API asks of a provider: spans are kept in the order in which they began. */
export class SpanRecorder implements TracerProvider {
  readonly spans: RecordedSpan[] = [];
  readonly #bySpan = new Map<Span, RecordedSpan>();

  getTracer(): Tracer {
    return {
      startSpan: (name, options, context) => this.#start(name, options, context),
      startActiveSpan: () => {
        throw new Error('expected spans to be started with an explicit context');
      },
    };
  }

  #start(name: string, { startTime, attributes = {} }: SpanOptions = {}, context?: Context): Span {
    const parentSpan = context && trace.getSpan(context);
    const record: RecordedSpan = {
      name,
      parent: parentSpan && this.#bySpan.get(parentSpan),
      startMs: Number(startTime),
      attributes: { ...attributes },
      events: [],
      status: undefined,
      endMs: undefined,
    };
    this.spans.push(record);
    const number = this.spans.length;
    const span: Span = {
      spanContext: () => ({
        traceId: '1'.padStart(32, '0'),
        spanId: String(number).padStart(16, '0'),
        traceFlags: 1,
      }),
      setAttribute: (key, value) => {
        record.attributes[key] = value;
        return span;
      },
      setAttributes: (more) => {
        Object.assign(record.attributes, more);
        return span;
      },
      addEvent: (event, more) => {
        const isTime = typeof more !== 'object' || Array.isArray(more) || more instanceof Date;
        record.events.push({ name: event, attributes: isTime ? {} : { ...more } });
        return span;
      },
      addLink: () => span,
      addLinks: () => span,
      setStatus: (status) => {
        record.status = status;
        return span;
      },
      updateName: () => span,
      end: (endTime?: TimeInput) => {
        if (record.endMs !== undefined) throw new Error(`expected ${name} to end once`);
        record.endMs = Number(endTime);
      },
      isRecording: () => record.endMs === undefined,
      recordException: () => undefined,
    };
    this.#bySpan.set(span, record);
    return span;
  }
}
