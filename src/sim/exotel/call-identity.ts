import type { SampleRateHz } from '../../audio/index.ts';
import type { Chance } from '../../time/index.ts';
import { type ExotelProfile, toSampleRate } from './profile.ts';

/** What names one call on the wire. */
export interface CallIdentity {
  readonly streamSid: string;
  readonly callSid: string;
  readonly accountSid: string;
  readonly from: string;
  readonly to: string;
  readonly sampleRateHz: SampleRateHz;
  /** As they appear in `start.custom_parameters`; undefined when the field is omitted. */
  readonly customParameters: Readonly<Record<string, string>> | undefined;
}

/** Where Exotel connects to, and with which headers. */
export interface CallTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Exotel: identifiers look hexadecimal, about 32 characters long, and may end in another letter. */
export function exotelSid(chance: Chance): string {
  const letter = 'ghijklmnopqrstuvwxyz'.charAt(Math.floor(chance.next() * 20));
  return chance.hexId(16).slice(0, 31) + letter;
}

/** Writes an Indian number ("09000000001", "+919000000001", "9000000001") in the profile's style. */
export function writeNumber(number: string, style: ExotelProfile['numbers']): string {
  const national = number.replace(/^(\+91|0)/, '');
  if (!/^\d{10}$/.test(national)) {
    throw new RangeError(`number: expected ten digits after "0" or "+91", found "${number}"`);
  }
  return style === 'national' ? `0${national}` : `+91${national}`;
}

/**
 * Splits a configured stream address into what Exotel dials and what it reports in `start`.
 *
 * Exotel: credentials leave the address and become a Basic header; the query is stripped on live calls and its
 * parameters, at most 3 with 256 characters in total, arrive in `custom_parameters`.
 */
export function readAddress(
  address: string,
  profile: ExotelProfile,
): { target: CallTarget; sampleRateHz: SampleRateHz; customParameters: Record<string, string> | undefined } {
  const url = URL.parse(address);
  if (!url || !/^wss?:$/.test(url.protocol)) {
    throw new RangeError('address: expected a ws:// or wss:// URL');
  }
  const headers: Record<string, string> = {};
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  const asked = Number(url.searchParams.get('sample-rate') ?? 8000);
  const sampleRateHz = profile.sampleRateHz ?? toSampleRate(asked);
  const customParameters = readCustomParameters(url, profile);
  if (profile.query === 'stripped') url.search = '';
  return { target: { url: url.href, headers }, sampleRateHz, customParameters };
}

function readCustomParameters(url: URL, profile: ExotelProfile): Record<string, string> | undefined {
  if (profile.customParameters === 'omitted') return undefined;
  if (profile.customField !== undefined) return { [escapeHtml(profile.customField)]: '' };
  const entries = [...url.searchParams].filter(([name]) => name !== 'sample-rate');
  if (entries.length === 0) return undefined;
  const characters = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > 3 || characters > 256) {
    throw new RangeError(
      `address: expected at most 3 custom parameters with 256 characters, found ${entries.length} with ${characters}`,
    );
  }
  return Object.fromEntries(entries);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&#39;');
}
