/** A node of a picture, as text. */
export type Node = string;

const fonts =
  "Arial, 'Liberation Sans', Helvetica, sans-serif, 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji'";
const monoFonts =
  "Consolas, 'Liberation Mono', Menlo, 'Courier New', monospace, 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji'";

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function rounded(
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  radius: number,
  fill: string,
  stroke?: string,
): Node {
  const border = stroke === undefined ? '' : ` stroke="${stroke}"`;
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${radius}" fill="${fill}"${border}/>`;
}

export function text(x: number, y: number, words: string, { size, fill, face = 'regular', anchor }: TextLook): Node {
  const looks = [
    face === 'bold' ? ' font-weight="700"' : '',
    face === 'mono' ? ' class="mono"' : '',
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
  ].join('');
  return `<text x="${n(x)}" y="${n(y)}" font-size="${size}" fill="${fill}"${looks}>${escaped(words)}</text>`;
}

export type TextLook = {
  readonly size: number;
  readonly fill: string;
  readonly face?: 'regular' | 'bold' | 'mono';
  readonly anchor?: 'middle' | 'end';
};

/** @param title what is seen in the picture, for whoever does not see it */
export function picture(width: number, height: number, title: string, nodes: readonly Node[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${n(height)}" viewBox="0 0 ${width} ${n(height)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font-family:${fonts};white-space:pre}.mono{font-family:${monoFonts}}</style>`,
    ...nodes,
    '</svg>',
    '',
  ].join('\n');
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
