import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, commandAs, namespace, weHaveAName } from './account.ts';
import { serverMajor } from './binaries.ts';
import { unless } from './file-errors.ts';
import type { Place } from './place.ts';
import { complaint, unavailable } from './unavailable.ts';

/** The only user of the server, and its superuser. */
export const serverUser = 'spiral';

const draftPrefix = 'initialising-';
const abandonedAfterMs = 10 * 60 * 1000;

/** The major version of the data; undefined when there is none yet. */
export async function dataVersion({ data }: Pick<Place, 'data'>): Promise<string | undefined> {
  return (await unless(readFile(join(data, 'PG_VERSION'), 'utf8'), 'ENOENT'))?.trim();
}

/**
 * Makes the data folder when there is none. It is made beside its place and renamed into it, so that it is there wholly
 * or not at all, and of several that make one at the same moment one wins.
 *
 * @param binaries the folder with `bin`
 */
export async function initialise(place: Place, binaries: string, password: string): Promise<void> {
  const version = await dataVersion(place);
  if (version === serverMajor) return;
  if (version !== undefined) {
    throw unavailable(`${place.data} was made by PostgreSQL ${version}, and this Spiral brings ${serverMajor}`, {
      hint: 'Use the Spiral that made it to move the data.',
    });
  }
  const parent = dirname(place.data);
  await removeAbandoned(parent);
  const draft = join(parent, `${draftPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    const passwordFile = join(draft, 'password');
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (place.account.kind === 'other') {
      await chown(passwordFile, place.account.uid, place.account.gid);
      await chown(draft, place.account.uid, place.account.gid);
    }
    await initdb(await initAccount(place.account), binaries, join(draft, 'data'), passwordFile);
    await unless(rename(join(draft, 'data'), place.data), 'EEXIST', 'ENOTEMPTY');
    await settle(parent);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function initAccount(account: Account): Promise<Account> {
  const named = account.kind !== 'own' || weHaveAName() ? account : await namespace();
  if (named) return named;
  throw unavailable('the embedded PostgreSQL cannot be set up by a user without a name', {
    hint: 'Give your user id a line in /etc/passwd.',
  });
}

async function initdb(account: Account, binaries: string, data: string, passwordFile: string): Promise<void> {
  const command = commandAs(account, join(binaries, 'bin', 'initdb'), [
    `--pgdata=${data}`,
    `--username=${serverUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]);
  await new Promise<void>((resolve, reject) => {
    execFile(command.file, [...command.arguments], { ...command.options, encoding: 'utf8' }, (error, _out, printed) => {
      if (!error) return resolve();
      reject(
        unavailable(`the embedded PostgreSQL cannot be set up: ${complaint(printed || error.message)}`, {
          cause: error,
        }),
      );
    });
  });
}

/** What a killed process left half made. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(draftPrefix)) continue;
    const made = await unless(stat(join(parent, name)), 'ENOENT');
    if (made && made.mtimeMs < Date.now() - abandonedAfterMs) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Makes a rename in a folder outlast a power cut. */
async function settle(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
