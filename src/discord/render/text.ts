import { plainText } from '../../domain/plain-text.ts';

/** Without a backtick: code begins at one wherever it stands. */
const address = /https?:\/\/[^\s<>`]+/g;
const steering = /[\\`*_~|<>[\]]/g;
/** What makes a heading, a quotation or a list of a line. */
const lineStart = /^(\s*)([#>-])/gm;
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Text of models, people and files, as words that Discord shows as they are: no marks, no mentions, no previews of pages. */
export function plain(text: string): string {
  const clean = plainText(text).replaceAll('\t', ' ');
  const pieces = clean.split(address);
  const addresses = clean.match(address) ?? [];
  return pieces.map((piece, index) => `${escaped(piece)}${addresses[index] ? `<${addresses[index]}>` : ''}`).join('');
}

function escaped(text: string): string {
  return text.replace(steering, '\\$&').replace(lineStart, '$1\\$2');
}

/** In one line. */
export function plainLine(text: string, limit: number): string {
  return plain(fitted(text.replaceAll(/\s+/g, ' ').trim(), limit));
}

/** Cut to a number of characters, between what a person sees as signs. */
export function fitted(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = '';
  for (const { segment } of letters.segment(text.slice(0, limit * 2))) {
    if (kept.length + segment.length > limit - 1) break;
    kept += segment;
  }
  return `${kept.replace(/\\+$/, '').trimEnd()}…`;
}

/** A block of code that nothing inside can close. */
export function fenced(text: string, limit: number): string {
  const open = '```\n';
  const close = '\n```';
  const clean = plainText(text)
    .replaceAll('\t', '  ')
    .replaceAll(/`(?=`)/g, '`\u200b');
  return `${open}${fitted(clean, limit - open.length - close.length)}${close}`;
}

/** Markdown of ours or of an agent cut at a line, with an open block of code closed. */
export function cutMarkdown(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = '\n…';
  const close = '\n```';
  let kept = '';
  for (const line of text.split('\n')) {
    if (kept.length + line.length + 1 > limit - end.length - close.length) break;
    kept += kept === '' ? line : `\n${line}`;
  }
  const start = kept === '' ? fitted(text, limit - end.length - close.length) : kept;
  return `${start}${hasOpenFence(start) ? close : ''}${end}`;
}

/** Whether all that follows would stand in a block of code. */
export function hasOpenFence(text: string): boolean {
  return (text.match(/(?<!\\)```/g)?.length ?? 0) % 2 === 1;
}
