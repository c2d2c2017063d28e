import { lineAt } from '../../domain/secrets-in-text.ts';

const longestLine = 2_000;
/** Nobody reads through a longer program, and neither do we: an expression over all of it would keep us from everything else. */
export const longestSource = 100_000;

const longestText = 1_000_000;

const patterns: readonly (readonly [string, RegExp])[] = [
  ['a block of base64 or hexadecimal digits', /[A-Za-z0-9+/]{400,}={0,2}|(?:[0-9a-f]{2}\s?){250,}/gi],
  ['text written in codes', /(?:\\x[0-9a-f]{2}){12,}|(?:\\u\{?[0-9a-f]{4,5}\}?){12,}/gi],
  [
    'text put together from numbers',
    /fromC(?:harCode|odePoint)\s*\((?:\s*(?:0x[0-9a-f]+|\d+)\s*,){5,}|(?:\bchr\s*\(\s*(?:0x[0-9a-f]+|\d+)\s*\)\s*\+?\s*){5,}/gi,
  ],
  [
    'names that say nothing, as programs that hide others make them',
    /\b_0x[0-9a-f]{4,}\b(?:[\s\S]{0,300}?\b_0x[0-9a-f]{4,}\b){4}/gi,
  ],
  ['characters that change the order in which a source is read', /[\u202a-\u202e\u2066-\u2069]/g],
];

export type Obscurity = { readonly what: string; readonly line: number };

/** What keeps a person from reading a text. */
export function obscureIn(text: string, isSource: boolean): readonly Obscurity[] {
  const found = patterns.flatMap(([what, pattern]) => {
    const match = pattern.exec(text.slice(0, longestText));
    pattern.lastIndex = 0;
    return match ? [{ what, line: lineAt(text, match.index) }] : [];
  });
  if (isSource && text.length > longestSource)
    return [...found, { what: `a program of more than ${longestSource} characters`, line: 1 }];
  const long = isSource ? text.split('\n').findIndex((line) => line.length > longestLine) : -1;
  return long === -1 ? found : [...found, { what: `a line of more than ${longestLine} characters`, line: long + 1 }];
}

/** The text of a file; undefined when it is none. */
export function textOf(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined; // Not UTF-8.
  }
}
