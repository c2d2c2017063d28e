import { counted } from './amounts.ts';
import { linesOf, unifiedDiff } from './text-diff.ts';
import type { ToolFiles } from './tool.ts';

/** Lines that a question shows; the whole of it is asked for by a command. */
const mostLines = 50;
const mostLetters = 3_000;

/** What a terminal would obey or not show, and what turns the direction of text around: whoever adopts a tool sees it. */
const unseenSigns = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]`;
const unseen = new RegExp(unseenSigns, 'g');

/** Everything that one version changes, as a unified diff of its files; a version without one before it is all new. */
export function changesOfTool(before: ToolFiles | undefined, after: ToolFiles): string[] {
  const paths = [...new Set([...(before?.keys() ?? []), ...after.keys()])].toSorted();
  return paths.flatMap((path) => changesOfFile(path, before?.get(path), after.get(path))).map(visible);
}

/** The files of a version that is the first of its tool: how long each is. */
export function filesInBrief(files: ToolFiles): string[] {
  const rows = [...files].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return rows.map(([path, content]) => {
    const text = textIn(content);
    const lines = text === undefined ? 'no text' : counted(linesOf(text).length, 'line');
    return visible(`  ${path}: ${lines}, ${counted(content.length, 'byte')}`);
  });
}

/** What a question tells of what it is about: short changes whole, longer ones as far as there is room. */
export function inBrief(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let letters = 0;
  for (const line of lines) {
    letters += line.length + 1;
    if (shown.length === mostLines || letters > mostLetters) {
      return [...shown, `… and ${counted(lines.length - shown.length, 'more line')}`];
    }
    shown.push(line);
  }
  return shown;
}

function changesOfFile(path: string, before: Uint8Array | undefined, after: Uint8Array | undefined): string[] {
  const [was, is] = [before && textIn(before), after && textIn(after)];
  const head = [`--- ${before ? `a/${path}` : '/dev/null'}`, `+++ ${after ? `b/${path}` : '/dev/null'}`];
  if ((before && was === undefined) || (after && is === undefined)) {
    const isSame = before && after && Buffer.from(before).equals(after);
    return isSame ? [] : [...head, `(no text: ${before?.length ?? 0} -> ${after?.length ?? 0} bytes)`];
  }
  const hunks = unifiedDiff(was ?? '', is ?? '');
  const isNew = before === undefined || after === undefined;
  // Lines alike and bytes not: the end of the last line, or marks that are no letters.
  if (hunks.length === 0 && !isNew && was !== is) return [...head, '(differs in the end of its last line)'];
  return hunks.length === 0 && !isNew ? [] : [...head, ...hunks];
}

/** Undefined for what is no text in UTF-8. */
function textIn(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined; // It is told by its size then.
  }
}

function visible(line: string): string {
  return line.replace(unseen, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
}
