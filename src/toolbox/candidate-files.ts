import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolFiles } from '../domain/tool.ts';

/** What lies in the folder of a build and belongs to no tool. */
const leftOut = new Set(['.git', '.claude', 'node_modules', '__pycache__', '.pytest_cache']);
/** The gate refuses far less; nobody reads on without end. */
const mostFiles = 2_000;
const mostBytes = 32 * 1024 * 1024;

/** The plain files of a folder in which a tool is being built. Links are left out: what they lead to is no part of it. */
export async function candidateFiles(folder: string): Promise<ToolFiles> {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  async function readInto(below: string): Promise<void> {
    const names = (await readdir(join(folder, below))).toSorted();
    for (const name of names) {
      if (leftOut.has(name) || files.size >= mostFiles || bytes >= mostBytes) continue;
      const path = below === '' ? name : `${below}/${name}`;
      const status = await lstat(join(folder, path));
      if (status.isDirectory()) await readInto(path);
      if (!status.isFile() || bytes + status.size > mostBytes) continue;
      const content = await readFile(join(folder, path));
      bytes += content.length;
      files.set(path, content);
    }
  }
  await readInto('');
  return files;
}

/** Lays the files of a tool that is to be improved into the folder of its build. Where a tool lies already nothing is done. */
export async function layOut(folder: string, files: ToolFiles): Promise<void> {
  const manifest = 'tool.json';
  // It comes last: what was broken off begins anew.
  if ((await readdir(folder)).includes(manifest)) return;
  for (const [path, content] of [...files].toSorted(([path]) => (path === manifest ? 1 : -1))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
