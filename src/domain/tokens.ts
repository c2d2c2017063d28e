/** Good enough for bounds: English text has about four characters for each token of a model. */
const charactersPerToken = 4;

/** About how many tokens a text has; never fewer for a longer text. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** The longest beginning of a text with at most so many tokens; a cut is marked, and no character is cut in two. */
export function cutToTokens(text: string, tokens: number): string {
  return cutToLength(text, Math.max(0, Math.floor(tokens)) * charactersPerToken);
}

/** The longest beginning of a text with at most so many UTF-16 units, the mark of the cut included. */
export function cutToLength(text: string, length: number): string {
  if (text.length <= length) return text;
  if (length < 1) return '';
  const kept = text.slice(0, length - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
