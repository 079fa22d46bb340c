import { Duplex } from 'node:stream';

/** The first byte of a close frame; `ws` begins each frame with a write of its own. */
const closeFrameByte = 0x88;

/**
 * A view of `socket` through which no WebSocket close frame leaves, nor anything after it, nor the stream's end: the
 * other side's closing handshake is never answered.
 */
export function withoutCloseHandshake(socket: Duplex): Duplex {
  let isClosing = false;
  const view = new Duplex({
    read: () => {
      socket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      isClosing ||= chunk[0] === closeFrameByte;
      if (isClosing) done();
      else socket.write(chunk, done);
    },
    final: (done) => done(),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (!view.push(chunk)) socket.pause();
  });
  socket.on('end', () => view.push(null));
  socket.on('close', () => view.destroy());
  return view;
}
