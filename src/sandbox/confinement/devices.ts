import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A device file of ours, and the place at which a view shows it. */
export type Device = { readonly source: string; readonly path: string };

/** Every program uses these. The kernel knows them by two numbers. */
const numbers: Readonly<Record<string, readonly [number, number]>> = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 8],
  urandom: [1, 9],
};

const nobody = 65_534;

/**
 * Makes device files that belong to nobody. Whoever root confines is still the owner of those of the machine, and could
 * change their mode for everybody. Without any where they cannot be made, or not be used.
 *
 * @param folder that they are kept in
 */
export function devicesOfNobody(folder: string): Device[] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return Object.entries(numbers).map(([name, [major, minor]]) => {
      const source = join(folder, name);
      if (!isDeviceOfNobody(source)) make(source, major, minor);
      // A file system may refuse to let devices be used.
      closeSync(openSync(source, 'r'));
      return { source, path: join('/dev', name) };
    });
  } catch {
    return []; // No right to make devices, as in some containers, or no room.
  }
}

function make(path: string, major: number, minor: number): void {
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  execFileSync('mknod', [draft, 'c', String(major), String(minor)], { stdio: 'ignore' });
  chmodSync(draft, 0o666);
  chownSync(draft, nobody, nobody);
  renameSync(draft, path);
}

function isDeviceOfNobody(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.uid === nobody && found.isCharacterDevice();
}
