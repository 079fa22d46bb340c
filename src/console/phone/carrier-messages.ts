/** Who a call is, as Exotel says it in `start`. */
export interface PhoneIdentity {
  readonly streamSid: string;
  readonly callSid: string;
  readonly from: string;
  readonly to: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the server may send a phone. */
export type ServerMessage =
  | { readonly event: 'media'; readonly samples: Float32Array }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'clear' }
  | { readonly event: 'stop' };

/** Hz; the line is a narrow one, whatever the microphone can do. */
export const lineRateHz = 8000;

/** Writes a stream's messages in Exotel's order and spelling: numbers as strings, one counter over all of them. */
export class CarrierWriter {
  readonly #who: PhoneIdentity;
  #sequence = 0;
  #chunk = 0;
  #sentSamples = 0;

  constructor(who: PhoneIdentity) {
    this.#who = who;
  }

  connected(): string {
    return JSON.stringify({ event: 'connected' });
  }

  start(): string {
    const { streamSid, callSid, from, to, parameters } = this.#who;
    return this.#write('start', {
      stream_sid: streamSid,
      call_sid: callSid,
      account_sid: 'browser-phone',
      from,
      to,
      ...(Object.keys(parameters).length > 0 && { custom_parameters: parameters }),
      media_format: { encoding: 'base64', sample_rate: String(lineRateHz), bit_rate: '128kbps' },
    });
  }

  media(pcm: Int16Array): string {
    this.#chunk += 1;
    this.#sentSamples += pcm.length;
    const timestamp = String(Math.round((this.#sentSamples * 1000) / lineRateHz));
    return this.#write('media', { chunk: String(this.#chunk), timestamp, payload: toBase64(pcm) });
  }

  dtmf(digit: string): string {
    return this.#write('dtmf', { digit, duration: '120' });
  }

  mark(name: string): string {
    return this.#write('mark', { name });
  }

  stop(): string {
    const { callSid } = this.#who;
    return this.#write('stop', { call_sid: callSid, account_sid: 'browser-phone', reason: 'callended' });
  }

  #write(event: string, body: object): string {
    this.#sequence += 1;
    const { streamSid } = this.#who;
    return JSON.stringify({
      event,
      stream_sid: streamSid,
      sequence_number: String(this.#sequence),
      [event]: body,
    });
  }
}

/** Reads what the server sent; undefined for what Exotel would pass over. */
export function readServerMessage(text: string): ServerMessage | undefined {
  const message = parsed(text);
  switch (message.event) {
    case 'media': {
      const payload = record(message.media).payload;
      return typeof payload === 'string' ? { event: 'media', samples: fromBase64(payload) } : undefined;
    }
    case 'mark': {
      const name = record(message.mark).name;
      return typeof name === 'string' ? { event: 'mark', name } : undefined;
    }
    case 'clear':
    case 'stop':
      return { event: message.event };
    default:
      return undefined;
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Exotel: PCM16, little-endian, whatever the machine is. */
function toBase64(pcm: Int16Array): string {
  const bytes = new DataView(new ArrayBuffer(pcm.length * 2));
  for (const [at, sample] of pcm.entries()) bytes.setInt16(at * 2, sample, true);
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}

function fromBase64(payload: string): Float32Array {
  const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length >> 1 }, (_, at) => view.getInt16(at * 2, true) / 32_768);
}
