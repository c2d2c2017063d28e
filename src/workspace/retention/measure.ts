import { lstat, readdir } from 'node:fs/promises';
import { bytePath, bytesOf, joined } from '../files/byte-path.ts';

export type Measure = {
  /** What it takes on the disk. */
  readonly bytes: number;
  /** When something in it last changed. */
  readonly newest: Date;
};

const blockBytes = 512;

/** Looks at a file or folder with all that is in it; links count as themselves. What vanishes meanwhile counts nothing. */
export async function measure(path: string | Buffer): Promise<Measure> {
  const bytes = typeof path === 'string' ? Buffer.from(path) : path;
  const status = await lstat(bytes).catch(() => undefined);
  if (!status) return { bytes: 0, newest: new Date(0) };
  let total = status.blocks * blockBytes;
  let newest = status.mtime;
  if (status.isDirectory()) {
    // One that cannot be read counts as itself.
    for (const name of await readdir(bytes, { encoding: 'buffer' }).catch(() => [])) {
      const inside = await measure(bytesOf(joined(bytePath(bytes), bytePath(name))));
      total += inside.bytes;
      if (inside.newest > newest) newest = inside.newest;
    }
  }
  return { bytes: total, newest };
}
