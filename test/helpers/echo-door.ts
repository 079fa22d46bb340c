import { createServer } from 'node:http';
import { acceptStreams } from '../../src/server/upgrade.ts';
import { seededChance } from '../../src/time/index.ts';
import type { FrameSocket } from '../../src/wire/index.ts';
import { MemoryLog } from './memory-log.ts';

/** The service's upgrade path with an echo behind it: what the WebSocket layer does, and nothing else. */
export interface EchoDoor {
  readonly port: number;
  readonly log: MemoryLog;
  /** How each connection ended, as its owner was told. */
  readonly ends: { readonly code: number; readonly error: string | undefined }[];
  close(): Promise<void>;
}

/** Opens the echo on `port` of loopback, a free one by default. */
export async function openEchoDoor(port = 0): Promise<EchoDoor> {
  const log = new MemoryLog();
  const chance = seededChance(1);
  const ends: EchoDoor['ends'] = [];
  const server = createServer();
  const echo = (socket: FrameSocket): void => {
    let error: string | undefined;
    socket.listen({
      onFrame: (data, isBinary) => void socket.send(isBinary ? data : data.toString()),
      onError: (fault) => {
        error = fault.message;
      },
      onClose: (code) => ends.push({ code, error }),
    });
  };
  acceptStreams(server, {
    log: log.log,
    nameRequest: () => chance.hexId(8),
    refused: () => undefined,
    decide: async () => echo,
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return {
    port: address.port,
    log,
    ends,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
