import { plainText } from '../domain/plain-text.ts';

export { plainText };

/** The first line of a text, cut to a number of characters. */
export function oneLine(text: string, width: number): string {
  const lines = plainText(text).trim().split('\n');
  const line = (lines[0] ?? '').replaceAll('\t', ' ').trim();
  const cut = line.length > width || lines.length > 1;
  return cut ? `${line.slice(0, width - 1).trimEnd()}…` : line;
}

/** A whole text as one paragraph that is broken between words; a sign says when it would have more lines than it may. */
export function paragraph(text: string, { width, most }: { readonly width: number; readonly most: number }): string[] {
  const lines: string[] = [];
  for (const word of plainText(text)
    .split(/\s+/)
    .flatMap((word) => pieces(word, width))) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  if (lines.length <= most) return lines;
  const [end = ''] = lines.slice(most - 1);
  return [...lines.slice(0, most - 1), `${end.slice(0, width - 1)}…`];
}

/** A whole text with the lines that it has; longer ones are broken between words, with their indentation. */
export function textLines(text: string, width: number): string[] {
  return plainText(text)
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [indent = ''] = /^ {0,12}/.exec(line) ?? [];
      const lines = paragraph(line, { width: width - indent.length, most: Number.POSITIVE_INFINITY });
      return lines.length === 0 ? [''] : lines.map((one) => `${indent}${one}`);
    });
}

/** A word that is longer than a line in as many parts as it needs. */
function pieces(word: string, width: number): string[] {
  return word.length <= width
    ? word === ''
      ? []
      : [word]
    : [word.slice(0, width), ...pieces(word.slice(width), width)];
}
