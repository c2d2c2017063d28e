import { execFile, type SpawnOptions } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { hasCode, unless } from './file-errors.ts';

/** Under which account the server runs: PostgreSQL refuses to run as root. */
export type Account =
  /** As whoever we are. */
  | { readonly kind: 'own' }
  /** In a user namespace in which we look like this user; outside of it the files stay ours. */
  | ({ readonly kind: 'namespace' } & User)
  /** We are root and become this user, who may enter no private folder of ours. */
  | ({ readonly kind: 'other' } & User);

export type User = { readonly uid: number; readonly gid: number };

/** A program with its arguments as they must be spawned. */
export type Command = { readonly file: string; readonly arguments: readonly string[]; readonly options: SpawnOptions };

const usualNobody: User = { uid: 65_534, gid: 65_534 };
const probeWithinMs = 5_000;

// The environment is not handed on: it holds secrets, and the server outlives us. Windows cannot start a program without.
const environment =
  process.platform === 'win32' ? undefined : { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

export function commandAs(
  account: Account,
  program: string,
  parameters: readonly string[],
  extraEnvironment: Readonly<Record<string, string>> = {},
): Command {
  const options = { cwd: '/', ...(environment && { env: { ...environment, ...extraEnvironment } }) };
  switch (account.kind) {
    case 'own':
      return { file: program, arguments: parameters, options };
    case 'namespace':
      return {
        file: 'unshare',
        arguments: ['--user', `--map-user=${account.uid}`, `--map-group=${account.gid}`, program, ...parameters],
        options,
      };
    case 'other':
      return { file: program, arguments: parameters, options: { ...options, uid: account.uid, gid: account.gid } };
  }
}

export function weAreRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** Whether the system has a name for us; without one PostgreSQL does not set up data, though it runs. */
export function weHaveAName(): boolean {
  try {
    userInfo();
    return true;
  } catch (error) {
    if (hasCode(error, 'ERR_SYSTEM_ERROR')) return false;
    throw error;
  }
}

/** A user namespace, when this machine lets us make one; many containers do not. */
export async function namespace(): Promise<Account | undefined> {
  const account = { kind: 'namespace', ...(await nobody()) } as const;
  const { file, arguments: parameters, options } = commandAs(account, 'true', []);
  try {
    await promisify(execFile)(file, [...parameters], { cwd: '/', env: options.env, timeout: probeWithinMs });
    return account;
  } catch {
    // Not installed, too old to know the options, or forbidden: all the same to us.
    return undefined;
  }
}

/** An ordinary user that has a name: `nobody`, or the first other than root. */
export async function nobody(): Promise<User> {
  const passwords = (await unless(readFile('/etc/passwd', 'utf8'), 'ENOENT')) ?? '';
  const users = passwords.split('\n').map((line) => line.split(':'));
  const known = users
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid >= 0);
  const { uid, gid } = known.find(({ name }) => name === 'nobody') ?? known[0] ?? usualNobody;
  return { uid, gid };
}
