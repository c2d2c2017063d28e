import { isUtf8 } from 'node:buffer';

/**
 * A path as the file system has it: any bytes, one to each character of the string. Git and the file system get it back as
 * it was, also when it is no UTF-8.
 */
export type BytePath = string & { readonly [brand]: true };
declare const brand: unique symbol;

/** Nearly every path is in these, where a byte and a character are the same. */
const ascii = /^[\0-\x7f]*$/;

export function bytePath(path: string | Buffer): BytePath {
  if (typeof path === 'string' && ascii.test(path)) return path as BytePath;
  return (typeof path === 'string' ? Buffer.from(path) : path).toString('latin1') as BytePath;
}

export function bytesOf(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The same for Node, which is faster with strings. */
export function filePath(path: BytePath): string | Buffer {
  return ascii.test(path) ? path : bytesOf(path);
}

export function joined(folder: BytePath, name: BytePath): BytePath {
  return (folder === '' ? name : `${folder}/${name}`) as BytePath;
}

/** A path in the words of a person. A part that is no UTF-8 has its bytes told as `\xFF`, so that it is seen at all. */
export function shown(path: BytePath): string {
  if (ascii.test(path)) return path;
  return path.split('/').map(shownPart).join('/');
}

/** Paths that git printed with `-z`. */
export function pathsIn(output: Buffer): BytePath[] {
  return output.toString('latin1').split('\0').slice(0, -1) as BytePath[];
}

/** Paths as git reads them with `-z`. */
export function pathLines(paths: readonly BytePath[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
}

function shownPart(part: string): string {
  const bytes = Buffer.from(part, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return [...bytes]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`))
    .join('');
}
