import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, namespace, nobody, type User, weAreRoot } from './account.ts';
import { unless } from './file-errors.ts';

/** Where the server of one home has its files, and as whom it runs. */
export type Place = {
  /** Ours alone (0700). */
  readonly folder: string;
  /** The data folder of the server; outside of `folder` when the server runs as another user. */
  readonly data: string;
  /** Holds the password, 0600. */
  readonly password: string;
  readonly log: string;
  readonly account: Account;
  /** Enterable by everybody; used only when the server runs as another user. */
  readonly outside: string;
};

export type PlaceOptions = {
  readonly outside?: string;
  /** Makes sure that a user namespace can be had; gives undefined when not. */
  readonly findNamespace?: typeof namespace;
};

const usualOutside = '/var/lib/spiral';
const privateMode = 0o700;

/**
 * The place of the server that belongs to `home`. Where data is already, it stays: whether namespaces work can change
 * from one start to the next, the data must not seem to be gone then.
 */
export async function placeIn(home: string, options: PlaceOptions = {}): Promise<Place> {
  const { outside = usualOutside, findNamespace = namespace } = options;
  await mkdir(join(home, 'postgres'), { recursive: true, mode: privateMode });
  const folder = await realpath(join(home, 'postgres'));
  const shared = { folder, password: join(folder, 'password'), log: join(folder, 'server.log'), outside };
  const inside = join(folder, 'data');
  const elsewhere = join(outside, createHash('sha256').update(folder).digest('hex').slice(0, 16), 'data');

  if (!weAreRoot()) return { ...shared, data: inside, account: { kind: 'own' } };
  for (const data of [inside, elsewhere]) {
    const owner = await unless(stat(data), 'ENOENT');
    if (owner) return { ...shared, data, account: await ownerAccount(owner) };
  }
  const account = await findNamespace();
  return account
    ? { ...shared, data: inside, account }
    : { ...shared, data: elsewhere, account: { kind: 'other', ...(await nobody()) } };
}

async function ownerAccount({ uid, gid }: User): Promise<Account> {
  return uid === 0 ? { kind: 'namespace', ...(await nobody()) } : { kind: 'other', uid, gid };
}

/** Makes the folders that a server is set up in. */
export async function prepare({ folder, data, account, outside }: Place): Promise<void> {
  await chmod(folder, privateMode);
  const parent = dirname(data);
  if (account.kind !== 'other' || parent === folder) return;
  // Whoever made them, and under whatever umask: the other user must get through.
  for (const [path, mode] of [
    [outside, 0o755],
    [parent, 0o711],
  ] as const) {
    if (await mkdir(path, { recursive: true })) await chmod(path, mode);
  }
}
