import { join } from 'node:path';
import type { FileChange } from '../../domain/file-change.ts';
import type { TestsNotRun } from '../../domain/test-run.ts';
import {
  cargoWorkspace,
  coversPackagesBelow,
  hasManifest,
  type ProjectKind,
  readPackage,
  testScript,
} from './manifests.ts';
import { isFolder } from './reading/bounded-file.ts';
import { type FoundFiles, findFiles, passedOver } from './reading/file-walk.ts';
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
};

export type ChosenProjects = { readonly projects: readonly Project[]; readonly notRun: readonly TestsNotRun[] };

const kinds: readonly ProjectKind[] = ['node', 'python', 'rust', 'go'];

/** Every project is a run of its own; beyond this, a change of the whole disk would be tested for hours. */
const maximalProjects = 12;

/**
 * Chooses the projects whose tests can tell whether a change is sound: for every kind the outermost project around a changed
 * file that has tests, and projects between it and the file when it does not run their tests. Without a change inside a
 * project, those at the root of the workspace.
 *
 * @param workspace absolute, without symlinks
 */
export async function chooseProjects(workspace: string, changed: readonly FileChange[]): Promise<ChosenProjects> {
  const chosen = new Map<string, Project>();
  const add = (project: Project) => chosen.set(`${project.directory}\0${project.kind}`, project);

  const seen = new Set<string>();
  for (const { path } of changed) {
    const folders = await foldersAround(workspace, path);
    const innermost = folders.at(-1) ?? '.';
    if (seen.has(innermost)) continue;
    seen.add(innermost);
    for (const kind of kinds) (await projectsAmong(workspace, kind, folders)).forEach(add);
  }
  if (chosen.size === 0) for (const kind of kinds) (await projectsAtRoot(workspace, kind)).forEach(add);

  const projects = [...chosen.values()].sort((a, b) =>
    a.directory < b.directory ? -1 : a.directory > b.directory ? 1 : 0,
  );
  const left = projects.slice(maximalProjects).map((project) => `${project.directory} (${project.kind})`);
  if (left.length === 0) return { projects, notRun: [] };
  const reason = `the change touches ${projects.length} projects and only ${maximalProjects} are tested; left out: ${left.join(', ')}`;
  return { projects: projects.slice(0, maximalProjects), notRun: [{ directory: '.', reason: reason.slice(0, 1000) }] };
}

/** The folders around a file that exist, the workspace first, down to the first one that is a link or is passed over. */
async function foldersAround(workspace: string, path: string): Promise<string[]> {
  const folders = ['.'];
  const parts = path.split('/').slice(0, -1);
  if (parts.includes('..')) return folders;
  for (const [index, part] of parts.entries()) {
    const folder = parts.slice(0, index + 1).join('/');
    if (passedOver.has(part) || !(await isFolder(join(workspace, folder)))) break;
    folders.push(folder);
  }
  return folders;
}

async function projectsAmong(workspace: string, kind: ProjectKind, folders: readonly string[]): Promise<Project[]> {
  if (kind === 'rust') return crateAmong(workspace, folders);
  if (kind === 'go') return moduleAmong(workspace, folders);

  const projects: Project[] = [];
  let covered = false;
  for (const folder of folders) {
    if (await hasManifest(kind, join(workspace, folder))) {
      if (covered) continue;
      const project = await projectAt(workspace, kind, folder, true);
      if (!(await hasTests(project))) continue;
      projects.push(project);
      covered = kind === 'node' && (await coversPackagesBelow(project.path));
    } else if (projects.length === 0 && (await looksLikeProject(join(workspace, folder), kind))) {
      projects.push(await projectAt(workspace, kind, folder, false));
    }
  }
  return projects;
}

async function projectsAtRoot(workspace: string, kind: ProjectKind): Promise<Project[]> {
  const isProject = await hasManifest(kind, workspace);
  if (kind === 'rust' || kind === 'go') return isProject ? [await projectAt(workspace, kind, '.', true)] : [];
  const project = await projectAt(workspace, kind, '.', isProject);
  return (await hasTests(project)) ? [project] : [];
}

/** A crate is tested with its whole Cargo workspace: a change in one member may break another. */
async function crateAmong(workspace: string, folders: readonly string[]): Promise<Project[]> {
  const inwards = [];
  for (const folder of folders) if (await hasManifest('rust', join(workspace, folder))) inwards.push(folder);
  const crate = inwards.at(-1);
  if (crate === undefined) return [];
  for (const folder of inwards.reverse()) {
    const root = await cargoWorkspace(join(workspace, folder));
    if (!root) continue;
    const excluded = root.exclude.some((path) => `${crate}/`.startsWith(`${join(folder, path)}/`));
    return [await projectAt(workspace, 'rust', excluded ? crate : folder, true)];
  }
  return [await projectAt(workspace, 'rust', crate, true)];
}

/** A Go module never runs the tests of another module, so the nearest one is the only one that can tell. */
async function moduleAmong(workspace: string, folders: readonly string[]): Promise<Project[]> {
  for (const folder of [...folders].reverse()) {
    if (await hasManifest('go', join(workspace, folder))) return [await projectAt(workspace, 'go', folder, true)];
  }
  return [];
}

async function projectAt(
  workspace: string,
  kind: ProjectKind,
  directory: string,
  isProject: boolean,
): Promise<Project> {
  const path = join(workspace, directory);
  const tests = kind === 'rust' ? { paths: [] } : await findFiles(path, wantedBy(kind, isProject), boundaryOf(kind));
  return { kind, workspace, directory, path, hasManifest: isProject, tests };
}

async function hasTests(project: Project): Promise<boolean> {
  if (project.tests.paths.length > 0 || project.tests.gap !== undefined) return true;
  return project.kind === 'node' && testScript(await readPackage(project.path)) !== undefined;
}

const usualTestFolders = ['test', 'tests', '__tests__', 'spec', 'src', 'lib'];

/**
 * Whether a folder without a manifest is what a person would call a project: it holds tests itself, or in a folder where
 * tests usually lie. Several such projects may lie side by side in one workspace, which then is none.
 */
async function looksLikeProject(folder: string, kind: 'node' | 'python'): Promise<boolean> {
  const wanted = wantedBy(kind, false);
  const boundary = boundaryOf(kind);
  const here = await findFiles(folder, (path) => wanted(path) || path.endsWith('/__init__.py'), boundary, {
    depth: 1,
    entries: 5000,
  });
  const packages = here.paths.filter((path) => path.endsWith('/__init__.py')).map((path) => path.split('/')[0] ?? '');
  if (here.paths.some((path) => !path.includes('/') && wanted(path))) return true;
  for (const name of new Set([...usualTestFolders, ...packages])) {
    const inner = join(folder, name);
    if (!(await isFolder(inner)) || (await hasManifest(kind, inner))) continue;
    if ((await findFiles(inner, wanted, boundary)).paths.length > 0) return true;
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
