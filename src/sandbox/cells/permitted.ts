import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ToolRun } from '../cells.ts';
import { isWithin } from '../confinement/mounts.ts';
import { isFolder, realPathOf } from '../confinement/place.ts';
import { placesInside } from './cell.ts';
import { type AllowedHost, parseAllowedHost } from './hosts/allowed-host.ts';
import { systemFolders } from './programs.ts';

/** What a call may really have: paths with links followed, hosts taken apart. */
export type Permitted = {
  readonly folder: string;
  readonly scratch: string | undefined;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly hosts: readonly AllowedHost[];
  readonly environment: Readonly<Record<string, string>>;
};

export type PlacesOfPerson = { readonly home: string; readonly stateRoot: string };

/** Nobody can give these away: kernel, devices, sockets of servers, and the places of the cell itself. */
const neverShown = ['/proc', '/sys', '/dev', '/run', '/var/run', '/boot', '/spiral', ...Object.values(placesInside)];

/** Names that steer programs, ours and those between us and the tool among them. */
const steering =
  /^(LD_|DYLD_|GLIBC_|GCONV_|LOCPATH|NLSPATH|MALLOC_|NODE_|NPM_|PYTHON|BASH|ENV$|SHELLOPTS|IFS$|PERL|RUBY|PATH$|HOME$|TMPDIR$|SPIRAL_|(HTTPS?|ALL|NO)_PROXY$)/i;

/** Checks what a call asks for; a text tells why it is refused. */
export function permittedFor(run: ToolRun, person: PlacesOfPerson): Permitted | string {
  const folder = isAbsolute(run.folder) ? realPathOf(run.folder) : undefined;
  if (folder === undefined || !isFolder(folder)) return `there is no folder ${run.folder}`;
  const scratch = run.scratch === undefined ? undefined : realPathOf(run.scratch);
  if (run.scratch !== undefined && (scratch === undefined || !isAbsolute(run.scratch) || !isFolder(scratch)))
    return `there is no folder ${run.scratch}`;
  const { permissions } = run;
  const read = permissions.read.map((path) => allowedPath(path, person));
  const write = permissions.write.map((path) => allowedPath(path, person));
  const refused = [...read, ...write].find((path) => 'refused' in path);
  if (refused && 'refused' in refused) return refused.refused;
  const [readable, writable] = [read, write].map((paths) =>
    paths.flatMap((path) => ('real' in path ? [path.real] : [])),
  );
  const written = [...(writable ?? []), ...(scratch === undefined ? [] : [scratch])];
  const own = written.find((path) => isWithin(path, folder) || isWithin(folder, path));
  if (own !== undefined) return `${own} may not be written: the tool could change its own files in ${folder}`;
  const ofSystem = (writable ?? []).find((path) => systemFolders.some((place) => isWithin(path, place)));
  if (ofSystem !== undefined) return `${ofSystem} belongs to the system and may not be written`;
  const hosts = permissions.hosts.map(parseAllowedHost);
  const unknown = permissions.hosts.find((_, index) => hosts[index] === undefined);
  if (unknown !== undefined) return `"${unknown}" is not the full name of a host`;
  const name = permissions.env.find((each) => !/^[A-Za-z_]\w*$/.test(each) || steering.test(each));
  if (name !== undefined) return `the variable ${name} may not be given to a tool`;
  return {
    folder,
    scratch,
    read: readable ?? [],
    write: writable ?? [],
    hosts: hosts.filter((host) => host !== undefined),
    environment: Object.fromEntries(permissions.env.flatMap((each) => givenValue(run.env, each))),
  };
}

function givenValue(env: ToolRun['env'], name: string): [string, string][] {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined ? [] : [[name, value]];
}

function allowedPath(path: string, { home, stateRoot }: PlacesOfPerson): { real: string } | { refused: string } {
  // In Node's own settings a comma separates two paths, and a star stands for many.
  if (!isAbsolute(path) || /[,*\0\n]/.test(path)) return { refused: `"${path}" is no path that can be allowed` };
  const real = realPathOf(path);
  if (real === undefined || /[,*\0\n]/.test(real)) return { refused: `there is nothing at ${path}` };
  const kept = [realPathOf(home) ?? home, stateRoot, ...neverShown, ...systemRoots].find((place) =>
    isWithin(place, real),
  );
  if (kept !== undefined) return { refused: `${path} may not be allowed: ${kept} lies in it` };
  const inside = [stateRoot, ...neverShown].find((place) => isWithin(real, place));
  if (inside !== undefined && !isWithin(real, join(stateRoot, 'worktrees')))
    return { refused: `${path} may not be allowed: it lies in ${inside}` };
  const found = statSync(real);
  if (!found.isFile() && !found.isDirectory()) return { refused: `${path} is neither a file nor a folder` };
  return { real };
}

const systemRoots = ['/etc', '/usr'];

const mostEntries = 20_000;

/**
 * A link that leads out of a folder, which Node's own checks would follow; undefined when there is none. Of a folder with
 * very many files the folder itself is told: nobody knows what is in it.
 */
export function linkLeadingOut(folder: string): string | undefined {
  if (!isFolder(folder)) return undefined;
  const folders = [folder];
  let entries = 0;
  for (let place = folders.pop(); place !== undefined; place = folders.pop()) {
    for (const name of readdirSync(place)) {
      const path = join(place, name);
      entries += 1;
      if (entries > mostEntries) return folder;
      const found = lstatSync(path);
      if (found.isDirectory()) folders.push(path);
      if (found.isSymbolicLink() && !isWithin(targetOf(path), folder)) return path;
    }
  }
  return undefined;
}

function targetOf(link: string): string {
  try {
    return realpathSync.native(link);
  } catch {
    return '/'; // It leads nowhere now, and may lead anywhere later.
  }
}
