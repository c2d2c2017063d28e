/** Advances of the signs from the space to the tilde, in hundredths of the size: Arial and all fonts that are made to its measure. */
const regular =
  '28 28 35 56 56 89 67 19 33 33 39 58 28 33 28 28 56 56 56 56 56 56 56 56 56 56 28 28 58 58 58 56 102 67 67 72 72 67 61 78 72 28 50 67 56 83 72 78 67 78 72 67 61 72 67 94 67 67 61 28 28 28 47 56 33 56 56 50 56 56 28 56 56 22 22 50 22 83 56 56 56 56 33 50 28 56 50 72 50 50 50 33 26 33 58';
const bold =
  '28 33 47 56 56 89 72 24 33 33 39 58 28 33 28 28 56 56 56 56 56 56 56 56 56 56 33 33 58 58 58 61 98 72 72 72 72 67 61 78 72 28 56 72 61 83 72 78 67 78 72 67 61 72 67 94 67 67 61 33 28 33 58 56 33 56 61 56 61 56 33 61 61 28 28 56 28 89 61 61 61 61 39 56 33 61 56 78 56 56 50 39 28 39 58';

export type Face = 'regular' | 'bold' | 'mono';

const advances: Readonly<Record<Exclude<Face, 'mono'>, readonly number[]>> = {
  regular: regular.split(' ').map(Number),
  bold: bold.split(' ').map(Number),
};
const ofMono = 60;
const ofEmoji = 135;
const ofOthers = { '·': 33, '…': 100, '“': 33, '”': 33, '→': 100, '×': 58 } as const;
const signs = new Intl.Segmenter('en', { granularity: 'grapheme' });

export function isEmoji(sign: string): boolean {
  return /^\p{Emoji_Presentation}|^\p{Extended_Pictographic}\ufe0f/u.test(sign);
}

/** What a person sees as one sign each. */
export function signsOf(text: string): string[] {
  return [...signs.segment(text)].map(({ segment }) => segment);
}

/** In the unit of the size. */
export function widthOf(text: string, face: Face, size: number): number {
  const hundredths = signsOf(text).reduce((sum, sign) => sum + advanceOf(sign, face), 0);
  return (hundredths * size) / 100;
}

function advanceOf(sign: string, face: Face): number {
  if (isEmoji(sign)) return ofEmoji;
  if (face === 'mono') return ofMono;
  const other = Object.entries(ofOthers).find(([name]) => name === sign)?.[1];
  return other ?? advances[face][(sign.codePointAt(0) ?? 0) - 32] ?? 60;
}
