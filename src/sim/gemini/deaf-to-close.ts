import { Duplex } from 'node:stream';

/** The first byte of a final close frame. */
const closeFrameByte = 0x88;

/**
 * A view of `socket` through which no WebSocket close frame and no end ever leaves, so that the other side's closing
 * handshake is never answered. Each write must begin with a frame header, as `ws` writes them.
 */
export function withoutCloseHandshake(socket: Duplex): Duplex {
  const view = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      if (chunk[0] === closeFrameByte) done();
      else socket.write(chunk, done);
    },
    final: (done) => done(),
    destroy: (error, done) => done(error),
  });
  socket.on('data', (chunk: Buffer) => {
    if (!view.push(chunk)) socket.pause();
  });
  socket.on('end', () => view.push(null));
  socket.on('close', () => view.destroy());
  return view;
}
