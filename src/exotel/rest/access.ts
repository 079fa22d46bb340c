/** What is needed to ask Exotel for calls; the key and the token are secrets. */
export interface ExotelAccess {
  readonly apiKey: string;
  readonly apiToken: string;
  readonly accountSid: string;
  /** Such as `https://api.in.exotel.com`, without a slash at its end. */
  readonly baseUrl: string;
}

/** Exotel: a key belongs to one region, and the host of another answers 401. */
const regions: Readonly<Record<string, string>> = {
  in: 'api.in.exotel.com',
  mumbai: 'api.in.exotel.com',
  sg: 'api.exotel.com',
  singapore: 'api.exotel.com',
};

/** What {@link exotelBaseUrl} accepts, in words. */
export const subdomainForm =
  'in (Mumbai), sg (Singapore), a host such as api.in.exotel.com, or http://127.0.0.1:<port> of a simulator';

/** The base address for a region or host; undefined when it is neither. Without TLS only loopback is accepted. */
export function exotelBaseUrl(subdomain: string): string | undefined {
  const host = regions[subdomain.toLowerCase()] ?? subdomain.toLowerCase().replace(/^@/, '');
  if (/^([a-z0-9-]+\.)+exotel\.(com|in)$/.test(host)) return `https://${host}`;
  return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.test(host) ? host : undefined;
}
