// Renders the recorded lines with flite; run after a change of voices.ts:
//   npx node src/sim/voices/render.ts
import { writeFileSync } from 'node:fs';
import { synthesiseWav } from './synthesise.ts';
import { voices } from './voices.ts';

for (const { file, text } of Object.values(voices)) {
  const wav = await synthesiseWav(text);
  writeFileSync(new URL(file, import.meta.url), wav);
  process.stdout.write(`${file} ${((wav.length - 44) / 32_000).toFixed(1)} s\n`);
}
