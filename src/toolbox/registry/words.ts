/** Words that stand in every description and tell nothing. */
const stopWords = new Set(
  `a an and any are as at be by can do does each every for from get give given gives has have i if in into is it its me my need
  of on one or our out so some something that the their them there these this those to tool up use used uses using we what when
  where which whose with would want you your`.split(/\s+/),
);

/** Endings from the longest to the shortest, with what stands for them. */
const endings: readonly (readonly [ending: string, instead: string])[] = [
  ['ization', 'ize'],
  ['isation', 'ize'],
  ['ations', 'ate'],
  ['ation', 'ate'],
  ['ments', ''],
  ['ment', ''],
  ['ising', 'ize'],
  ['ings', ''],
  ['ing', ''],
  ['ions', ''],
  ['ion', ''],
  ['ised', 'ize'],
  ['ies', 'y'],
  ['ers', ''],
  ['ors', ''],
  ['ed', ''],
  ['er', ''],
  ['or', ''],
  ['es', ''],
  ['ly', ''],
  ['s', ''],
  ['e', ''],
];

const shortestStem = 3;

/** The words of a text that tell something, as their stems. */
export function stemsOf(text: string): string[] {
  return wordsIn(text)
    .filter((word) => !stopWords.has(word))
    .map(stemOf);
}

/** Names in one piece, like `parseCsvFile` and `parse_csv`, are taken apart. */
export function wordsIn(text: string): string[] {
  const apart = text.normalize('NFKC').replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return apart.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Forms of one word mostly have one stem; it need not be a word. */
function stemOf(word: string): string {
  for (const [ending, instead] of endings) {
    const stem = word.slice(0, -ending.length) + instead;
    if (!word.endsWith(ending) || word.length - ending.length < shortestStem) continue;
    if (ending === 's' && word.endsWith('ss')) return word;
    return withoutDouble(stem.endsWith('e') ? stem.slice(0, -1) : stem);
  }
  return word;
}

/** `running` and `run`. */
function withoutDouble(stem: string): string {
  return /([bdgmnprt])\1$/.test(stem) && stem.length > shortestStem ? stem.slice(0, -1) : stem;
}
