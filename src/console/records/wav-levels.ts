/** The form of a WAV file's sound. */
interface WavForm {
  readonly channels: number;
  readonly sampleRateHz: number;
}

/** Bytes in which the sound must have begun; a longer header is not one of ours. */
const mostHeaderBytes = 4096;
const sampleBytes = 2;

/**
 * Measures a recording, 16-bit PCM with one or two channels, while its bytes come in whatever portions: the lowest and highest
 * sample of each `everyMs`, −128…127, left and right.
 */
export class WavLevels {
  readonly #everyMs: number;
  #header = new Uint8Array();
  #form: WavForm | undefined;
  /** The beginning of a frame whose end has not come. */
  #rest = new Uint8Array();
  #frames = 0;
  readonly #meters: readonly [Meter, Meter] = [new Meter(), new Meter()];

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** The caller’s levels; what has been measured so far. */
  get left(): readonly number[] {
    return this.#meters[0].peaks;
  }

  /** The agent’s levels; none in a file with one channel. */
  get right(): readonly number[] {
    return this.#meters[1].peaks;
  }

  /** How long what has come lasts, ms. */
  get durationMs(): number {
    return this.#form ? (this.#frames * 1000) / this.#form.sampleRateHz : 0;
  }

  /** Takes the next bytes of the file. @throws Error when it is no WAV file with 16-bit PCM */
  add(bytes: Uint8Array): void {
    if (this.#form) return this.#measure(bytes, this.#form);
    this.#header = joined(this.#header, bytes);
    const found = readHeader(this.#header);
    if (!found) return;
    this.#form = found.form;
    this.#measure(this.#header.subarray(found.startsAt), found.form);
    this.#header = new Uint8Array();
  }

  #measure(more: Uint8Array, { channels, sampleRateHz }: WavForm): void {
    const bytes = this.#rest.length === 0 ? more : joined(this.#rest, more);
    const frameBytes = channels * sampleBytes;
    const frames = Math.floor(bytes.length / frameBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const perSlot = (sampleRateHz * this.#everyMs) / 1000;
    const [left, right] = this.#meters;
    for (let frame = 0; frame < frames; frame += 1) {
      const slot = Math.floor((this.#frames + frame) / perSlot);
      left.take(slot, view.getInt16(frame * frameBytes, true) >> 8);
      if (channels > 1) right.take(slot, view.getInt16(frame * frameBytes + sampleBytes, true) >> 8);
    }
    this.#frames += frames;
    this.#rest = bytes.slice(frames * frameBytes);
  }
}

/** Lowest and highest of each slot, in turn. */
class Meter {
  readonly peaks: number[] = [];

  take(slot: number, level: number): void {
    const at = 2 * slot;
    const lowest = this.peaks[at];
    const highest = this.peaks[at + 1];
    if (lowest === undefined || level < lowest) this.peaks[at] = level;
    if (highest === undefined || level > highest) this.peaks[at + 1] = level;
  }
}

/** The form, and where the sound starts; undefined while too little has come. */
function readHeader(bytes: Uint8Array): { form: WavForm; startsAt: number } | undefined {
  if (bytes.length < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (nameAt(bytes, 0) !== 'RIFF' || nameAt(bytes, 8) !== 'WAVE')
    throw new Error('expected a WAV file, found another');
  let form: WavForm | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = nameAt(bytes, at);
    const size = view.getUint32(at + 4, true);
    if (name === 'data') {
      if (form) return { form, startsAt: at + 8 };
      throw new Error('expected a WAV file that tells its format first');
    }
    if (name === 'fmt ' && at + 24 <= bytes.length) form = readForm(view, at + 8);
    at += 8 + size + (size % 2);
  }
  if (bytes.length > mostHeaderBytes) throw new Error('expected a WAV file with sound, found none');
  return undefined;
}

function readForm(view: DataView, at: number): WavForm {
  const [coding, channels] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
  const [sampleRateHz, bits] = [view.getUint32(at + 4, true), view.getUint16(at + 14, true)];
  if (coding !== 1 || bits !== 16 || channels < 1 || channels > 2 || sampleRateHz < 1000)
    throw new Error(
      `expected 16-bit PCM with one or two channels, found ${bits} bits with ${channels} channels`,
    );
  return { channels, sampleRateHz };
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
