import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What a proxy does with a CONNECT. */
export type ProxyWay = 'open' | 'refuse' | 'hang' | 'drop' | { readonly credentials: string };

/** A real proxy on loopback; it tunnels by CONNECT, and only that. */
export class ConnectProxy implements AsyncDisposable {
  /** What was asked for, such as `host:443`, in order. */
  readonly asked: string[] = [];
  way: ProxyWay;
  readonly #server: Server = createServer();
  readonly #sockets = new Set<Socket>();

  private constructor(way: ProxyWay) {
    this.way = way;
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('connect', (request, socket) => {
      const target = request.url ?? '';
      this.asked.push(target);
      const { way: now } = this;
      const wanted = typeof now === 'object' ? `Basic ${btoa(now.credentials)}` : undefined;
      // read on, so that its end is noticed
      if (now === 'hang') return socket.resume();
      if (now === 'drop') return socket.destroy();
      if (now === 'refuse') return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      if (wanted !== undefined && wanted !== request.headers['proxy-authorization']) {
        const ask =
          'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n';
        return socket.end(ask);
      }
      const { hostname, port } = new URL(`http://${target}`);
      const onward = this.#keep(connect(Number(port), hostname));
      onward.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
    });
  }

  static async listen(way: ProxyWay = 'open'): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(way);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Its address, with `credentials` (`name:password`) if given. */
  url(credentials?: string): URL {
    const { port } = this.#server.address() as AddressInfo;
    return new URL(`http://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`);
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    // a server's own sockets stay half open
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
