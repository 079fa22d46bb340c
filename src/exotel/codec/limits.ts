/** Bytes of the largest inbound frame that is read: base64 of Exotel's 100 kB audio limit, with room for the envelope. */
export const maxInboundFrameBytes = 256 * 1024;

/** Bytes that every outbound audio payload is a multiple of (Exotel: other sizes leave 20 ms gaps). */
export const mediaGrainBytes = 320;

/** Bytes of the largest outbound audio payload (Exotel: larger ones may time out). */
export const maxMediaBytes = 100_000;

/** Sample rates of a stream in Hz (Exotel: chosen by the applet's address, told in `start.media_format`). */
export const exotelSampleRatesHz = [8000, 16_000, 24_000] as const;

/** One of {@link exotelSampleRatesHz}. */
export type ExotelSampleRateHz = (typeof exotelSampleRatesHz)[number];

/** Tells whether a number of Hz is one that Exotel streams at. */
export function isExotelSampleRateHz(value: unknown): value is ExotelSampleRateHz {
  return exotelSampleRatesHz.some((rateHz) => rateHz === value);
}
