import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Confinement, Launch } from '../sandbox.ts';
import { devicesOfNobody } from './devices.ts';
import { inView, type ViewSetting, type WrappedProgram } from './view.ts';

/** What can be kept from a program here, and how. */
export type View = {
  /** Whether a program in a view with the machine's network can confine its own commands in turn. */
  readonly nests: boolean;
  wrap(launch: Launch, confinement: Confinement): WrappedProgram;
};

export type PlaceToConfine = {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** Absolute, and without links. */
  readonly stateRoot: string;
  /** The environment in which bubblewrap is looked for. */
  readonly environment: Readonly<Record<string, string>>;
};

const trialMs = 5000;
const confinedUserId = 1000;
const confinedUserName = 'spiral';

/** Told as words on the output: what works beyond the view itself. The second line is what Claude Code does. */
const trialScript = `prlimit --core=0 -- true || exit 1
bwrap --help 2>&1 | grep -q -e '--size ' && echo limits-memory-folders
socat -V >/dev/null && bwrap --unshare-user --unshare-pid --unshare-net --ro-bind / / --dev /dev --bind /proc /proc -- true && echo nests
exit 0`;

/** Finds out, by trying the very view, whether programs can be confined here; undefined when they cannot. */
export async function openView({ home, stateRoot, environment }: PlaceToConfine): Promise<View | undefined> {
  if (process.platform !== 'linux') return undefined;
  const asUser = process.geteuid?.() === 0 ? writeNames(stateRoot, home) : undefined;
  const setting: ViewSetting = { home, stateRoot, limitsMemoryFolders: false, ...(asUser ? { asUser } : {}) };
  const trial: Launch = {
    command: 'sh',
    args: ['-c', trialScript],
    cwd: '/',
    env: environment,
    purpose: 'a trial of the sandbox',
  };
  try {
    const { command, args, env } = inView(setting, trial, { writable: [], network: 'host' });
    const { stdout } = await promisify(execFile)(command, [...args], { timeout: trialMs, env: { ...env }, cwd: '/' });
    const works = new Set(stdout.split('\n'));
    const found: ViewSetting = { ...setting, limitsMemoryFolders: works.has('limits-memory-folders') };
    return { nests: works.has('nests'), wrap: (launch, confinement) => inView(found, launch, confinement) };
  } catch {
    return undefined; // Not installed, or not allowed here: the answer to the question.
  }
}

/**
 * Root runs programs as a user without rights, who needs a name: many programs look it up.
 */
function writeNames(stateRoot: string, home: string): NonNullable<ViewSetting['asUser']> {
  const folder = join(stateRoot, 'view');
  const passwd = join(folder, 'passwd');
  const group = join(folder, 'group');
  const isOther = (line: string) => line !== '' && line.split(':')[2] !== String(confinedUserId);
  const others = (path: string) => readFileSync(path, 'utf8').split('\n').filter(isOther);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const user = `${confinedUserName}:x:${confinedUserId}:${confinedUserId}::${home}:/bin/sh`;
  replace(passwd, [user, ...others('/etc/passwd'), '']);
  replace(group, [`${confinedUserName}:x:${confinedUserId}:`, ...others('/etc/group'), '']);
  return { id: confinedUserId, passwd, group, devices: devicesOfNobody(join(folder, 'devices')) };
}

/** Whole at every moment: another Spiral may start a program with it now. */
function replace(path: string, lines: readonly string[]): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, lines.join('\n'));
  renameSync(draft, path);
}
