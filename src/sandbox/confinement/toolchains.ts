import { userInfo } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string>>;

/** Where compilers and interpreters lie when they are installed for one person; relative paths begin at the home folder. */
const usual: readonly { readonly variable?: string; readonly folder: string; readonly part?: string }[] = [
  { variable: 'CARGO_HOME', folder: '.cargo', part: 'bin' },
  { variable: 'RUSTUP_HOME', folder: '.rustup' },
  { variable: 'NVM_DIR', folder: '.nvm' },
  { variable: 'VOLTA_HOME', folder: '.volta' },
  { variable: 'PYENV_ROOT', folder: '.pyenv' },
  { variable: 'GOROOT', folder: 'sdk' },
  { variable: 'JAVA_HOME', folder: '.sdkman/candidates' },
  { folder: 'go', part: 'bin' },
  { folder: '.bun', part: 'bin' },
  { folder: '.deno', part: 'bin' },
  { folder: '.asdf' },
  { folder: '.rbenv' },
  { folder: '.local/share/mise' },
  { folder: '.local/share/fnm' },
  { folder: '.local/share/uv' },
  { folder: '.local/share/pipx' },
  { folder: '.local/lib' },
];

/**
 * Folders that commands need to find and to run their programs, wherever they lie and whether or not they exist: those of
 * the search path, the usual ones in a home, and the one of the Node that runs us.
 */
export function toolchainFolders(home: string, environment: Environment): string[] {
  const inHome = usual.flatMap(({ variable, folder, part = '' }) => {
    const named = variable === undefined ? undefined : environment[variable];
    if (named !== undefined && isAbsolute(named)) return [join(named, part)];
    return [home, ...accountHome()].map((person) => join(person, folder, part));
  });
  const searched = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const node = dirname(process.execPath);
  // npm and what it installs for everybody lie beside the folder of the program.
  return [...searched, ...inHome, node, join(dirname(node), 'lib', 'node_modules')];
}

/** The home that belongs to the account: `HOME` may say something else than when things were installed. */
function accountHome(): string[] {
  try {
    return [userInfo().homedir];
  } catch {
    return []; // An account without a name has no home either.
  }
}

/** Names of folders that are written: a private home has its own at the usual place. */
const writtenFolders = [
  'CARGO_HOME',
  'GOPATH',
  'GOCACHE',
  'GOMODCACHE',
  'npm_config_cache',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
];

/** Ways to somebody outside who would act for whoever asks. */
const ways = ['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'GPG_AGENT_INFO', 'DBUS_SESSION_BUS_ADDRESS', 'DOCKER_HOST', 'DISPLAY'];

/**
 * The environment of a confined program: as given, but with the home and the temporary folder of the view, without ways out
 * of it, and with caches in the private home. A toolchain whose folder is the usual one is named by its real place.
 */
export function confinedEnvironment(
  given: Environment,
  home: string,
  isWritable: (path: string) => boolean,
): Record<string, string> {
  const dropped = new Set([...ways, 'XDG_RUNTIME_DIR', 'WAYLAND_DISPLAY', 'XAUTHORITY']);
  for (const name of writtenFolders) if (!isWritable(given[name] ?? '/')) dropped.add(name);
  const kept = Object.entries(given).filter(([name]) => !dropped.has(name));
  return { ...Object.fromEntries(kept), HOME: home, TMPDIR: '/tmp' };
}
