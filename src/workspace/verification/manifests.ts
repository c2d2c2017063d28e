import { basename, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import * as z from 'zod';
import { isRegularFile, readBounded, textOf } from './reading/bounded-file.ts';
import { parseJson } from './reading/json.ts';

export type ProjectKind = 'node' | 'python' | 'rust' | 'go';

const manifestLimitBytes = 1024 * 1024;

const manifestNames: Readonly<Record<ProjectKind, readonly string[]>> = {
  node: ['package.json'],
  python: ['pyproject.toml', 'setup.py', 'setup.cfg', 'pytest.ini', 'tox.ini', 'requirements.txt'],
  rust: ['Cargo.toml'],
  go: ['go.mod'],
};

const allManifestNames: ReadonlySet<string> = new Set(Object.values(manifestNames).flat());

/** Whether a file may make a project of its folder, by its path. */
export function isManifest(path: string): boolean {
  return allManifestNames.has(basename(path));
}

/** Such a folder may have settings of its own and still belongs to the project around it. */
const partsOfProjects: ReadonlySet<string> = new Set(['test', 'tests', 'doc', 'docs']);

/** Whether a folder below a workspace is a project of this kind by a manifest; `files` spares looking for its files again. */
export async function hasManifest(kind: ProjectKind, folder: string, files?: ReadonlySet<string>): Promise<boolean> {
  for (const name of manifestNames[kind]) {
    const isThere = files ? files.has(name) : await isRegularFile(join(folder, name));
    if (!isThere) continue;
    if (kind === 'node') return isProjectManifest(await readPackage(folder));
    return kind !== 'python' || !partsOfProjects.has(basename(folder));
  }
  return false;
}

const textsSchema = z.record(z.string(), z.unknown()).catch({});

const packageSchema = z.object({
  name: z.unknown().optional(),
  scripts: textsSchema,
  dependencies: textsSchema,
  devDependencies: textsSchema,
  optionalDependencies: textsSchema,
  workspaces: z.unknown().optional(),
  jest: z.unknown().optional(),
});

export type NodePackage =
  | {
      readonly kind: 'package';
      readonly named: boolean;
      readonly scripts: ReadonlyMap<string, string>;
      /** Names of everything that `npm install` would bring. */
      readonly dependencies: ReadonlySet<string>;
      readonly hasWorkspaces: boolean;
      readonly hasJestSettings: boolean;
    }
  | { readonly kind: 'absent' }
  /** No file, but for example a pipe, which would hold up whoever reads it. */
  | { readonly kind: 'no-file' }
  | { readonly kind: 'broken' };

/** Reads the package.json of a folder. */
export async function readPackage(folder: string): Promise<NodePackage> {
  const content = await readBounded(join(folder, 'package.json'), manifestLimitBytes);
  if (content.kind === 'absent') return { kind: 'absent' };
  if (content.kind === 'unreadable') return { kind: 'no-file' };
  const parsed = content.kind === 'text' ? parseJson(content.text, packageSchema) : undefined;
  if (!parsed) return { kind: 'broken' };
  const scripts = Object.entries(parsed.scripts).flatMap(([name, script]): [string, string][] =>
    typeof script === 'string' ? [[name, script]] : [],
  );
  return {
    kind: 'package',
    named: parsed.name !== undefined,
    scripts: new Map(scripts),
    dependencies: new Set(
      [parsed.dependencies, parsed.devDependencies, parsed.optionalDependencies].flatMap((names) => Object.keys(names)),
    ),
    hasWorkspaces: parsed.workspaces !== undefined,
    hasJestSettings: parsed.jest !== undefined,
  };
}

/** The `test` script of a package, unless it is empty or the one that `npm init` writes. */
export function testScript(description: NodePackage): string | undefined {
  if (description.kind !== 'package') return undefined;
  const script = description.scripts.get('test')?.trim() ?? '';
  const isPlaceholder = /no test specified/.test(script) && /exit 1/.test(script);
  return script === '' || isPlaceholder ? undefined : script;
}

/** A package.json that only says which module system a folder uses makes no project. A broken one may be any. */
function isProjectManifest(description: NodePackage): boolean {
  if (description.kind !== 'package') return description.kind === 'broken';
  const { named, scripts, dependencies, hasWorkspaces, hasJestSettings } = description;
  return named || scripts.size > 0 || dependencies.size > 0 || hasWorkspaces || hasJestSettings;
}

/** Whether the test script of this package is meant to cover the packages below it. */
export async function coversPackagesBelow(folder: string): Promise<boolean> {
  const description = await readPackage(folder);
  if (testScript(description) === undefined) return false;
  if (description.kind === 'package' && description.hasWorkspaces) return true;
  for (const name of ['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'turbo.json', 'rush.json']) {
    if (await isRegularFile(join(folder, name))) return true;
  }
  return false;
}

const cargoSchema = z.object({
  workspace: z.object({ exclude: z.array(z.string()).catch([]) }).optional(),
});

/** What a Cargo.toml says of a workspace: undefined when it is the root of none, or is no valid TOML. */
export async function cargoWorkspace(folder: string): Promise<{ readonly exclude: readonly string[] } | undefined> {
  const text = await textOf(join(folder, 'Cargo.toml'), manifestLimitBytes);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parseToml(text);
  } catch {
    return undefined; // cargo itself will say what is wrong with it.
  }
  return cargoSchema.safeParse(value).data?.workspace;
}
