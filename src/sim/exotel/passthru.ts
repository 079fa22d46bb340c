import type { CloseReport } from './line.ts';
import type { SimulatedCaller } from './simulated-caller.ts';

/** Exotel's word for a stream that was not even dialled, because the account has as many as it may. */
export const throttledStatus = 'Streaming_call_throttled';

/** The fields of a stream's end: who ended it decides (Exotel's Passthru article, as digested by a project). */
function endOf({ by, code, phase, reason }: CloseReport): Readonly<Record<string, string>> {
  if (phase === 'dialling') {
    const failed = { Status: 'failed', DisconnectedBy: 'NA' };
    return reason === throttledStatus
      ? { ...failed, DetailedStatus: throttledStatus }
      : { ...failed, Error: `3009 failed to establish ws conn: ${reason}` };
  }
  if (by === 'caller') return { Status: 'cancelled', DisconnectedBy: 'user' };
  if (by === 'exotel') return { Status: 'completed', DisconnectedBy: 'NA' };
  return code === 1000
    ? { Status: 'completed', DisconnectedBy: 'bot' }
    : { Status: 'failed', DisconnectedBy: 'bot', Error: `${code} ${reason}`.trim() };
}

/**
 * What Exotel's Passthru applet asks for once the stream of `caller` is over, as the fields of a query; the `Stream[…]`
 * fields come one by one or as one JSON text, by the profile's `passthru`. @throws Error while the call goes on
 */
export function passthruFields({ identity, profile, closeReport }: SimulatedCaller): Record<string, string> {
  if (!closeReport) throw new Error('passthru: expected a call that is over');
  const stream = {
    StreamSID: identity.streamSid,
    Duration: closeReport.phase === 'dialling' ? '0' : String(Math.round(closeReport.atMs / 1000)),
    ...endOf(closeReport),
  };
  const inQuery = Object.entries(stream).map(([name, value]) => [`Stream[${name}]`, value]);
  return {
    CallSid: identity.callSid,
    Direction: 'incoming',
    From: identity.from,
    To: identity.to,
    flow_id: '1',
    ...(profile.passthru === 'json' ? { Stream: JSON.stringify(stream) } : Object.fromEntries(inQuery)),
  };
}
