import { connect } from 'node:net';
import { type Chance, delay, systemClock } from '../../src/time/index.ts';

/** Requests that the service knows, from which the broken ones are made. */
const bodies = 'CallSid=c1&Stream%5BStatus%5D=failed&To=08012345678&Status=completed';
const upgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const form = `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${bodies.length}\r\n`;
const multipart =
  '--b\r\nContent-Disposition: form-data; name="CallSid"\r\n\r\nc1\r\n--b\r\nContent-Disposition: form-data; name="Stream"\r\n\r\n{"Status":"failed"}\r\n--b--\r\n';
const json = '{"CallSid":"c1","Stream":{"Status":"failed"}}';
const requests = [
  `GET /exotel/bakery/resolve?${bodies} HTTP/1.1\r\nHost: h\r\n\r\n`,
  `GET /exotel/bakery/passthru?${bodies} HTTP/1.1\r\nHost: h\r\n\r\n`,
  `GET /exotel/bakery/switch?Stream=%7B%22Status%22%3A%22x%22%7D HTTP/1.1\r\nHost: h\r\n\r\n`,
  `POST /exotel/bakery/connect HTTP/1.1\r\nHost: h\r\n${form}\r\n${bodies}`,
  `POST /exotel/status HTTP/1.1\r\nHost: h\r\n${form}\r\n${bodies}`,
  `POST /exotel/status HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${multipart.length}\r\n\r\n${multipart}`,
  `POST /exotel/resolve HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
  `GET /exotel/bakery HTTP/1.1\r\nHost: h\r\n${upgrade}\r\n`,
  `GET /exotel/guarded HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YTpi\r\n${upgrade}\r\n`,
  `GET /exotel/guarded/t/a.b.c HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\n${upgrade}\r\n`,
  'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n',
];

/** A request that differs from a good one in one to four places. */
export function mutatedRequest(chance: Chance): Buffer {
  const upTo = (n: number): number => Math.floor(chance.next() * n);
  let bytes = Buffer.from(requests[upTo(requests.length)] ?? '', 'latin1');
  for (let left = 1 + upTo(4); left > 0; left -= 1) {
    const at = upTo(bytes.length);
    const end = Math.min(bytes.length, at + 1 + upTo(12));
    const piece = bytes.subarray(at, end);
    const noise = Buffer.from(Array.from({ length: 1 + upTo(6) }, () => upTo(256)));
    const parts = [
      [bytes.subarray(0, at), noise, bytes.subarray(at)],
      [bytes.subarray(0, at), bytes.subarray(end)],
      [bytes.subarray(0, at), noise, bytes.subarray(end)],
      [bytes.subarray(0, end), ...Array.from({ length: 1 + upTo(300) }, () => piece), bytes.subarray(end)],
      [bytes.subarray(0, at)],
      [bytes, bytes],
    ][upTo(6)];
    bytes = Buffer.concat(parts ?? [bytes]);
  }
  return bytes;
}

/** Sends bytes over a connection of their own, and resolves with what came back within a moment. */
export function sendBytes(base: string, bytes: Buffer, waitMs = 150): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    const over = new AbortController();
    const done = (): void => {
      over.abort();
      socket.destroy();
      resolve(answer);
    };
    socket.on('error', done);
    socket.on('close', done);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      done();
    });
    socket.write(bytes);
    delay(systemClock, waitMs, over.signal).then(done);
  });
}
