import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, CodeChange, FileChange } from '../../domain/file-change.ts';
import { languageOfFile } from '../../domain/file-language.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import { type BytePath, pathsIn, shown } from '../files/byte-path.ts';
import { bytePathsOf } from '../files/walk.ts';
import { type GitCall, type GitSetting, git } from '../git/git.ts';
import { bringUpToDate } from '../git/index-of-folder.ts';
import { nameOfWorkspace } from '../workspace-name.ts';

/** Where the states of one workspace are remembered; never inside it, so that a repository of the user's is never touched. */
export type ShadowRepository = { readonly gitFolder: string; readonly workspace: string; readonly searchPath: string };

/** Where shadow repositories are kept (a folder under the state root), and where git itself is found. */
export type ShadowGit = { readonly root: string; readonly searchPath: string };

type LineCount = Pick<CodeChange, 'linesAdded' | 'linesRemoved'>;

const uncounted: LineCount = { linesAdded: null, linesRemoved: null };

/** Of more changed files than this the lines are not counted: that would read all of them. */
const mostCountedFiles = 10_000;
/** A bigger file is not compared line by line. */
export const mostComparedBytes = 8 * 1024 * 1024;

/** Nothing of the user's or the machine's ways takes part. */
const settings: readonly GitSetting[] = [
  ['core.autocrlf', 'false'],
  ['core.excludesFile', '/dev/null'],
  // They would leave out files whose names mean something on other systems only.
  ['core.protectNTFS', 'false'],
  ['core.protectHFS', 'false'],
  ['init.defaultBranch', 'main'],
];

/** Overrides every .gitattributes of the workspace: bytes are compared as they are, and no filter program is ever run. What is text is found by looking. */
const attributes = '* -text -filter -ident -working-tree-encoding -merge !diff\n';

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
  const tree = (await run(repository, ['write-tree'])).toString().trim();
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
  return (await changedFiles(repository, referenceOf(task, before), referenceOf(task, after))).map(
    ({ path, change }) => ({ path: shown(path), change }),
  );
}

/** The same with lines and languages. */
export async function codeChangesBetween(
  shadow: ShadowGit,
  workspace: string,
  task: TaskId,
  before: string,
  after: string,
): Promise<CodeChange[]> {
  const repository = await openRepository(shadow, workspace);
  const trees = [referenceOf(task, before), referenceOf(task, after)] as const;
  const changes = await changedFiles(repository, ...trees);
  const lines = changes.length > mostCountedFiles ? undefined : await linesChanged(repository, ...trees);
  return changes.map(({ path, change }) => ({
    path: shown(path),
    change,
    ...(lines?.get(path) ?? uncounted),
    language: languageOfFile(shown(path)),
  }));
}

export async function changedFiles(repository: ShadowRepository, before: string, after: string) {
  const listed = await run(repository, ['diff-tree', '-r', '-z', '--no-renames', '--name-status', before, after]);
  const fields = pathsIn(listed);
  return fields.flatMap((status, index) => {
    const path = fields[index + 1];
    return index % 2 === 0 && path !== undefined ? [{ path, change: changeOf(status) }] : [];
  });
}

/** By path; git counts no lines of what is no text, and of what is too big to be compared line by line. */
async function linesChanged(repository: ShadowRepository, before: string, after: string) {
  const big = ['-c', `core.bigFileThreshold=${mostComparedBytes}`];
  const listed = await run(repository, [...big, 'diff-tree', '-r', '-z', '--no-renames', '--numstat', before, after]);
  return new Map(pathsIn(listed).map(countOf));
}

function countOf(line: BytePath): [string, LineCount] {
  const [added = '-', removed = '-', ...path] = line.split('\t');
  const isText = added !== '-';
  return [path.join('\t'), isText ? { linesAdded: Number(added), linesRemoved: Number(removed) } : uncounted];
}

/** Opens the shadow repository of a workspace, and makes it when there is none yet. */
export async function openRepository({ root, searchPath }: ShadowGit, workspace: string): Promise<ShadowRepository> {
  const repository = { gitFolder: join(root, `${nameOfWorkspace(workspace)}.git`), workspace, searchPath };
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

async function rememberFiles(repository: ShadowRepository): Promise<void> {
  const { workspace } = repository;
  await bringUpToDate(
    (args, input) => run(repository, args, input),
    workspace,
    () => knownFiles(repository),
    () => bytePathsOf(workspace),
  );
}

async function knownFiles(repository: ShadowRepository): Promise<BytePath[]> {
  try {
    return pathsIn(await run(repository, ['ls-files', '-z']));
  } catch {
    // A power cut can destroy the index. It only saves reading files again, so it is made anew.
    await rm(join(repository.gitFolder, 'index'), { force: true });
    return [];
  }
}

/** The tree of a state that was remembered; undefined when there is none by that name. */
export async function resolveTree(repository: ShadowRepository, reference: string): Promise<string | undefined> {
  const listed = await run(repository, ['for-each-ref', '--format=%(objectname)', reference]);
  return listed.toString().trim() || undefined;
}

export function referenceOf(task: TaskId, name: string): string {
  return `refs/spiral/${task}/${name}`;
}

function changeOf(status: string): Change {
  if (status.startsWith('A')) return 'created';
  return status.startsWith('D') ? 'deleted' : 'modified';
}

function run(repository: ShadowRepository, args: readonly string[], input?: Buffer): Promise<Buffer> {
  return git(callOn(repository, args, input ? { input } : {}));
}

/** How git is called on a shadow repository. */
export function callOn(repository: ShadowRepository, args: readonly string[], more: Partial<GitCall> = {}): GitCall {
  const { gitFolder, workspace, searchPath } = repository;
  const environment = { PATH: searchPath, GIT_DIR: gitFolder, GIT_WORK_TREE: workspace };
  return { args, environment, cwd: workspace, settings, ...more };
}
