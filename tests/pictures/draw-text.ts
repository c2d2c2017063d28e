import { colours } from './colours.ts';
import { type Line, linesOf, type Span, wrapped } from './markdown.ts';
import { type Node, rounded, text } from './svg.ts';
import { type Face, isEmoji, signsOf, widthOf } from './text-width.ts';

export type Drawn = { readonly nodes: readonly Node[]; readonly height: number };

type Box = { readonly x: number; readonly y: number; readonly width: number };
type Look = { readonly size: number; readonly lineHeight: number; readonly fill?: string };

const codeSize = 0.86;
const smallSize = 12;
const blockPadding = 10;

/** Discord's Markdown in a column. */
export function drawnMarkdown(markdown: string, box: Box, look: Look): Drawn {
  const nodes: Node[] = [];
  let y = box.y;
  const lines = linesOf(markdown);
  for (let index = 0; index < lines.length; ) {
    const end = lines.findIndex((line, at) => at > index && line.kind !== 'block');
    const isBlock = lines[index]?.kind === 'block';
    const part = isBlock ? lines.slice(index, end < 0 ? lines.length : end) : lines.slice(index, index + 1);
    const drawn = isBlock ? drawnBlock(part, { ...box, y }, look) : drawnLine(part[0], { ...box, y }, look);
    nodes.push(...drawn.nodes);
    y += drawn.height;
    index += part.length;
  }
  return { nodes, height: y - box.y };
}

function drawnLine(line: Line | undefined, box: Box, { size, lineHeight, fill = colours.words }: Look): Drawn {
  if (!line || line.spans.length === 0) return { nodes: [], height: lineHeight / 2 };
  const shown = line.kind === 'small' ? { size: smallSize, fill: colours.quiet } : { size, fill };
  const rows = wrapped(line, box.width, (span) => widthOfSpan(span, shown.size));
  const nodes = rows.flatMap(({ spans }, row) => {
    const baseline = box.y + row * lineHeight + lineHeight * 0.72;
    return drawnSpans(spans, box.x, baseline, shown);
  });
  return { nodes, height: rows.length * lineHeight };
}

function drawnBlock(lines: readonly Line[], box: Box, { size, lineHeight }: Look): Drawn {
  const mono = size * codeSize;
  const inner = box.width - 2 * blockPadding;
  const rows = lines.flatMap((line) => wrapped(line, inner, (span) => widthOf(span.text, 'mono', mono)));
  const height = rows.length * lineHeight + 2 * blockPadding - 4;
  return {
    nodes: [
      rounded({ ...box, height }, 4, colours.code),
      ...rows.flatMap(({ spans }, row) => {
        const baseline = box.y + blockPadding + row * lineHeight + lineHeight * 0.66;
        return drawnRun(
          spans.map((span) => span.text).join(''),
          'mono',
          mono,
          box.x + blockPadding,
          baseline,
          colours.words,
        );
      }),
    ],
    height: height + 6,
  };
}

function drawnSpans(
  spans: readonly Span[],
  from: number,
  baseline: number,
  { size, fill }: { readonly size: number; readonly fill: string },
): Node[] {
  let x = from;
  return spans.flatMap((span) => {
    const at = x;
    const width = widthOfSpan(span, size);
    x += width;
    if (span.look !== 'code') {
      const colour = span.look === 'link' ? colours.link : span.face === 'bold' ? colours.strong : fill;
      return drawnRun(span.text, span.face, size, at, baseline, colour);
    }
    const pill = rounded({ x: at, y: baseline - size * 0.92, width: width - 2, height: size * 1.24 }, 3, colours.code);
    return [pill, ...drawnRun(span.text, 'mono', size * codeSize, at + size * 0.22, baseline, colours.words)];
  });
}

function widthOfSpan({ text: words, face, look }: Span, size: number): number {
  return look === 'code' ? widthOf(words, 'mono', size * codeSize) + size * 0.44 + 2 : widthOf(words, face, size);
}

/** Emoji are of another width with every font: each piece stands where it begins, whatever was before it. */
export function drawnRun(
  words: string,
  face: Face,
  size: number,
  from: number,
  baseline: number,
  fill: string,
): Node[] {
  let x = from;
  return piecesOf(words).flatMap((piece) => {
    const at = x;
    x += widthOf(piece, face, size);
    return piece.trim() === '' ? [] : [text(at, baseline, piece, { size: Math.round(size * 10) / 10, fill, face })];
  });
}

function piecesOf(words: string): string[] {
  const pieces: string[] = [];
  let wasEmoji: boolean | undefined;
  for (const sign of signsOf(words)) {
    const last = pieces.pop();
    if (last === undefined) pieces.push(sign);
    else if (wasEmoji === isEmoji(sign)) pieces.push(last + sign);
    else pieces.push(last, sign);
    wasEmoji = isEmoji(sign);
  }
  return pieces;
}
