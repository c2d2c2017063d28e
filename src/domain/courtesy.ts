import { addressed, courtesies, fillers } from './courtesy-phrases.ts';
import { withoutCode } from './mention.ts';

/** Whoever is polite at such length also says something. */
const longestCourtesy = 700;
/** No phrase has more words. */
const longestPhrase = 14;
const friendlySigns =
  /(?:👍|🙏|🎉|👏|🙌|😊|🙂|😀|😄|😃|❤️|❤|💯|👌|🤝|✨|🚀|💪|🥳|🤗|☺️|🫡|👋)[\u{1F3FB}-\u{1F3FF}]?|(?<=\s|^)[:;]-?[)D](?=\s|$)/gu;

/**
 * Whether a text is nothing but thanks, agreement or a goodbye. Every word of it must belong to a polite phrase, so that
 * whatever else is said, asked or wished makes it a message with content.
 */
export function isCourtesy(text: string): boolean {
  if (text.length > longestCourtesy || withoutCode(text) !== text.replaceAll('\r\n', '\n')) return false;
  const words = text.replace(friendlySigns, ' . ');
  const isFriendlySign = words !== text;
  const clauses = plainly(words).split(/[.!,;:()\n"“”*–—…]+| - /);
  const isPolite = clauses.map((clause) => politeness(clause.trim().split(/\s+/).filter(Boolean)));
  if (isPolite.includes('no')) return false;
  return isFriendlySign || isPolite.includes('courtesy');
}

/** `filler`: it neither says anything nor is a courtesy, for example a name. */
type Politeness = 'courtesy' | 'filler' | 'no';

function politeness(words: readonly string[]): Politeness {
  // From each word on, what can be made of the rest; from the last word to the first.
  const rest: Politeness[] = Array.from({ length: words.length + 1 }, () => 'no');
  rest[words.length] = 'filler';
  for (let start = words.length - 1; start >= 0; start -= 1) {
    for (
      let end = start + 1;
      end <= Math.min(words.length, start + longestPhrase) && rest[start] !== 'courtesy';
      end += 1
    ) {
      const after = rest[end] ?? 'no';
      if (after === 'no') continue;
      const phrase = words.slice(start, end).join(' ');
      if (courtesies.some((courtesy) => courtesy.test(phrase))) rest[start] = 'courtesy';
      else if (fillers.test(phrase)) rest[start] = after;
    }
  }
  return rest[0] ?? 'no';
}

function plainly(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(addressed, ' ')
    .replaceAll(/\b(you|we|they)'re\b/g, '$1 are')
    .replaceAll(/\b(that|it|this|here|there|all|everything|what)'s\b/g, '$1 is')
    .replaceAll(/\bi'm\b/g, 'i am')
    .replaceAll(/'ll\b/g, ' will')
    .replaceAll(/'ve\b/g, ' have')
    .replaceAll(/'d\b/g, ' would')
    .replaceAll(/\b(do|could)n't\b/g, '$1 not');
}
