import type { IncomingMessage } from 'node:http';

/** Headers by which a proxy on this machine gives itself away: who it speaks for is elsewhere. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
/** What this machine is called in a request that is meant for it: another name may be anybody's that points here. */
const ownName = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/** Whether a request was made on this machine, by a name of this machine. */
export function isFromHere({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  return (
    isLoopbackPeer(socket.remoteAddress) &&
    proxyHeaders.every((name) => headers[name] === undefined) &&
    ownName.test(headers.host ?? '')
  );
}

function isLoopbackPeer(address = ''): boolean {
  const peer = address.replace(/^::ffff:/, '');
  return peer === '::1' || peer.startsWith('127.');
}
