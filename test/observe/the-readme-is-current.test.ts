import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawPictures } from '../../src/observe/readme-pictures.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the pictures in README.md are those of the machines: `npm run docs` draws them anew', () => {
  expect(drawPictures(readme)).toBe(readme);
});

test('a README without a place for a picture is refused', () => {
  expect(() => drawPictures('# Baari\n')).toThrow('expected <!-- picture: call --> and its end, found none');
});
