import type { SampleRateHz } from '../../audio/index.ts';

const rows = ['123', '456', '789', '*0#'];
/** ITU-T Q.23: each key sounds one tone of its row and one of its column; Hz. */
const rowHz = [697, 770, 852, 941];
const columnHz = [1209, 1336, 1477];
/** Amplitude of each tone: about −15 dBov together, as telephones send them. */
const amplitude = 4000;

/** The sound of a key, mono. */
export function keyTone(key: string, durationMs: number, sampleRateHz: SampleRateHz): Int16Array {
  const row = rows.findIndex((keys) => keys.includes(key));
  const low = rowHz[row] ?? 0;
  const high = columnHz[rows[row]?.indexOf(key) ?? 0] ?? 0;
  const samples = Math.round((durationMs * sampleRateHz) / 1000);
  return Int16Array.from({ length: samples }, (_, at) => {
    const turn = (2 * Math.PI * at) / sampleRateHz;
    return Math.round(amplitude * (Math.sin(turn * low) + Math.sin(turn * high)));
  });
}
