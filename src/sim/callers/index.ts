import { readFile } from 'node:fs/promises';
import { parseWav } from '../../audio/index.ts';

/** The recorded callers: what each clip says. */
export const callers = {
  'hello-hours': 'Hello. Hours?',
  'for-tomorrow-at-five': 'For tomorrow, at five p.m.',
  'sorry-one-moment': 'I’m sorry. One moment, please.',
  'number-two': 'Number two.',
  yes: 'Yes.',
  'thank-you-goodbye': 'Thank you. Goodbye.',
} as const;

/** The name of a recorded caller's clip. */
export type CallerClip = keyof typeof callers;

/** Reads a clip: mono PCM16 at 8 kHz. @throws when the file is missing from the installation */
export async function loadCaller(name: CallerClip): Promise<{ samples: Int16Array; sampleRateHz: 8000 }> {
  const wav = parseWav(await readFile(new URL(`./${name}.wav`, import.meta.url)));
  return { samples: wav.samples, sampleRateHz: 8000 };
}
