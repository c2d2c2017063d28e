import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../../domain/identifiers.ts';
import { openRepository, referenceOf, resolveTree } from '../shadow-git/repository.ts';
import { WorkspaceError } from '../workspace.ts';
import { isMarked } from './begin.ts';
import { type Branch, branchOf, moveBranch } from './branch.ts';
import { configurationIn, historyFolder, readMark } from './mark.ts';
import { type ObjectStores, openObjectStores, packMissing, requireWhole, treeOfCommit } from './object-stores.ts';
import { putFile, requireFolder, requireOwnObjects, untrusted } from './plain-files.ts';
import type { HistorySetting } from './setting.ts';

/** Of a commit of ours, in bytes: what stands before its message. */
const largestHead = 4096;

const author = 'Spiral <spiral@localhost>';

/** What git may be told about a repository that changes nothing of how its objects and branches are kept. */
const harmlessExtensions = new Set(['noop', 'noop-v1', 'preciousobjects', 'worktreeconfig']);

/**
 * Commits a remembered state of the workspace to the history in it, on top of what is there. Nothing that an agent works
 * with runs at the same time. The branch moves last but one; the index, which is a person's view of it, comes last and is
 * made again by every call.
 */
export async function commitState(
  setting: HistorySetting,
  workspace: string,
  task: TaskId,
  state: string,
  message: string,
): Promise<string | undefined> {
  const gitFolder = join(workspace, '.git');
  try {
    await requireOurs(setting, workspace, gitFolder);
    const shadow = await openRepository(setting.shadow, workspace);
    const tree = await resolveTree(shadow, referenceOf(task, state));
    if (!tree) throw new WorkspaceError(`no state ${state} of task ${task} is remembered`, 'Do the phase again.');
    const branch = await branchOf(gitFolder);
    await requireOwnObjects(join(gitFolder, 'objects'));
    const stores = await openObjectStores({
      folder: join(historyFolder(setting, workspace), 'work'),
      shadowFolder: shadow.gitFolder,
      gitFolder,
      searchPath: setting.shadow.searchPath,
    });
    try {
      const commit = await commitTree(stores, gitFolder, branch, tree, message);
      await showIndex(stores, gitFolder, tree);
      return commit;
    } finally {
      await stores.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || error instanceof WorkspaceError) throw error;
    // The agent took our rights away, a folder is where a file belongs, the disk is full …
    throw untrusted(gitFolder, `cannot be written (${String(error.code)})`);
  }
}

async function commitTree(
  stores: ObjectStores,
  gitFolder: string,
  branch: Branch,
  tree: string,
  message: string,
): Promise<string | undefined> {
  const { tip } = branch;
  const objects = await objectsOf(stores, tree);
  if (tip === undefined && objects.length === 1) return undefined; // Nothing, after nothing.
  if (tip !== undefined && (await treeOfCommit(stores, gitFolder, tip)) === tree) {
    await requireWhole(stores, gitFolder, tip);
    // Made by us before: a kill came between the commit and whoever wanted to know of it.
    return (await isCommitWith(stores, tip, message)) ? tip : undefined;
  }
  const text = commitText(tree, tip, message);
  const commit = (await stores.ours(['hash-object', '-t', 'commit', '-w', '--stdin'], text)).toString().trim();
  const packs = await requireFolder(gitFolder, ['objects', 'pack']);
  for (const name of await packMissing(stores, [commit, ...objects]))
    await putFile(join(stores.folder, name), packs, name);
  await requireWhole(stores, gitFolder, commit);
  await moveBranch(gitFolder, branch, commit);
  return commit;
}

async function requireOurs(setting: HistorySetting, workspace: string, gitFolder: string): Promise<void> {
  const mark = await readMark(setting, workspace);
  if (!mark || !(await isMarked(setting, gitFolder, mark)))
    throw untrusted(gitFolder, 'is not the repository that Spiral began there');
  const configuration = (await configurationIn(setting, gitFolder)) ?? new Map<string, string>();
  for (const key of configuration.keys()) {
    const [section, name = ''] = key.split('.');
    if (section === 'extensions' && !harmlessExtensions.has(name))
      throw untrusted(gitFolder, `is kept in a way that is not known here (${key})`);
  }
}

/** The tree itself and all below it. */
async function objectsOf(stores: ObjectStores, tree: string): Promise<string[]> {
  const listed = (await stores.ours(['ls-tree', '-r', '-t', '-z', tree])).toString('latin1');
  const entries = listed.split('\0').slice(0, -1);
  // Mode, kind and name stand before the path.
  return [...new Set([tree, ...entries.map((entry) => entry.split(/[ \t]/, 3)[2] ?? '')])];
}

/** Whether a commit in the workspace's repository has this message. One of an agent may be longer than memory: it is not read to its end. */
async function isCommitWith(stores: ObjectStores, commit: string, message: string): Promise<boolean> {
  const wanted = messageText(message);
  const longest = Buffer.byteLength(wanted) + largestHead;
  const { exitCode, output, cut } = await stores.theirs(['cat-file', 'commit', commit], undefined, longest);
  if (exitCode !== 0 || cut) return false;
  const text = output.toString();
  return text.slice(text.indexOf('\n\n') + 2) === wanted;
}

function commitText(tree: string, parent: string | undefined, message: string): string {
  const when = `${Math.floor(Date.now() / 1000)} +0000`;
  return [
    `tree ${tree}`,
    ...(parent === undefined ? [] : [`parent ${parent}`]),
    `author ${author} ${when}`,
    `committer ${author} ${when}`,
    '',
    messageText(message),
  ].join('\n');
}

function messageText(message: string): string {
  return `${message.replaceAll('\0', '').trim()}\n`;
}

/** Lets what a person sees agree with the commit: no file is changed, none is staged. */
async function showIndex(stores: ObjectStores, gitFolder: string, tree: string): Promise<void> {
  await stores.ours(['read-tree', tree]);
  await rm(join(gitFolder, 'index.lock'), { force: true });
  await putFile(join(stores.folder, 'index'), gitFolder, 'index');
}
