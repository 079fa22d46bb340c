/** The rate taken for granted when `audio/pcm` names none. */
const unnamedRateHz = 16_000;

/** Audio of a client frame, read; or why it is refused. */
export type ReadAudio =
  | { readonly ok: true; readonly samples: Int16Array; readonly sampleRateHz: number }
  | { readonly ok: false; readonly reason: string };

/** Reads base64 PCM16 little-endian mono of the type `audio/pcm;rate=<Hz>`. */
export function readPcmBlob({ data, mimeType }: { data: string; mimeType: string }): ReadAudio {
  const type = /^audio\/pcm(?:\s*;\s*rate=(\d{4,6}))?$/.exec(mimeType);
  if (!type) return { ok: false, reason: `Unsupported audio MIME type: ${mimeType}` };
  const bytes = Buffer.from(data, 'base64');
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  if (bytes.length !== Math.floor((data.length * 3) / 4) - padding) {
    return {
      ok: false,
      reason: "Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), Base64 decoding failed",
    };
  }
  if (bytes.length % 2 !== 0) return { ok: false, reason: 'Request contains an invalid argument.' };
  const samples = Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
  return { ok: true, samples, sampleRateHz: type[1] ? Number(type[1]) : unnamedRateHz };
}
