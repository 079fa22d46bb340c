import { readFileSync, writeFileSync } from 'node:fs';
import { callMachine, turnMachine } from '../../machines/index.ts';
import { chartPicture } from './chart-picture.ts';

const pictures: ReadonlyMap<string, string> = new Map([
  ['call', chartPicture(callMachine)],
  ['turn', chartPicture(turnMachine)],
]);

/**
 * The text of a README with its pictures drawn anew between `<!-- picture: call -->` and `<!-- /picture -->`.
 *
 * @throws Error when a picture has no place in it
 */
export function drawPictures(readme: string): string {
  let text = readme;
  for (const [name, picture] of pictures) {
    const place = new RegExp(`(<!-- picture: ${name} -->\n)[^]*?(<!-- /picture -->)`);
    if (!place.test(text)) throw new Error(`expected <!-- picture: ${name} --> and its end, found none`);
    text = text.replace(
      place,
      (_, start: string, end: string) => `${start}\`\`\`mermaid\n${picture}\`\`\`\n${end}`,
    );
  }
  return text;
}

if (import.meta.main) {
  const file = new URL('../../README.md', import.meta.url);
  writeFileSync(file, drawPictures(readFileSync(file, 'utf8')));
}
