import type { IncomingHttpHeaders } from 'node:http';
import { type BlockList, isIP } from 'node:net';

/** What is known of a request before anything of it is believed. */
export interface RequestFacts {
  /** The address at the other end of the connection. */
  readonly peer: string;
  readonly isTls: boolean;
  readonly headers: IncomingHttpHeaders;
}

/** Tells whether an address is in a list; IPv4 in IPv6 clothes counts as IPv4. */
export function isListed(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}

/** `::ffff:203.0.113.7` as `203.0.113.7`; without the zone of a link-local address. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
}

/** The proxies in front of Baari: only what these say of a request is believed. */
export class Proxies {
  readonly #trusted: BlockList;
  readonly #publicUrl: string | undefined;

  constructor(trusted: BlockList, publicUrl?: string) {
    this.#trusted = trusted;
    this.#publicUrl = publicUrl?.replace(/\/+$/, '');
  }

  /** The address that a request comes from: the last one in `X-Forwarded-For` that is not a trusted proxy's. */
  clientOf({ peer, headers }: RequestFacts): string {
    if (!isListed(this.#trusted, peer)) return plainAddress(peer);
    const hops = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((hop) => plainAddress(hop.trim()))
      .filter((hop) => isIP(hop) !== 0);
    return hops.reverse().find((hop) => !isListed(this.#trusted, hop)) ?? plainAddress(peer);
  }

  /** Whether somebody who is not trusted says to be a proxy: then all its clients look like one. */
  isUnknownProxy({ peer, headers }: RequestFacts): boolean {
    return headers['x-forwarded-for'] !== undefined && !isListed(this.#trusted, peer);
  }

  /** The base address under which the sender of a request reached Baari, `ws:` or `wss:`; undefined when it named none. */
  streamBaseOf({ peer, isTls, headers }: RequestFacts): string | undefined {
    if (this.#publicUrl) return this.#publicUrl.replace(/^http/, 'ws');
    const isTrusted = isListed(this.#trusted, peer);
    const forwardedHost = isTrusted ? firstOf(headers['x-forwarded-host']) : undefined;
    const host = forwardedHost ?? headers.host ?? '';
    if (!/^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(host)) return undefined;
    const isForwardedTls = isTrusted && firstOf(headers['x-forwarded-proto']) === 'https';
    return `${isTls || isForwardedTls ? 'wss' : 'ws'}://${host}`;
  }
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return (
    String(header ?? '')
      .split(',')[0]
      ?.trim() || undefined
  );
}
