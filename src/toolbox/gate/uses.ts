/** What a program can do that somebody has to allow, or that no tool needs. */
export const useKinds = [
  'network',
  'files',
  'processes',
  'environment',
  'hidden-code',
  'native-code',
  'chance',
] as const;

export type UseKind = (typeof useKinds)[number];

/** A place in a source where something of the kind is done. */
export type Use = {
  readonly kind: UseKind;
  /** As it stands there. */
  readonly what: string;
  readonly path: string;
  readonly line: number;
};

/** A use as it is found in one source, by its place. */
export type UseAt = { readonly kind: UseKind; readonly what: string; readonly at: number };

export type UsePattern = { readonly kind: UseKind; readonly pattern: RegExp };

/** Every place where one of the patterns matches. */
export function usesOf(text: string, patterns: readonly UsePattern[]): UseAt[] {
  return patterns.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map((match) => ({ kind, what: match[0].trim(), at: match.index })),
  );
}

/** What stands in the brackets that open at or behind a place, up to the first comma outside of others. */
export function firstArgument(code: string, from: number): string {
  const open = code.indexOf('(', from);
  if (open === -1) return '';
  let depth = 0;
  for (let at = open; at < Math.min(code.length, open + 400); at += 1) {
    const character = code[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) return code.slice(open + 1, at).trim();
  }
  return code.slice(open + 1, open + 400).trim();
}
