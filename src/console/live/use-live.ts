import { useEffect, useSyncExternalStore } from 'react';
import type { CallRow } from '../../inspection/format.ts';
import { watchPath, watchProtocol } from '../../inspection/format.ts';
import { WatchClient, type WatchConnection } from './watch-client.ts';
import type { WatchedCall } from './watch-state.ts';

/** The connection of this page; it is opened when something is watched first. */
const client = new WatchClient({
  open(listener) {
    // the console may be served under a path of its own
    const address = new URL(watchPath.slice(1), location.href.replace(/^http/, 'ws').replace(/#.*$/, ''));
    const socket = new WebSocket(address, watchProtocol);
    socket.onopen = () => listener.onOpen();
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') listener.onText(data);
    };
    socket.onclose = ({ code }) => listener.onClose(code);
    return { send: (text) => socket.send(text), close: () => socket.close() };
  },
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
  nowMs: () => Date.now(),
});

const noCalls: readonly CallRow[] = [];

/** The live calls, in the order in which they came; `calls` is undefined until the service has told them. */
export function useLiveCalls(): {
  readonly calls: readonly CallRow[] | undefined;
  readonly connection: WatchConnection;
} {
  useEffect(() => client.watchCalls(), []);
  const list = useSyncExternalStore(client.subscribe, () => client.snapshot().list);
  const connection = useWatchConnection();
  return { calls: list && (list.calls ?? noCalls), connection };
}

const unknownCall: WatchedCall = {};

/** One live call, all that is shown of it. */
export function useWatchedCall(callId: string): {
  readonly call: WatchedCall;
  readonly connection: WatchConnection;
} {
  useEffect(() => client.watchCall(callId), [callId]);
  const call = useSyncExternalStore(
    client.subscribe,
    () => client.snapshot().calls.get(callId) ?? unknownCall,
  );
  return { call, connection: useWatchConnection() };
}

function useWatchConnection(): WatchConnection {
  return useSyncExternalStore(client.subscribe, () => client.snapshot().connection);
}
