/** The scripts of India's languages, and Latin; which language is usually written in each. */
const scripts = [
  { pattern: /\p{Script=Devanagari}/gu, languages: ['hi', 'mr', 'ne', 'kok', 'sa'] },
  { pattern: /\p{Script=Bengali}/gu, languages: ['bn', 'as'] },
  { pattern: /\p{Script=Tamil}/gu, languages: ['ta'] },
  { pattern: /\p{Script=Telugu}/gu, languages: ['te'] },
  { pattern: /\p{Script=Kannada}/gu, languages: ['kn'] },
  { pattern: /\p{Script=Malayalam}/gu, languages: ['ml'] },
  { pattern: /\p{Script=Gujarati}/gu, languages: ['gu'] },
  { pattern: /\p{Script=Gurmukhi}/gu, languages: ['pa'] },
  { pattern: /\p{Script=Oriya}/gu, languages: ['or'] },
  { pattern: /\p{Script=Arabic}/gu, languages: ['ur'] },
] as const;

/**
 * The language of a line, guessed by its script, since the model tells none: of the agent's languages the first that is written
 * so, else the usual one. Latin letters are many languages', also of Hindi: they count only for a language of the agent's own.
 *
 * @param languages the agent's, such as `hi-IN`; undefined where nothing tells
 */
export function languageOf(text: string, languages: readonly string[]): string | undefined {
  const counted = scripts.map(({ pattern, languages: written }) => ({
    letters: text.match(pattern)?.length ?? 0,
    written: written as readonly string[],
  }));
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const [most] = counted.toSorted((a, b) => b.letters - a.letters);
  if (most && most.letters > 0 && most.letters >= latin) {
    return languages.find((tag) => most.written.includes(primary(tag))) ?? most.written[0];
  }
  if (latin === 0) return undefined;
  return languages.find(
    (tag) => !scripts.some(({ languages: own }) => own.some((one) => one === primary(tag))),
  );
}

function primary(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? '';
}
