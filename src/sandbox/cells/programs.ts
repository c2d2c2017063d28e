import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { ToolRun } from '../cells.ts';
import { isWithin } from '../confinement/mounts.ts';
import { isFolder, realPathOf } from '../confinement/place.ts';
import { isProgram } from '../processes/program.ts';

/** Folders of the system that a cell shows: programs and libraries, nothing of a person. */
export const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];

/** Where in a cell the parts of ours lie. */
const oursInside = '/spiral';

/** A program of ours as a cell shows it. */
export type Shown = { readonly source: string; readonly path: string };

export type KnownPrograms = {
  /** Where bubblewrap lies outside; undefined when it is not installed. */
  readonly bubblewrap: string | undefined;
  /** Where Node lies in a cell. */
  readonly node: string;
  /** The interpreter of Python, at the same place inside and outside. */
  readonly python: string | undefined;
  /** What has to be shown for them beyond the system's folders. */
  readonly shown: readonly Shown[];
};

const askMs = 5000;

/** Finds Node, which is the one that runs us, and Python: the system's, or the one along the search path. */
export async function findPrograms(searchPath: string | undefined): Promise<KnownPrograms> {
  const node = realPathOf(process.execPath) ?? process.execPath;
  const nodeInside = isOfSystem(node) ? node : join(oursInside, 'node');
  const python = await findPython(searchPath);
  return {
    bubblewrap: alongPath('bwrap', searchPath),
    node: nodeInside,
    python: python?.program,
    shown: [
      ...(nodeInside === node ? [] : [{ source: node, path: nodeInside }]),
      ...(python && !isOfSystem(python.folder) ? [{ source: python.folder, path: python.folder }] : []),
    ],
  };
}

function alongPath(name: string, searchPath: string | undefined): string | undefined {
  const places = (searchPath ?? '').split(delimiter).filter(isAbsolute);
  return places.map((folder) => join(folder, name)).find((path) => isProgram(path, '/', undefined));
}

async function findPython(searchPath: string | undefined): Promise<{ program: string; folder: string } | undefined> {
  const ofSystem = '/usr/bin/python3';
  if (existsSync(ofSystem)) return { program: ofSystem, folder: '/usr' };
  if (searchPath === undefined) return undefined;
  try {
    const ask = 'import sys; print(sys.executable); print(sys.base_prefix)';
    const { stdout } = await promisify(execFile)('python3', ['-c', ask], { timeout: askMs, env: { PATH: searchPath } });
    const [program = '', folder = ''] = stdout.split('\n').map(realPathOf);
    return isWithin(program, folder) && folder !== '/' ? { program, folder } : undefined;
  } catch {
    return undefined; // Not installed: tools that need it are refused.
  }
}

const isOfSystem = (path: string) => systemFolders.some((folder) => isWithin(path, folder));

/** Where the tool and its scratch folder lie for the tool itself: in a cell at fixed places. */
export type PlacesSeen = { readonly folder: string; readonly scratch: string };

/**
 * The command line of a tool, with Node's own checks: it may read and write what is allowed, and nothing else.
 * Undefined when the program is not there.
 */
export function toolCommand(
  { program, permissions, limits }: ToolRun,
  programs: KnownPrograms,
  places: PlacesSeen,
): readonly [string, ...string[]] | undefined {
  const [command, ...args] = program;
  if (command === 'node') return [programs.node, ...nodeArguments(permissions, limits.memoryBytes, places), ...args];
  if (command !== 'python3') return isAbsolute(command) && !isOfSystem(command) ? undefined : program;
  // No settings of the environment, no packages of a person, and no compiled files beside the sources.
  return programs.python === undefined ? undefined : [programs.python, '-E', '-s', '-B', ...args];
}

/** Node takes this name for its checks since 22.13 and 23.5; the old one before. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const checks = major > 22 || (major === 22 && minor >= 13) ? '--permission' : '--experimental-permission';
const checksNetwork = major >= 25;
/** Beyond its heap Node needs memory for itself. */
const heapShare = 0.75;

function nodeArguments(
  { read, write, hosts, subprocess }: ToolRun['permissions'],
  memoryBytes: number,
  { folder, scratch }: PlacesSeen,
): string[] {
  const ours = [folder, scratch, ...(hosts.length > 0 ? [proxyAgentInside] : [])];
  return [
    checks,
    '--no-warnings',
    `--max-old-space-size=${Math.max(16, Math.floor((memoryBytes * heapShare) / 1024 ** 2))}`,
    ...allowed('read', ours, [...read, ...write]),
    ...allowed('write', [scratch], write),
    ...(subprocess ? ['--allow-child-process', '--allow-worker'] : []),
    ...(checksNetwork && hosts.length > 0 ? ['--allow-net'] : []),
    ...(hosts.length > 0 ? ['--import', proxyPreload] : []),
  ];
}

/**
 * Node's settings that allow paths. Of paths that lie in each other the outer one is given alone: of a path that it knows
 * already Node's own list breaks.
 *
 * @param folders as the tool sees them
 * @param paths files and folders that lie at the same place for us
 */
function allowed(name: 'read' | 'write', folders: readonly string[], paths: readonly string[]): string[] {
  const all = new Set([...folders, ...paths]);
  const outer = [...all].filter((path) => ![...all].some((other) => other !== path && isWithin(path, other)));
  return outer.map((path) => {
    const isOfFolder = folders.includes(path) || isFolder(path);
    return `--allow-fs-${name}=${isOfFolder ? join(path, '*') : path}`;
  });
}

const proxyAgentInside = join(oursInside, 'undici');

/** Node's own fetch takes no notice of a proxy until it is told to. */
const proxyPreload = `data:text/javascript,${encodeURIComponent(
  `import { createRequire } from 'node:module';
const { EnvHttpProxyAgent, setGlobalDispatcher } = createRequire('${proxyAgentInside}/')('${proxyAgentInside}');
setGlobalDispatcher(new EnvHttpProxyAgent());`,
)}`;

/** The package with which Node's fetch uses the proxy. */
export function proxyAgent(): Shown {
  return { source: dirname(createRequire(import.meta.url).resolve('undici/package.json')), path: proxyAgentInside };
}
