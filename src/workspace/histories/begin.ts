import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { neverEntered } from '../files/walk.ts';
import { configurationIn, type Mark, markKey, readMark, writeMark } from './mark.ts';
import { isFolder, statusOf } from './plain-files.ts';
import type { HistorySetting } from './setting.ts';

const folders = ['objects', 'objects/info', 'objects/pack', 'refs', 'refs/heads', 'refs/tags', 'info'];

/** A person's git is to see files as they are committed: byte by byte. */
const attributes = `# Spiral commits files byte by byte. Without this line git would follow the .gitattributes of the project.
* -text -filter -ident -working-tree-encoding
`;

/** An empty file that nobody may write: what Claude Code's sandbox puts where a command must make no settings. */
const stubMode = 0o444;

/** Makes a history in a folder that holds nothing. Safe to repeat: also what a kill left half made is made to its end. */
export async function beginHistory(setting: HistorySetting, workspace: string): Promise<'ours' | 'not-ours'> {
  const gitFolder = join(workspace, '.git');
  const mark = await readMark(setting, workspace);
  if (mark && (await isMarked(setting, gitFolder, mark))) return 'ours';
  if (!(await holdsNothing(workspace, mark))) return 'not-ours';
  const begun = mark ?? { workspace, project: randomUUID() };
  await writeMark(setting, begun);
  await makeRepository(gitFolder, begun);
  return 'ours';
}

/** Whether the repository in the folder is the one that was begun there. */
export async function isMarked(setting: HistorySetting, gitFolder: string, mark: Mark): Promise<boolean> {
  if (!(await isFolder(gitFolder))) return false;
  return (await configurationIn(setting, gitFolder))?.get(markKey) === mark.project;
}

async function holdsNothing(workspace: string, mark: Mark | undefined): Promise<boolean> {
  for (const name of await readdir(workspace)) {
    const path = join(workspace, name);
    if (name === '.git' ? !(mark && (await isHalfMade(path))) : !(await isStub(path, name))) return false;
  }
  return true;
}

/** The configuration comes last, and every repository of a person's has one. */
async function isHalfMade(gitFolder: string): Promise<boolean> {
  return (await isFolder(gitFolder)) && !(await statusOf(join(gitFolder, 'config')));
}

async function isStub(path: string, name: string): Promise<boolean> {
  if (!name.startsWith('.')) return false;
  const status = await lstat(path);
  if (status.isFile()) return isEmptyAndLocked(status);
  if (!status.isDirectory()) return false;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    const isEmpty = entry.isDirectory()
      ? (await readdir(inside)).length === 0
      : entry.isFile() && isEmptyAndLocked(await lstat(inside));
    if (!isEmpty) return false;
  }
  return true;
}

function isEmptyAndLocked({ size, mode }: { readonly size: number; readonly mode: number }): boolean {
  return size === 0 && (mode & 0o777) === stubMode;
}

/** As `git init` does it, without templates. Nothing is there yet, so there is nothing that could lead elsewhere. */
async function makeRepository(gitFolder: string, { project }: Mark): Promise<void> {
  await rm(gitFolder, { recursive: true, force: true }); // Half made.
  await mkdir(gitFolder);
  for (const folder of folders) await mkdir(join(gitFolder, folder));
  const files = {
    HEAD: 'ref: refs/heads/main\n',
    'info/exclude': [...neverEntered].map((name) => `${name}\n`).join(''),
    'info/attributes': attributes,
    'config.new': configuration(project),
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(gitFolder, name), text, { flag: 'wx', flush: true });
  await rename(join(gitFolder, 'config.new'), join(gitFolder, 'config'));
}

function configuration(project: string): string {
  return `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = true
	protectNTFS = false
	protectHFS = false
[spiral]
	project = ${project}
`;
}
