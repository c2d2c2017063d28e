import type { Face } from './text-width.ts';

/** A piece of a line that looks the same from end to end. */
export type Span = { readonly text: string; readonly face: Face; readonly look: 'words' | 'code' | 'link' };

/** One line of Discord's Markdown, as far as Spiral writes it. */
export type Line = { readonly kind: 'line' | 'small' | 'block'; readonly spans: readonly Span[] };

/** How the pictures name what Discord fills in by itself. */
const times = '2 minutes ago';
const people: Readonly<Record<string, string>> = { '4711': '@ada' };

export function linesOf(text: string): Line[] {
  let isBlock = false;
  return text.split('\n').flatMap((line): Line[] => {
    if (line.startsWith('```')) {
      isBlock = !isBlock;
      return [];
    }
    if (isBlock) return [{ kind: 'block', spans: [{ text: line, face: 'mono', look: 'code' }] }];
    const isSmall = line.startsWith('-# ');
    return [{ kind: isSmall ? 'small' : 'line', spans: spansOf(isSmall ? line.slice(3) : line.replace(/^- /, '• ')) }];
  });
}

const mark =
  /\\(?<escaped>.)|\*\*(?<bold>.+?)\*\*|`(?<code>[^`]+)`|<t:\d+:\w>|<@(?<person>\d+)>|<(?<link>https?:[^>]+)>/u;

function spansOf(line: string): Span[] {
  const found = mark.exec(line);
  if (!found) return line === '' ? [] : [words(line)];
  const before = line.slice(0, found.index);
  const after = spansOf(line.slice(found.index + found[0].length));
  return joined([...(before === '' ? [] : [words(before)]), ...meant(found), ...after]);
}

function meant({ groups = {} }: RegExpExecArray): Span[] {
  const { escaped, bold, code, person, link } = groups;
  if (escaped !== undefined) return [words(escaped)];
  if (bold !== undefined) return spansOf(bold).map((span) => ({ ...span, face: 'bold' }));
  if (code !== undefined) return [{ text: code, face: 'mono', look: 'code' }];
  if (person !== undefined) return [{ text: people[person] ?? '@somebody', face: 'regular', look: 'link' }];
  return link === undefined ? [words(times)] : [{ text: link, face: 'regular', look: 'link' }];
}

function words(text: string): Span {
  return { text, face: 'regular', look: 'words' };
}

function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last && last.face === span.face && last.look === 'words' && span.look === 'words') {
      all.splice(-1, 1, { ...last, text: last.text + span.text });
    } else {
      all.push(span);
    }
  }
  return all;
}

/** Lines of a width, broken between words. */
export function wrapped(line: Line, width: number, widthOf: (span: Span) => number): Line[] {
  const lines: Span[][] = [[]];
  let left = width;
  for (const span of line.spans) {
    for (const text of span.look === 'code' && line.kind !== 'block' ? [span.text] : span.text.split(/(?<= )/)) {
      const piece = { ...span, text };
      const needed = widthOf({ ...piece, text: text.trimEnd() });
      if (needed > left && (lines.at(-1)?.length ?? 0) > 0) {
        lines.push([]);
        left = width;
      }
      lines.at(-1)?.push(piece);
      left -= widthOf(piece);
    }
  }
  return lines.map((spans) => ({ kind: line.kind, spans: joined(spans) }));
}
