import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Why a request was not made, or its answer not taken; the message names hosts and limits, never what was sent. */
export class FetchFailed extends Error {
  readonly code:
    | 'fetch.bad-address'
    | 'fetch.host-not-allowed'
    | 'fetch.address-refused'
    | 'fetch.unreachable'
    | 'fetch.too-large'
    | 'fetch.timeout'
    | 'fetch.aborted';

  constructor(code: FetchFailed['code'], message: string) {
    super(message);
    this.name = 'FetchFailed';
    this.code = code;
  }
}

/** Where requests may go. */
export interface AllowedHosts {
  /** Hosts by name or address that may be asked at all, as far as their addresses are public. */
  readonly hosts: readonly string[];
  /** Names, addresses and networks such as `10.0.0.0/8` that may be asked wherever they lead, private addresses included. */
  readonly privateHosts: readonly string[];
}

/** The unicast addresses of IPv6 that are given out for the internet (IANA, 2000::/3). */
const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Finds the addresses of a name; that of Node by default. */
export type Resolve = (
  name: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Whether an address belongs to the public internet: not private, loopback, link-local, metadata, multicast or reserved. */
function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // an IPv4 address that is written as IPv6 counts as what it is
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(globalIpv6);
}

/** Decides which hosts and addresses may be asked. */
export class AddressGuard {
  readonly #hosts: ReadonlySet<string>;
  readonly #named: ReadonlySet<string>;
  readonly #resolve: Resolve;
  readonly #networks: readonly ReturnType<typeof ipaddr.parseCIDR>[];

  constructor({ hosts, privateHosts }: AllowedHosts, resolve: Resolve = lookup) {
    this.#resolve = resolve;
    this.#hosts = new Set([...hosts, ...privateHosts].map(bareHost));
    this.#named = new Set(privateHosts.map(bareHost));
    this.#networks = privateHosts.flatMap((entry) =>
      ipaddr.isValidCIDR(entry) ? [ipaddr.parseCIDR(entry)] : [],
    );
  }

  /** Refuses an address of another kind, or to another place. @throws FetchFailed */
  check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new FetchFailed('fetch.bad-address', `expected an http or https address, found ${url.protocol}`);
    }
    const host = bareHost(url.hostname);
    const isAddress = isIP(host) !== 0;
    if (!this.#hosts.has(host) && !(isAddress && this.#isInNetworks(host))) {
      throw new FetchFailed('fetch.host-not-allowed', `the host ${host} is not among those that are allowed`);
    }
    // a bare address is never looked up
    if (isAddress && !this.allows(host, host)) throw refused(host);
  }

  /** Whether `host`, by name or address, may be reached at `address`. */
  allows(host: string, address: string): boolean {
    return isPublicAddress(address) || this.#named.has(bareHost(host)) || this.#isInNetworks(address);
  }

  /** Looks names up as usual, at the moment of connecting, and passes on only addresses that may be reached. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => this.allows(hostname, address));
      const [first] = allowed;
      if (!first) return callback(refused(hostname), '');
      if (options.all) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };

  #isInNetworks(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.#networks.some(([network, bits]) =>
      parsed.kind() === network.kind() ? parsed.match(network, bits) : false,
    );
  }
}

function refused(host: string): FetchFailed {
  return new FetchFailed(
    'fetch.address-refused',
    `${host} leads to an address that is not public: the allow-list must name it`,
  );
}

/** A host as it is compared: in lower case, without brackets and the dot of the root. */
function bareHost(host: string): string {
  const bare = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : bare;
}
