import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildWav } from '../../src/audio/index.ts';
import { type CallerClip, loadCaller } from '../../src/sim/index.ts';

/** Chromium's fake microphone takes its usual rate only. */
const microphoneRateHz = 48_000;

/** Writes a WAV of recorded people who speak at these times, ms, and otherwise are silent. */
async function writeMicrophone(
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

/** A caller who asks, and breaks into the answer. */
export function writeConversation(file: string): Promise<void> {
  const says = [
    { clip: 'for-tomorrow-at-five', atMs: 6000 },
    { clip: 'sorry-one-moment', atMs: 14_000 },
  ] as const;
  return writeMicrophone(file, says, 60_000);
}

/** What is written of calls while they go on. */
export function journalIn(records: string): string {
  const files = readdirSync(records, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('journal.jsonl'))
    .map((file) => readFileSync(path.join(records, file), 'utf8'))
    .join('');
}

/** The id of the only live call, once there is one. */
export async function liveCallId(base: string): Promise<string> {
  for (let asked = 0; asked < 100; asked += 1) {
    const { calls } = (await (await fetch(`${base}/api/live`)).json()) as { calls: { callId: string }[] };
    if (calls[0]) return calls[0].callId;
  }
  throw new Error('there is no live call');
}
