import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path/posix';
import { type BytePath, bytePath, bytesOf, joined, pathLines } from '../files/byte-path.ts';

/** Runs git on one index and one working tree. */
export type RunGit = (args: readonly string[], input?: Buffer) => Promise<Buffer>;

const removedMode = `0 ${'0'.repeat(40)}`;

/**
 * Brings an index up to what is in a folder now. Every file is named to git one by one: left to itself it would take a
 * repository inside the folder for one entry and hide its files.
 *
 * Tried again when it fails: somebody may have put a folder in the place of a file between the walk and git. What is wrong
 * for good is told by the second attempt.
 *
 * @param known what the index holds
 * @param walked what is to be in it
 */
export async function bringUpToDate(
  run: RunGit,
  folder: string,
  known: () => Promise<readonly BytePath[]>,
  walked: () => Promise<readonly BytePath[]>,
): Promise<void> {
  const attempt = async () => updateIndex(run, folder, await known(), await walked());
  await attempt().catch(attempt);
}

async function updateIndex(run: RunGit, folder: string, known: readonly BytePath[], walked: readonly BytePath[]) {
  const present = new Set(walked);
  const gone: BytePath[] = [];
  const files = [...walked];
  for (const path of known.filter((path) => !present.has(path))) {
    // As git does it: a rule of .gitignore that comes later does not make a file vanish that is still there.
    if (await isStillThere(folder, path)) files.push(path);
    else gone.push(path);
  }
  if (gone.length > 0) {
    const lines = gone.map((path) => `${removedMode}\t${path}\0`).join('');
    await run(['update-index', '-z', '--index-info'], Buffer.from(lines, 'latin1'));
  }
  // `--remove`: a file that vanished since the walk is no error. `--replace`: a folder may have become a file.
  await run(['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], pathLines(files));
}

/** Whether a file is where it was, and not behind a link that has taken the place of a folder on the way to it. */
async function isStillThere(folder: string, path: BytePath): Promise<boolean> {
  const full = joined(bytePath(folder), path);
  const around = bytesOf(dirname(full) as BytePath);
  try {
    const status = await lstat(bytesOf(full));
    if (!status.isFile() && !status.isSymbolicLink()) return false;
    return around.equals(await realpath(around, { encoding: 'buffer' }));
  } catch {
    return false; // Deleted, which is the answer to the question.
  }
}
