import { expect, it } from 'vitest';
import { languageOf } from '../../src/call/line-language.ts';

it.each([
  ['Two loaves, please.', ['hi-IN', 'en-IN'], 'en-IN'],
  ['दो ब्रेड चाहिए', ['hi-IN', 'en-IN'], 'hi-IN'],
  ['दोन ब्रेड पाहिजेत', ['en-IN', 'mr-IN'], 'mr-IN'],
  ['दो ब्रेड', [], 'hi'],
  ['இரண்டு ரொட்டி', ['ta-IN'], 'ta-IN'],
  ['मुझे chocolate truffle cake चाहिए था', ['hi-IN', 'en-IN'], 'en-IN'],
  ['haan, do bread', ['hi-IN'], undefined],
  ['Two loaves.', [], undefined],
  ['42', ['hi-IN'], undefined],
])('%s, of an agent that speaks %s: %s', (text, languages, expected) => {
  expect(languageOf(text, languages)).toBe(expected);
});
