import type { ClientRequest } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** The proxies for connections that leave this machine. */
export interface ProxySettings {
  /** For `wss:`. */
  readonly https: URL | undefined;
  /** For `ws:`. */
  readonly http: URL | undefined;
  /** Hosts that are reached without a proxy, as in NO_PROXY: names, `.suffix`, addresses, networks, `host:port`, `*`. */
  readonly except: readonly string[];
}

/** How a proxy failed; `code` is the end of a failure's code. Its message holds no credentials. */
export class ProxyFailed extends Error {
  readonly code: 'proxy-unreachable' | 'proxy-unauthorised' | 'proxy-refused';

  constructor(code: ProxyFailed['code'], message: string) {
    super(message);
    this.name = 'ProxyFailed';
    this.code = code;
  }
}

/** The proxy for an address, or undefined where it is reached directly. */
export function proxyFor(address: string, { https, http, except }: ProxySettings): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const isSecure = protocol === 'wss:' || protocol === 'https:';
  const proxy = isSecure ? https : http;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return except.some((entry) => covers(entry.toLowerCase(), host, port || (isSecure ? '443' : '80')))
    ? undefined
    : proxy;
}

/** Whether an entry of NO_PROXY names a host; a name also stands for its subdomains, as with curl. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [network = '', bits] = entry.split('/');
  if (bits !== undefined) return isInNetwork(network, Number(bits), host);
  const bare = entry.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return bare === host;
  const [, name = '', entryPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (name === '' || (entryPort !== undefined && entryPort !== port)) return false;
  return host === name.replace(/^\[|\]$/g, '') || host.endsWith(`.${name}`);
}

function isInNetwork(network: string, bits: number, host: string): boolean {
  const family = isIP(network);
  if (!family || isIP(host) !== family || !(bits >= 0 && bits <= (family === 4 ? 32 : 128))) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, bits, type);
  return list.check(host, type);
}

/** A tunnel by CONNECT through a proxy, for one connection; whatever the proxy does wrong is a {@link ProxyFailed}. */
export class Tunnel extends HttpsProxyAgent<string> {
  readonly #place: string;
  readonly #over: AbortController;
  #isOpen = false;

  constructor(proxy: URL) {
    const { protocol, host, username, password } = proxy;
    // the agent gets the address without the credentials, since it prints that where it is debugged
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const over = new AbortController();
    super(`${protocol}//${host}`, {
      signal: over.signal,
      headers: username || password ? { 'Proxy-Authorization': authorization } : {},
    });
    this.#place = host;
    this.#over = over;
  }

  /** Whether the proxy has opened the way. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The proxy has not answered within `limitMs`. */
  unanswered(limitMs: number): ProxyFailed {
    return new ProxyFailed(
      'proxy-unreachable',
      `expected the proxy ${this.#place} to open the way within ${limitMs} ms, found no answer`,
    );
  }

  /** Drops what is still under way to the proxy. */
  abandon(): void {
    this.#over.abort();
  }

  override async connect(
    request: ClientRequest,
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    let status: number | undefined;
    const note = (answer: { statusCode: number }): void => {
      status = answer.statusCode;
    };
    request.once('proxyConnect', note);
    try {
      const socket = await super.connect(request, options);
      if (status === 200) {
        this.#isOpen = true;
        return socket;
      }
      socket.destroy();
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'an unknown error';
      throw new ProxyFailed('proxy-unreachable', `the proxy ${this.#place} cannot be used: ${reason}`);
    }
    if (status === 407) {
      throw new ProxyFailed(
        'proxy-unauthorised',
        `the proxy ${this.#place} asks for other credentials (407)`,
      );
    }
    throw new ProxyFailed('proxy-refused', `the proxy ${this.#place} refused to connect with ${status}`);
  }
}
