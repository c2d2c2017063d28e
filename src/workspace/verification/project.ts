import { join } from 'node:path';
import { hasManifest, type ProjectKind, readPackage, testScript } from './manifests.ts';
import { isRegularFile } from './reading/bounded-file.ts';
import { type FolderListing, type FoundFiles, findFiles } from './reading/file-walk.ts';
import { isGoTest, isInTestFolder, isNodeTest, isPythonTest } from './test-files.ts';

/** A folder whose tests are run together. */
export type Project = {
  readonly kind: ProjectKind;
  /** Absolute. */
  readonly workspace: string;
  /** Relative to the workspace, `.` for the workspace itself. */
  readonly directory: string;
  /** Absolute. */
  readonly path: string;
  /** False for a plain folder with tests and no manifest. */
  readonly hasManifest: boolean;
  /** Files that may hold tests of this kind, those of projects further down left out. Empty for Rust, where any file may. */
  readonly tests: FoundFiles;
  /** Folders of projects further down that are tested for themselves, relative to this one. */
  readonly nested: readonly string[];
};

export async function projectAt(
  workspace: string,
  kind: ProjectKind,
  directory: string,
  isProject: boolean,
): Promise<Project> {
  const path = join(workspace, directory);
  const tests = kind === 'rust' ? { paths: [] } : await findFiles(path, wantedBy(kind, isProject), boundaryOf(kind));
  return { kind, workspace, directory, path, hasManifest: isProject, tests, nested: [] };
}

/** Whether there is something to run, or something that keeps us from knowing. */
export async function hasTests(project: Project): Promise<boolean> {
  if (project.kind === 'rust' || project.tests.paths.length > 0 || project.tests.gap !== undefined) return true;
  if (project.kind !== 'node') return false;
  const description = await readPackage(project.path);
  return description.kind === 'broken' || testScript(description) !== undefined;
}

const usualTestFolders: ReadonlySet<string> = new Set(['test', 'tests', '__tests__', 'spec', 'src', 'lib']);

/**
 * Whether a folder without a manifest is what a person would call a project: it holds tests itself, or in a folder where
 * tests usually lie. Several such projects may lie side by side in one workspace, which then is none.
 */
export async function looksLikeProject(
  folder: string,
  kind: 'node' | 'python',
  { files, folders }: FolderListing,
): Promise<boolean> {
  const wanted = wantedBy(kind, false);
  if ([...files].some(wanted)) return true;
  for (const name of folders) {
    const inner = join(folder, name);
    const isPackage = kind === 'python' && (await isRegularFile(join(inner, '__init__.py')));
    if (!(usualTestFolders.has(name) || isPackage) || (await hasManifest(kind, inner))) continue;
    if ((await findFiles(inner, wanted, boundaryOf(kind))).paths.length > 0) return true;
  }
  return false;
}

function wantedBy(kind: Exclude<ProjectKind, 'rust'>, isProject: boolean): (path: string) => boolean {
  if (kind === 'python') return isPythonTest;
  if (kind === 'go') return isGoTest;
  // Without a manifest, a script in a folder `test` may just as well belong to a project in another language.
  return isProject ? (path) => isNodeTest(path) || isInTestFolder(path) : isNodeTest;
}

function boundaryOf(kind: ProjectKind): (folder: string, files: ReadonlySet<string>) => Promise<boolean> {
  return (folder, files) => hasManifest(kind, folder, files);
}
