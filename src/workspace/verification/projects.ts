import { dirname, join, relative } from 'node:path';
import type { FileChange } from '../../domain/file-change.ts';
import type { TestsNotRun } from '../../domain/test-run.ts';
import { cargoWorkspace, coversPackagesBelow, hasManifest, isManifest, type ProjectKind } from './manifests.ts';
import { hasTests, looksLikeProject, type Project, projectAt } from './project.ts';
import { isFolder } from './reading/bounded-file.ts';
import { findFiles, listFolder, passedOver } from './reading/file-walk.ts';
import { isGoTest, isNodeTest, isPythonTest } from './test-files.ts';

export type ChosenProjects = {
  readonly projects: readonly Project[];
  readonly notRun: readonly TestsNotRun[];
  /** Folders around what was changed; absent when everything was looked at. */
  readonly lookedAt?: readonly string[];
};

const kinds: readonly ProjectKind[] = ['node', 'python', 'rust', 'go'];

/** Every project is a run of its own; beyond this, a change of everything would be tested for hours. */
const maximalProjects = 12;
const longestReason = 1000;

/**
 * Chooses the projects whose tests can tell whether a change is sound: for every kind the outermost project around a changed
 * file that has tests, and each one between it and the file unless the outer one runs its tests too. Without a change inside
 * a project, those at the root of the workspace.
 *
 * @param workspace absolute, without symlinks
 * @param changed `everything`: as if every manifest and every test file had been changed
 */
export async function chooseProjects(
  workspace: string,
  changed: readonly FileChange[] | 'everything',
): Promise<ChosenProjects> {
  const chosen = new Map<string, Project>();
  const add = (project: Project) => chosen.set(`${project.directory}\0${project.kind}`, project);
  const look = lookout(workspace);
  const { paths, gap } =
    changed === 'everything'
      ? await findFiles(workspace, isOfProject, async () => false)
      : { paths: changed.map(({ path }) => path) };
  const folders = new Set(paths.map((path) => dirname(path)));

  for (const folder of folders) {
    const around = await foldersAround(look, folder);
    for (const kind of kinds) (await projectsAmong(look, kind, around)).forEach(add);
  }
  if (chosen.size === 0) for (const kind of kinds) (await projectsAtRoot(look, kind)).forEach(add);

  const projects = withNested([...chosen.values()]).sort((a, b) =>
    a.directory < b.directory ? -1 : Number(a.directory > b.directory),
  );
  const left = projects.slice(maximalProjects).map((project) => `${project.directory} (${project.kind})`);
  const lookedAt = changed === 'everything' ? {} : { lookedAt: [...withFoldersAround(folders)] };
  const missed = gap === undefined ? [] : [{ directory: '.', reason: gap }];
  if (left.length === 0) return { projects, notRun: missed, ...lookedAt };
  const reason = `the change touches ${projects.length} projects and only ${maximalProjects} are tested; left out: ${left.join(', ')}`;
  return {
    projects: projects.slice(0, maximalProjects),
    notRun: [...missed, { directory: '.', reason: reason.slice(0, longestReason) }],
    ...lookedAt,
  };
}

function isOfProject(path: string): boolean {
  return isManifest(path) || isNodeTest(path) || isPythonTest(path) || isGoTest(path);
}

/** Whatever the folders were called, and whether or not they still exist: in a folder that is gone, tests may be missing. */
function withFoldersAround(folders: ReadonlySet<string>): ReadonlySet<string> {
  const around = new Set(['.']);
  for (const start of folders)
    for (let folder = start; !around.has(folder); folder = dirname(folder)) around.add(folder);
  return around;
}

function withNested(projects: readonly Project[]): Project[] {
  return projects.map((outer) => {
    const inside = projects.filter(({ kind, path }) => kind === outer.kind && path.startsWith(`${outer.path}/`));
    return { ...outer, nested: inside.map(({ path }) => relative(outer.path, path)) };
  });
}

/** What was seen of a folder is remembered for the time of one choice: a change may touch a project in a thousand folders. */
type Lookout = {
  isFolder(directory: string): Promise<boolean>;
  isProject(kind: ProjectKind, directory: string): Promise<boolean>;
  looksLikeProject(kind: 'node' | 'python', directory: string): Promise<boolean>;
  project(kind: ProjectKind, directory: string, hasManifest: boolean): Promise<Project>;
  /** Of a project by its manifest. */
  hasTests(kind: ProjectKind, directory: string): Promise<boolean>;
  coversBelow(kind: ProjectKind, directory: string): Promise<boolean>;
  cargoRoot(directory: string): ReturnType<typeof cargoWorkspace>;
};

function lookout(workspace: string): Lookout {
  const list = remembered((directory: string) => listFolder(join(workspace, directory)));
  const project = remembered((kind: ProjectKind, directory: string, isProject: boolean) =>
    projectAt(workspace, kind, directory, isProject),
  );
  return {
    isFolder: remembered((directory: string) => isFolder(join(workspace, directory))),
    isProject: remembered(async (kind: ProjectKind, directory: string) =>
      hasManifest(kind, join(workspace, directory), (await list(directory)).files),
    ),
    looksLikeProject: remembered(async (kind: 'node' | 'python', directory: string) =>
      looksLikeProject(join(workspace, directory), kind, await list(directory)),
    ),
    project,
    hasTests: remembered(async (kind: ProjectKind, directory: string) =>
      hasTests(await project(kind, directory, true)),
    ),
    coversBelow: remembered(
      async (kind: ProjectKind, directory: string) =>
        kind === 'node' && coversPackagesBelow(join(workspace, directory)),
    ),
    cargoRoot: remembered((directory: string) => cargoWorkspace(join(workspace, directory))),
  };
}

function remembered<Question extends readonly (string | boolean)[], Answer>(
  ask: (...question: Question) => Promise<Answer>,
): (...question: Question) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...question) => {
    const key = JSON.stringify(question);
    const answer = answers.get(key) ?? ask(...question);
    answers.set(key, answer);
    return answer;
  };
}

/** A folder and those around it that exist, the workspace first, down to the first that is a link or is passed over. */
async function foldersAround(look: Lookout, folder: string): Promise<string[]> {
  const around = ['.'];
  const parts = folder === '.' ? [] : folder.split('/');
  if (parts.includes('..')) return around;
  for (const [index, part] of parts.entries()) {
    const next = parts.slice(0, index + 1).join('/');
    if (passedOver.has(part) || !(await look.isFolder(next))) break;
    around.push(next);
  }
  return around;
}

async function projectsAmong(look: Lookout, kind: ProjectKind, folders: readonly string[]): Promise<Project[]> {
  if (kind === 'rust') return cratesAmong(look, folders);
  const projects: Project[] = [];
  let covered = false;
  for (const folder of folders) {
    if (await look.isProject(kind, folder)) {
      if (covered || !(await look.hasTests(kind, folder))) continue;
      projects.push(await look.project(kind, folder, true));
      covered = await look.coversBelow(kind, folder);
    } else if (kind !== 'go' && projects.length === 0 && (await look.looksLikeProject(kind, folder))) {
      projects.push(await look.project(kind, folder, false));
    }
  }
  return projects;
}

/** A crate is tested with its whole Cargo workspace: a change in one member may break another. */
async function cratesAmong(look: Lookout, folders: readonly string[]): Promise<Project[]> {
  const roots = new Set<string>();
  for (const folder of folders) {
    if (await look.isProject('rust', folder)) roots.add(await cargoRootOf(look, folder, folders));
  }
  return Promise.all([...roots].map((root) => look.project('rust', root, true)));
}

async function cargoRootOf(look: Lookout, crate: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders.slice(0, folders.indexOf(crate) + 1).reverse()) {
    const root = await look.cargoRoot(folder);
    if (!root) continue;
    return root.exclude.some((path) => `${crate}/`.startsWith(`${join(folder, path)}/`)) ? crate : folder;
  }
  return crate;
}

async function projectsAtRoot(look: Lookout, kind: ProjectKind): Promise<Project[]> {
  const isProject = await look.isProject(kind, '.');
  if (!isProject && (kind === 'rust' || kind === 'go')) return [];
  const project = await look.project(kind, '.', isProject);
  return (await hasTests(project)) ? [project] : [];
}
