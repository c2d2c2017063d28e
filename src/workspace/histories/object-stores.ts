import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { attemptGit, type GitCall, type GitResult, type GitSetting, git } from '../git/git.ts';
import { untrusted } from './plain-files.ts';

/**
 * Two stores of git objects that no git process ever sees together, so that what an agent put into the one cannot stand for
 * what is in the other.
 */
export type ObjectStores = {
  /** Ours: the objects of the shadow repository, and what is made here. */
  ours(args: readonly string[], input?: string): Promise<Buffer>;
  /** Those in the workspace. They are only read, and the repository around them, its configuration above all, is not. */
  theirs(args: readonly string[], input?: string, outputBytes?: number): Promise<GitResult>;
  /** An empty folder under the state root, for files on their way. */
  readonly folder: string;
  close(): Promise<void>;
};

export type StorePlaces = {
  /** May be there, with what a kill left in it. */
  readonly folder: string;
  readonly shadowFolder: string;
  readonly gitFolder: string;
  readonly searchPath: string;
};

/** Caches that would be believed without a look at the objects. And names are taken as they are. */
const settings: readonly GitSetting[] = [
  ['core.commitGraph', 'false'],
  ['core.multiPackIndex', 'false'],
  ['core.protectNTFS', 'false'],
  ['core.protectHFS', 'false'],
];

/** A project may hold any file, also one that is called as git's own and makes no sense to git. */
const contentOfProjects: readonly GitSetting[] = [
  'gitmodulesName',
  'gitmodulesPath',
  'gitmodulesUrl',
  'gitmodulesUpdate',
  'gitmodulesBlob',
  'gitmodulesLarge',
  'gitmodulesParse',
].map((problem) => [`fsck.${problem}`, 'ignore'] as const);

export async function openObjectStores({ folder, shadowFolder, gitFolder, searchPath }: StorePlaces) {
  const close = () => rm(folder, { recursive: true, force: true });
  await close();
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true, mode: 0o700 });
  const repository = join(folder, 'repository.git');
  const call = (
    args: readonly string[],
    store: Readonly<Record<string, string>>,
    input?: string,
    outputBytes?: number,
  ): GitCall => ({
    args,
    environment: { PATH: searchPath, GIT_DIR: repository, ...store },
    cwd: folder,
    settings,
    ...(input === undefined ? {} : { input }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
  });
  const ours = {
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(shadowFolder, 'objects')),
    GIT_INDEX_FILE: join(files, 'index'),
  };
  const theirs = { GIT_OBJECT_DIRECTORY: join(gitFolder, 'objects') };
  await git(call(['init', '--quiet', '--bare', '--template=', '--initial-branch=main'], {}));
  const stores: ObjectStores = {
    ours: (args, input) => git(call(args, ours, input)),
    theirs: (args, input, outputBytes) => attemptGit(call(args, theirs, input, outputBytes)),
    folder: files,
    close,
  };
  return stores;
}

/** Throws `WorkspaceError` unless every object of the workspace's repository is what its name says, and none of this commit's is missing. */
export async function requireWhole(stores: ObjectStores, gitFolder: string, commit: string): Promise<void> {
  const options = contentOfProjects.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const args = [...options, 'fsck', '--full', '--no-dangling', '--no-progress', '--no-reflogs', commit];
  const { exitCode } = await stores.theirs(args);
  if (exitCode !== 0) throw untrusted(gitFolder, `is broken (see: git -C ${gitFolder} fsck)`);
}

/** The tree of a commit in the workspace's repository. */
export async function treeOfCommit(stores: ObjectStores, gitFolder: string, commit: string): Promise<string> {
  const { exitCode, output } = await stores.theirs(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
  if (exitCode !== 0) throw untrusted(gitFolder, `has no commit ${commit}`);
  return output.toString().trim();
}

/** Makes a pack of objects of ours that the workspace's repository does not have. Gives back its files. */
export async function packMissing(stores: ObjectStores, objects: readonly string[]): Promise<string[]> {
  const asked = await stores.theirs(['cat-file', '--batch-check'], lines(objects));
  const missing = asked.output
    .toString()
    .split('\n')
    .filter((line) => line.endsWith(' missing'))
    .map((line) => line.slice(0, -' missing'.length));
  if (missing.length === 0) return [];
  await stores.ours(['pack-objects', '--quiet', join(stores.folder, 'pack')], lines(missing));
  // A pack that is found by its index must be there: the index comes last.
  const made = (await readdir(stores.folder)).filter((name) => /^pack-[0-9a-f]+\.(pack|idx)$/.test(name));
  return made.toSorted().toReversed();
}

function lines(names: readonly string[]): string {
  return names.map((name) => `${name}\n`).join('');
}

/** A path in a list whose parts a colon keeps apart. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
