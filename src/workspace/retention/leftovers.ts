import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionId, TaskId } from '../../domain/identifiers.ts';
import { ownFolders } from '../files/own-folders.ts';
import { removeTree } from '../files/remove-tree.ts';
import { nameOfWorkspace } from '../workspace-name.ts';

/** What must stay, whatever its age. */
export type Needed = {
  readonly keepTasks: readonly TaskId[];
  readonly keepWorkspaces: readonly string[];
  readonly keepSessions: readonly SessionId[];
  /** Folders of tasks that were given none, absolute: the work of people lies there. */
  readonly keepFolders: readonly string[];
};

/** Something under the state root that belongs to one task, workspace or session. */
export type Leftover = {
  /** The files and folders that it consists of. */
  readonly paths: readonly string[];
  readonly isNeeded: boolean;
  remove(): Promise<void>;
};

const session = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

export async function leftoversIn(stateRoot: string, needed: Needed): Promise<Leftover[]> {
  const all = [shadowsIn, homesIn, worktreesIn, buildsIn, ownFoldersIn, attachmentsIn, transcriptsIn].map((find) =>
    find(stateRoot, needed),
  );
  return (await Promise.all(all)).flat();
}

async function shadowsIn(stateRoot: string, { keepTasks, keepWorkspaces }: Needed): Promise<Leftover[]> {
  const entries = await foldersOf(join(stateRoot, 'shadow'));
  return Promise.all(
    entries
      .filter((name) => name.endsWith('.git'))
      .map(async (name) => {
        const path = join(stateRoot, 'shadow', name);
        const workspace = (await readFile(join(path, 'workspace'), 'utf8').catch(() => '')).replace(/\n$/, '');
        const tasks = await foldersOf(join(path, 'refs/spiral'));
        const isNeeded = keepWorkspaces.includes(workspace) || tasks.some((task) => isAmong(keepTasks, task));
        return leftover([path], isNeeded);
      }),
  );
}

async function homesIn(stateRoot: string, { keepTasks, keepWorkspaces }: Needed): Promise<Leftover[]> {
  const names = new Set([...keepWorkspaces.map(nameOfWorkspace), ...keepTasks]);
  const homes = await foldersOf(join(stateRoot, 'homes'));
  return homes.map((name) => leftover([join(stateRoot, 'homes', name)], names.has(name)));
}

/** Worktrees whose work is merged or given up, or whose task nobody knows; the branches in the repositories stay. */
async function worktreesIn(stateRoot: string, { keepTasks }: Needed): Promise<Leftover[]> {
  const root = join(stateRoot, 'worktrees');
  const names = (await entriesOf(root)).map(({ name }) => name);
  const tasks = new Set(
    names.filter((name) => name !== '').map((name) => (name.startsWith('.') ? name : taskOf(name))),
  );
  return [...tasks].map((task) => {
    const own = names.filter((name) => name === task || taskOf(name) === task);
    return leftover(
      own.map((name) => join(root, name)),
      isAmong(keepTasks, task),
    );
  });
}

/** Folders in which tools were built; what was adopted lies elsewhere. */
async function buildsIn(stateRoot: string, { keepWorkspaces }: Needed): Promise<Leftover[]> {
  const root = join(stateRoot, 'builds');
  const names = await foldersOf(root);
  return names.map((name) => leftover([join(root, name)], keepWorkspaces.includes(join(root, name))));
}

async function ownFoldersIn(stateRoot: string, { keepFolders }: Needed): Promise<Leftover[]> {
  const root = join(stateRoot, ownFolders);
  const names = await foldersOf(root);
  return names.map((name) => leftover([join(root, name)], keepFolders.includes(join(root, name))));
}

/** What came with tasks and was put into their workspaces since. */
async function attachmentsIn(stateRoot: string, { keepTasks }: Needed): Promise<Leftover[]> {
  const root = join(stateRoot, 'attachments');
  const names = await foldersOf(root);
  return names.map((name) => leftover([join(root, name)], isAmong(keepTasks, name)));
}

async function transcriptsIn(stateRoot: string, { keepSessions }: Needed): Promise<Leftover[]> {
  const projects = join(stateRoot, 'claude-code/projects');
  const found: Leftover[] = [];
  for (const project of await foldersOf(projects)) {
    for (const { name } of await entriesOf(join(projects, project))) {
      const id = session.exec(name)?.[0];
      if (id !== undefined) found.push(leftover([join(projects, project, name)], isAmong(keepSessions, id)));
    }
  }
  return found;
}

/** `ID`, `ID.index` and `ID.json` belong together. */
function taskOf(name: string): string {
  return name.split('.')[0] ?? name;
}

function isAmong(kept: readonly string[], name: string): boolean {
  return kept.includes(name);
}

function leftover(paths: readonly string[], isNeeded: boolean): Leftover {
  return {
    paths,
    isNeeded,
    async remove() {
      for (const path of paths) {
        // Whoever opens it from now on makes a new one, and does not find half of this.
        const aside = `${path}.removed`;
        await removeTree(aside);
        await rename(path, aside).catch(() => undefined); // Gone already.
        await removeTree(aside);
      }
    },
  };
}

async function foldersOf(path: string): Promise<string[]> {
  return (await entriesOf(path)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Nothing for a link to a folder: what is in it is not ours. */
async function entriesOf(path: string): Promise<Dirent[]> {
  const status = await lstat(path).catch(() => undefined);
  return status?.isDirectory() ? readdir(path, { withFileTypes: true }) : [];
}
