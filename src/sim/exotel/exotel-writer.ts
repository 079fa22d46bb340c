import type { CallIdentity } from './call-identity.ts';
import type { ExotelProfile } from './profile.ts';

type Json = string | number | { readonly [name: string]: Json };

/** Writes the messages of one stream in Exotel's order and spelling, with one sequence counter over all of them. */
export class ExotelWriter {
  readonly #profile: ExotelProfile;
  readonly #identity: CallIdentity;
  #sequence = 0;
  #chunk = 0;

  constructor(profile: ExotelProfile, identity: CallIdentity) {
    this.#profile = profile;
    this.#identity = identity;
  }

  connected(): string {
    return JSON.stringify({ event: 'connected' });
  }

  start(): string {
    const { streamSid, callSid, accountSid, from, to, sampleRateHz, customParameters } = this.#identity;
    const { encoding, bitRate } = this.#profile;
    return this.#message('start', {
      stream_sid: streamSid,
      call_sid: callSid,
      account_sid: accountSid,
      from,
      to,
      ...(customParameters ? { custom_parameters: customParameters } : {}),
      media_format: {
        encoding,
        sample_rate: this.#number(sampleRateHz),
        bit_rate: bitRate ?? `${(sampleRateHz * 16) / 1000}kbps`,
      },
    });
  }

  /** @param endMs call time at the end of the frame; @param pcm the frame's samples. */
  media(pcm: Int16Array, endMs: number): string {
    this.#chunk += 1;
    return this.#message('media', {
      chunk: this.#number(this.#chunk),
      timestamp: String(endMs),
      payload: Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'),
    });
  }

  dtmf(digit: string, durationMs: number): string {
    return this.#message('dtmf', { digit, duration: String(durationMs) });
  }

  mark(name: string): string {
    return this.#message('mark', { name });
  }

  stop(): string {
    const { callSid, accountSid } = this.#identity;
    return this.#message('stop', {
      call_sid: callSid,
      account_sid: accountSid,
      reason: this.#profile.stopReason,
    });
  }

  #message(event: string, body: { readonly [name: string]: Json }): string {
    this.#sequence += 1;
    const message = {
      event,
      stream_sid: this.#identity.streamSid,
      sequence_number: this.#number(this.#sequence),
      [event]: body,
    };
    return JSON.stringify(this.#profile.names === 'snake_case' ? message : camelNames(message));
  }

  #number(value: number): string | number {
    return this.#profile.values === 'strings' ? String(value) : value;
  }
}

/** Custom parameters keep the names their owner gave them. */
function camelNames(value: { readonly [name: string]: Json }): { readonly [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      typeof field === 'object' && name !== 'custom_parameters' ? camelNames(field) : field,
    ]),
  );
}
