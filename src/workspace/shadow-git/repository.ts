import { createHash } from 'node:crypto';
import { lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Change, FileChange } from '../../domain/file-change.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import { filesOf } from '../files/walk.ts';
import { git } from './git.ts';

/** Where the states of one workspace are remembered; never inside it, so that a repository of the user's is never touched. */
type ShadowRepository = { readonly gitFolder: string; readonly workspace: string; readonly searchPath: string };

/** Where shadow repositories are kept (a folder under the state root), and where git itself is found. */
export type ShadowGit = { readonly root: string; readonly searchPath: string };

const removedMode = `0 ${'0'.repeat(40)}`;

/** Overrides every .gitattributes of the workspace: bytes are compared as they are, and no filter program is ever run. */
const attributes = '* -text -filter -ident -working-tree-encoding -merge -diff\n';

/**
 * Remembers the state of a workspace under a name. A name that is taken keeps what it has, so that an interrupted round
 * which begins again is compared with the state before it first began.
 */
export async function takeSnapshot(shadow: ShadowGit, workspace: string, task: TaskId, name: string): Promise<void> {
  const repository = await openRepository(shadow, workspace);
  const reference = referenceOf(task, name);
  if (await resolveTree(repository, reference)) return;
  await rm(join(repository.gitFolder, `${reference}.lock`), { force: true });
  await rememberFiles(repository);
  const tree = (await run(repository, ['write-tree'])).trim();
  await run(repository, ['update-ref', reference, tree]);
}

/** What differs between two states that were remembered, renames told as a deletion and a creation. */
export async function changesBetween(
  shadow: ShadowGit,
  workspace: string,
  task: TaskId,
  before: string,
  after: string,
): Promise<FileChange[]> {
  const repository = await openRepository(shadow, workspace);
  const trees = [referenceOf(task, before), referenceOf(task, after)];
  const listed = await run(repository, ['diff-tree', '-r', '-z', '--no-renames', '--name-status', ...trees]);
  const fields = listed.split('\0').slice(0, -1);
  return fields.flatMap((status, index) => {
    const path = fields[index + 1];
    return index % 2 === 0 && path !== undefined ? [{ path, change: changeOf(status) }] : [];
  });
}

async function openRepository({ root, searchPath }: ShadowGit, workspace: string): Promise<ShadowRepository> {
  const name = createHash('sha256').update(workspace).digest('hex').slice(0, 24);
  const repository = { gitFolder: join(root, `${name}.git`), workspace, searchPath };
  await mkdir(root, { recursive: true, mode: 0o700 });
  // Locks that a killed process left behind. The lease on the workspace says that nobody else is here.
  for (const lock of ['index.lock', 'config.lock', 'HEAD.lock']) {
    await rm(join(repository.gitFolder, lock), { force: true });
  }
  // Safe to repeat, and it mends a repository that a kill left half made. Without a template: nothing of the machine's.
  await run(repository, ['init', '--quiet', '--template=']);
  await mkdir(join(repository.gitFolder, 'info'), { recursive: true });
  await writeFile(join(repository.gitFolder, 'info', 'attributes'), attributes);
  await writeFile(join(repository.gitFolder, 'workspace'), `${workspace}\n`);
  return repository;
}

/**
 * Brings the index up to what is in the workspace now. Tried again when it fails: somebody may have put a folder in the place
 * of a file between the walk and git. What is wrong for good is told by the second attempt.
 */
async function rememberFiles(repository: ShadowRepository): Promise<void> {
  const attempt = async () => updateIndex(repository, await filesOf(repository.workspace));
  await attempt().catch(attempt);
}

async function updateIndex(repository: ShadowRepository, walked: readonly string[]): Promise<void> {
  const known = await knownFiles(repository);
  const present = new Set(walked);
  const gone: string[] = [];
  const files = [...walked];
  for (const path of known.filter((path) => !present.has(path))) {
    // As git does it: a rule of .gitignore that comes later does not make a file vanish that is still there.
    if (await isStillThere(repository.workspace, path)) files.push(path);
    else gone.push(path);
  }
  if (gone.length > 0) {
    const lines = gone.map((path) => `${removedMode}\t${path}\0`).join('');
    await run(repository, ['update-index', '-z', '--index-info'], lines);
  }
  // `--remove`: a file that vanished since the walk is no error. `--replace`: a folder may have become a file.
  const lines = files.map((path) => `${path}\0`).join('');
  await run(repository, ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], lines);
}

async function knownFiles(repository: ShadowRepository): Promise<string[]> {
  try {
    return (await run(repository, ['ls-files', '-z'])).split('\0').slice(0, -1);
  } catch {
    // A power cut can destroy the index. It only saves reading files again, so it is made anew.
    await rm(join(repository.gitFolder, 'index'), { force: true });
    return [];
  }
}

/** Whether a file is where it was, and not behind a link that has taken the place of a folder on the way to it. */
async function isStillThere(workspace: string, path: string): Promise<boolean> {
  const full = join(workspace, path);
  try {
    const status = await lstat(full);
    return (status.isFile() || status.isSymbolicLink()) && (await realpath(dirname(full))) === dirname(full);
  } catch {
    return false; // Deleted, which is the answer to the question.
  }
}

async function resolveTree(repository: ShadowRepository, reference: string): Promise<string | undefined> {
  const listed = await run(repository, ['for-each-ref', '--format=%(objectname)', reference]);
  return listed.trim() || undefined;
}

function referenceOf(task: TaskId, name: string): string {
  return `refs/spiral/${task}/${name}`;
}

function changeOf(status: string): Change {
  if (status.startsWith('A')) return 'created';
  return status.startsWith('D') ? 'deleted' : 'modified';
}

function run(repository: ShadowRepository, args: readonly string[], input = ''): Promise<string> {
  const { gitFolder, workspace, searchPath } = repository;
  return git(args, { PATH: searchPath, GIT_DIR: gitFolder, GIT_WORK_TREE: workspace }, workspace, input);
}
