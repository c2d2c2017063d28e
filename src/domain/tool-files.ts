import type { ToolFiles } from './tool.ts';

const longestPath = 200;
/** File systems have no longer ones. */
const longestNameBytes = 255;
const mostFiles = 5_000;
const mostBytes = 64 * 1024 * 1024;

/** Why these files cannot lie in a folder of their own, the same on every machine; undefined when they can. */
export function problemOfToolFiles(files: ToolFiles): string | undefined {
  if (files.size > mostFiles) return `there are ${files.size} files, and a tool has at most ${mostFiles}`;
  const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  if (bytes > mostBytes) return `its files have ${bytes} bytes, and a tool has at most ${mostBytes}`;
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  for (const path of files.keys()) {
    const shown = JSON.stringify(path.slice(0, longestPath));
    if (!isPlainPath(path)) return `the path ${shown} is not one of a file in its folder`;
    const steps = path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));
    const file = keyOf(path);
    if (taken.has(file) || folders.has(file)) return `two files have the path ${shown}`;
    taken.add(file);
    for (const folder of steps.slice(0, -1)) {
      const key = keyOf(folder);
      if (taken.has(key) || (folders.get(key) ?? folder) !== folder) return `two files have the path ${shown}`;
      folders.set(key, folder);
    }
  }
  return undefined;
}

/** There are file systems that do not tell small letters from capital ones, nor two spellings of an accent. */
function keyOf(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Relative, with `/` between names, and nothing in it that some system would read in another way. */
function isPlainPath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (path.length > longestPath || /[\0-\x1f\x7f\\:*?"<>|]|\p{Cs}/u.test(path)) return false;
  return path.split('/').every((name) => {
    const isShort = new TextEncoder().encode(name).length <= longestNameBytes;
    return isShort && name !== '' && name !== '.' && name !== '..' && !/^ |[ .]$/.test(name);
  });
}
