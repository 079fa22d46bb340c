/** Words of a search that count at most. */
const mostSought = 20;
/** A longer word counts by its beginning, UTF-16 units. */
const longestWord = 200;

/** The words of a text as every index has them: runs of letters, digits and marks of any script, in small letters. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
  return words.map((word) => word.slice(0, longestWord));
}

/** The words that a search asks for, each from its beginning. */
export function wordsSoughtIn(text: string): string[] {
  return wordsOf(text).slice(0, mostSought);
}
