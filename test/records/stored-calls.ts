import type { RecordStore, StoredCall } from '../../src/records/index.ts';

/** A complete call for a store. */
export function storedCall(
  callId: string,
  startedAt: string,
  differing: {
    agent?: string;
    outcome?: string;
    from?: string;
    text?: string;
    keepUntil?: string;
  } = {},
): StoredCall {
  const {
    agent = 'bakery',
    outcome = 'callerHungUp',
    from = '09876543210',
    text = '',
    keepUntil,
  } = differing;
  return {
    text,
    record: {
      version: 1,
      callId,
      startedAt,
      ...(keepUntil === undefined ? {} : { keepUntil }),
      baari: '0.1.0',
      agent: { name: agent, model: 'm', voice: 'Kore', languages: [], file: '0123456789ab' },
      policy: {},
      outcome,
      durationMs: 1000,
      counts: {},
      parties: {
        callSid: callId,
        streamSid: callId,
        from,
        to: '08012345678',
        sampleRateHz: 8000,
        parameters: {},
      },
      verdicts: { confirmed: 0, rejected: 0 },
      interruptions: { byCaller: 0, byAgent: 0 },
      silence: { totalMs: 0, longestMs: 0 },
      reconnects: { lost: 0, resumed: 0, fresh: 0 },
      turns: [],
      replies: [],
      tools: [],
    },
  };
}

/** A store that has nothing and keeps nothing. */
export const emptyStore: RecordStore = {
  files: {
    stow: async () => undefined,
    open: async () => undefined,
    remove: async () => undefined,
    close: async () => undefined,
  },
  put: async () => undefined,
  search: async () => ({ calls: [], next: undefined }),
  known: async () => [],
  ofNumber: async () => [],
  expired: async () => [],
  remove: async () => undefined,
  remember: async () => undefined,
  memoryOf: async () => [],
  forgetMemory: async () => undefined,
  close: async () => undefined,
};
