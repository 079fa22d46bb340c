import { encodePcm16Base64 } from '../../audio/index.ts';
import {
  type ExotelSampleRateHz,
  exotelSampleRatesHz,
  isExotelSampleRateHz,
  maxMediaBytes,
  mediaGrainBytes,
} from './limits.ts';

/**
 * Writes the frames of one stream to Exotel, strictly: the stream's own identifier, texts for the chunk number and the
 * timestamp, audio in multiples of 320 bytes.
 */
export class ExotelWriter {
  readonly sampleRateHz: ExotelSampleRateHz;
  readonly #afterEvent: string;
  #chunk = 0;
  #samplesSent = 0;

  /**
   * @param streamSid identifier from `start`
   * @param sampleRateHz rate from `start`, which our audio must have too
   * @throws RangeError when the identifier is empty or the rate is not one of Exotel's
   */
  constructor(streamSid: string, sampleRateHz: ExotelSampleRateHz) {
    if (streamSid === '')
      throw new RangeError("ExotelWriter: expected the stream's identifier, found empty text");
    if (!isExotelSampleRateHz(sampleRateHz)) {
      throw new RangeError(
        `ExotelWriter: expected ${exotelSampleRatesHz.join(', ')} Hz, found ${String(sampleRateHz)}`,
      );
    }
    this.sampleRateHz = sampleRateHz;
    this.#afterEvent = `","stream_sid":${JSON.stringify(streamSid)}`;
  }

  /** Samples written so far, at the stream's rate. */
  get samplesSent(): number {
    return this.#samplesSent;
  }

  /**
   * A `media` frame with mono samples at the stream's rate; its timestamp is the position of its first sample in ms.
   *
   * @throws RangeError when the audio is empty, not a multiple of 320 bytes, or more than 100 kB: see `padToMultiple`
   */
  media(pcm: Int16Array): string {
    const { byteLength } = pcm;
    if (byteLength === 0 || byteLength % mediaGrainBytes !== 0 || byteLength > maxMediaBytes) {
      throw new RangeError(
        `ExotelWriter.media: expected a multiple of ${mediaGrainBytes} bytes up to ${maxMediaBytes}, found ${byteLength}`,
      );
    }
    this.#chunk += 1;
    const timestampMs = Math.round((this.#samplesSent * 1000) / this.sampleRateHz);
    this.#samplesSent += pcm.length;
    const payload = encodePcm16Base64(pcm);
    return `{"event":"media${this.#afterEvent},"media":{"chunk":"${this.#chunk}","timestamp":"${timestampMs}","payload":"${payload}"}}`;
  }

  /**
   * A `mark` frame; Exotel sends the name back once the audio before it has been played.
   *
   * @throws RangeError when the name is empty
   */
  mark(name: string): string {
    if (name === '') throw new RangeError("ExotelWriter.mark: expected the mark's name, found empty text");
    return `{"event":"mark${this.#afterEvent},"mark":{"name":${JSON.stringify(name)}}}`;
  }

  /** A `clear` frame: Exotel drops the audio it has queued and not begun to play. */
  clear(): string {
    return `{"event":"clear${this.#afterEvent}}`;
  }

  /** A `stop` frame; not documented by Exotel, sent before closing by some, so it is optional. */
  stop(): string {
    return `{"event":"stop${this.#afterEvent}}`;
  }
}
