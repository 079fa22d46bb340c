import { writeFileSync } from 'node:fs';
import { buildWav } from '../../src/audio/index.ts';
import { type CallerClip, loadCaller } from '../../src/sim/index.ts';

/** Chromium's fake microphone takes its usual rate only. */
const microphoneRateHz = 48_000;

/** Writes a WAV of recorded people who speak at these times, ms, and otherwise are silent. */
export async function writeMicrophone(
  file: string,
  says: readonly { readonly clip: CallerClip; readonly atMs: number }[],
  lengthMs: number,
): Promise<void> {
  const samples = new Int16Array((lengthMs * microphoneRateHz) / 1000);
  for (const { clip, atMs } of says) {
    const { samples: spoken, sampleRateHz } = await loadCaller(clip);
    const every = microphoneRateHz / sampleRateHz;
    const from = (atMs * microphoneRateHz) / 1000;
    for (let at = 0; at < spoken.length * every; at += 1) {
      const index = Math.floor(at / every);
      const [now = 0, next = 0] = [spoken[index], spoken[index + 1]];
      samples[from + at] = Math.round(now + (next - now) * (at / every - index));
    }
  }
  writeFileSync(file, buildWav({ samples, sampleRateHz: microphoneRateHz, channels: 1 }));
}
