import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';

/** What is remembered of a worktree that is ready to be worked in. */
const recordSchema = z.object({
  repository: z.object({ path: z.string(), branch: z.string(), base: z.string() }),
  /** Files that were copied into it and are never committed. */
  copied: z.array(z.string()),
  /** What was done to make it usable. */
  setup: z.object({ exitCode: z.number().nullable(), output: z.string() }).exactOptional(),
});

export type WorktreeRecord = z.infer<typeof recordSchema>;

/** Undefined when there is none: nobody has worked in the worktree yet. */
export async function readRecord(path: string): Promise<WorktreeRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** There as a whole or not at all, also when we are killed in the middle. */
export async function writeRecord(path: string, record: WorktreeRecord): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}
