import { createHash } from 'node:crypto';
import type { ToolFiles } from './tool.ts';

/** See `ToolVersion.digest`. No two different sets of files have the same text to be digested: every part has its length before it. */
export function digestOf(files: ToolFiles): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [path, content] of sorted) {
    const name = Buffer.from(path, 'utf8');
    hash.update(`${name.length}:${content.length}:`).update(name).update(content);
  }
  return hash.digest('hex');
}
