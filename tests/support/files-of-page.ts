import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes the files that a page of the documents shows whole: each block whose first line names a path after its language. */
export function writeFilesOfPage(page: string, folder: string): void {
  const text = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8');
  for (const [, path = '', content = ''] of text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
