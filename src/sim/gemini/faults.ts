/**
 * A point in a connection's life. `count` picks its n-th occurrence on the connection, counted from 1; without it the
 * next one after the fault was armed. The fault happens `afterMs` later (0 by default).
 */
export interface Moment {
  readonly at:
    | 'now'
    | 'open'
    | 'setup'
    | 'ready'
    | 'turn'
    | 'firstAudio'
    | 'midReply'
    | 'generated'
    | 'turnComplete'
    | 'toolCall';
  readonly count?: number;
  readonly afterMs?: number;
}

/** Something that goes wrong at a moment. */
export type MomentaryFault =
  /** Closes with a WebSocket code and a reason. */
  | { readonly kind: 'close'; readonly code: number; readonly reason?: string; readonly at: Moment }
  /** Drops the connection; the client sees 1006. */
  | { readonly kind: 'kill'; readonly at: Moment }
  /** Announces the end of the connection and closes it with 1011 after `timeLeftMs`; silent in between if asked. */
  | {
      readonly kind: 'goAway';
      readonly timeLeftMs: number;
      readonly silentAfter?: boolean;
      readonly at: Moment;
    }
  /** Takes back the tool calls that are open, though nobody interrupted. */
  | { readonly kind: 'cancelToolCalls'; readonly at: Moment }
  /** From then on nothing is sent and nothing that comes is taken, though the connection stays open. */
  | { readonly kind: 'halfOpen'; readonly at: Moment }
  /** Sends a frame that is not JSON. */
  | { readonly kind: 'badFrame'; readonly at: Moment }
  /** Sends `interrupted` though nobody spoke; with `wedges` nothing is answered from then on. */
  | { readonly kind: 'phantomInterrupted'; readonly wedges?: boolean; readonly at: Moment };

/** Something that is wrong with the connection or with its turns; `turns` limits it to the first so many. */
export type LastingFault =
  /** Refuses the upgrade with an HTTP status. */
  | { readonly kind: 'httpStatus'; readonly status: number; readonly retryAfterSec?: number }
  /** Never answers the upgrade. */
  | { readonly kind: 'hangUpgrade' }
  /** Drops the TCP connection in place of an answer to the upgrade. */
  | { readonly kind: 'resetUpgrade' }
  /** Never sends `setupComplete`. */
  | { readonly kind: 'noSetupComplete' }
  /** Never answers; the input transcript still comes unless `transcribes` is false. */
  | { readonly kind: 'mute'; readonly transcribes?: boolean; readonly turns?: number }
  /** Ends turns without a word. */
  | { readonly kind: 'emptyTurn'; readonly turns?: number }
  /** Ends turns with a `turnCompleteReason` (RESPONSE_REJECTED by default) and no content. */
  | { readonly kind: 'rejectedTurn'; readonly reason?: string; readonly turns?: number }
  /** Replies with audio that nobody can hear. */
  | { readonly kind: 'nearZeroAudio'; readonly turns?: number }
  /** The handles that this connection gives lead nowhere: a resumption is closed with 1008. */
  | { readonly kind: 'deadHandle' }
  /** Gives no handle at all. */
  | { readonly kind: 'noHandle' }
  /** Leaves out `turnComplete` after a reply. */
  | { readonly kind: 'missingTurnComplete'; readonly turns?: number }
  /** On a resumed session speech is recognised, but nothing is generated. */
  | { readonly kind: 'poisonedResume' }
  /** Generates audio at this speed whatever the script says; under 1 is slower than real time. */
  | { readonly kind: 'slowAudio'; readonly speed: number }
  /** Sends every tool call twice, with two ids or, if asked, with the same. */
  | { readonly kind: 'duplicateToolCall'; readonly sameIds?: boolean }
  /** A resumed session sends the calls that are open again, under their ids. */
  | { readonly kind: 'repeatedToolCall' }
  /** Calls functions that do not exist: the name with `_now` behind it. */
  | { readonly kind: 'misnamedToolCall'; readonly turns?: number }
  /** Calls functions with the argument `unexpected` and no other. */
  | { readonly kind: 'misfitToolArguments'; readonly turns?: number }
  /** Never answers the closing handshake; over real sockets only. */
  | { readonly kind: 'noCloseHandshake' };

/** Everything that can be made to go wrong. */
export type GeminiFault = MomentaryFault | LastingFault;

/** A fault, and the connection it is for: its number from 1 in order of arrival, or every one. */
export interface FaultRule {
  readonly fault: GeminiFault;
  readonly connection?: number;
}

const faultsByName: Readonly<Record<string, GeminiFault>> = {
  'hang-upgrade': { kind: 'hangUpgrade' },
  'reset-upgrade': { kind: 'resetUpgrade' },
  'no-setup-complete': { kind: 'noSetupComplete' },
  'bad-key': {
    kind: 'close',
    code: 1007,
    reason: 'API key not valid. Please pass a valid API key.',
    at: { at: 'setup' },
  },
  kill: { kind: 'kill', at: { at: 'midReply' } },
  'go-away': { kind: 'goAway', timeLeftMs: 5000, at: { at: 'ready', afterMs: 5000 } },
  'go-away-silent': {
    kind: 'goAway',
    timeLeftMs: 5000,
    silentAfter: true,
    at: { at: 'ready', afterMs: 5000 },
  },
  'half-open': { kind: 'halfOpen', at: { at: 'turnComplete' } },
  'near-zero-audio': { kind: 'nearZeroAudio' },
  'dead-handle': { kind: 'deadHandle' },
  'no-handle': { kind: 'noHandle' },
  'bad-frame': { kind: 'badFrame', at: { at: 'ready' } },
  'bad-frame-before-setup': { kind: 'badFrame', at: { at: 'setup' } },
  mute: { kind: 'mute' },
  'empty-turn': { kind: 'emptyTurn' },
  'rejected-turn': { kind: 'rejectedTurn' },
  'missing-turn-complete': { kind: 'missingTurnComplete' },
  'phantom-interrupted': { kind: 'phantomInterrupted', at: { at: 'midReply' } },
  'phantom-interrupted-wedged': { kind: 'phantomInterrupted', wedges: true, at: { at: 'midReply' } },
  'poisoned-resume': { kind: 'poisonedResume' },
  'slow-audio': { kind: 'slowAudio', speed: 0.5 },
  'duplicate-tool-call': { kind: 'duplicateToolCall' },
  'duplicate-tool-id': { kind: 'duplicateToolCall', sameIds: true },
  'repeated-tool-call': { kind: 'repeatedToolCall' },
  'misnamed-tool-call': { kind: 'misnamedToolCall' },
  'misfit-tool-arguments': { kind: 'misfitToolArguments' },
  'cancelled-tool-call': { kind: 'cancelToolCalls', at: { at: 'toolCall', afterMs: 100 } },
  'kill-at-tool-call': { kind: 'kill', at: { at: 'toolCall' } },
  'no-close-handshake': { kind: 'noCloseHandshake' },
};

/** The names that {@link faultFromKey} knows beside `http-<status>` and `close-<code>`. */
export const faultNames: readonly string[] = Object.keys(faultsByName);

/**
 * The fault that an API key `sim-<fault>` asks for, so that a client needs no change to meet one.
 * `sim-http-<status>` refuses the upgrade; `sim-close-<code>` closes in the middle of the first reply.
 */
export function faultFromKey(key: string): GeminiFault | undefined {
  if (!key.startsWith('sim-')) return undefined;
  const name = key.slice('sim-'.length);
  const numbered = /^(http|close)-(\d{3,4})$/.exec(name);
  if (!numbered) return faultsByName[name];
  const number = Number(numbered[2]);
  return numbered[1] === 'http'
    ? {
        kind: 'httpStatus',
        status: number,
        ...(number === 429 || number === 503 ? { retryAfterSec: 2 } : {}),
      }
    : { kind: 'close', code: number, reason: 'Simulated close.', at: { at: 'midReply' } };
}
