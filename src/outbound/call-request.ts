import type { Agent } from '../agents/index.ts';
import type { CallRequest } from '../exotel/index.ts';
import { OutboundError } from './outbound-error.ts';

/** The name under which a call's own id travels in its custom field, and arrives among the parameters of its stream. */
export const idName = 'baari_call';
/** Exotel: the longest `CustomField`, characters. */
const maxCustomField = 128;
/** Exotel: a `StreamUrl` is shorter than this, characters. */
const streamUrlLimit = 600;

/** What a call is placed with, beside its agent. */
export interface CallOrder {
  readonly id: string;
  /** E.164. */
  readonly number: string;
  /** Arrives as parameters of the call. */
  readonly fields: Readonly<Record<string, string>>;
  readonly streamUrl: string | undefined;
  readonly statusCallback: string | undefined;
}

/** What Exotel is asked for. @throws OutboundError for what is missing or too long */
export function callRequest(agent: Agent, order: CallOrder): CallRequest {
  const { mode, callerId, flowId, timeLimitS, ringS, record } = agent.outbound;
  const { number, statusCallback } = order;
  if (!callerId) throw missing('outbound.caller_id, one of your ExoPhones');
  const customField = customFieldOf(order);
  const common = { from: number, callerId, customField, timeLimitS, record, statusCallback };
  if (mode === 'flow') {
    if (!flowId) throw missing('outbound.flow_id, the flow with the Voicebot applet');
    return { ...common, mode, flowId, ringS };
  }
  const streamUrl = agent.outbound.streamUrl ?? order.streamUrl;
  if (!streamUrl) throw missing('outbound.stream_url, or BAARI_PUBLIC_URL: where Exotel finds this agent');
  if (streamUrl.length >= streamUrlLimit) {
    const found = `${streamUrl.length} characters`;
    throw new OutboundError(
      'outbound.not-configured',
      `stream address: expected fewer than ${streamUrlLimit} characters, found ${found}`,
    );
  }
  return { ...common, mode, streamUrl };
}

/** Whether a custom field, as Exotel tells it, is that of the call `id`. */
export function isCustomFieldOf(customField: string | undefined, id: string): boolean {
  return customField?.replaceAll('&quot;', '"').includes(`"${idName}":"${id}"`) ?? false;
}

function customFieldOf({ id, fields }: CallOrder): string {
  if (idName in fields) {
    throw new OutboundError(
      'outbound.bad-fields',
      `expected fields of your own, found ${idName}, which is Baari's`,
    );
  }
  const text = JSON.stringify({ [idName]: id, ...fields });
  if (text.length <= maxCustomField) return text;
  throw new OutboundError(
    'outbound.bad-fields',
    `expected custom fields that are at most ${maxCustomField} characters as JSON with the call's id, found ${text.length}`,
  );
}

function missing(what: string): OutboundError {
  return new OutboundError('outbound.not-configured', `expected ${what}, found none`);
}
