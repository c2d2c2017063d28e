import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from '../../domain/tool-digest.ts';
import { inodeOf, inspectFolder } from './read-folder.ts';
import { setAside } from './set-aside.ts';

const digest = digestOf(new Map([['index.mjs', Buffer.from('adopted')]]));
const inspect = (folder: string) => inspectFolder(folder, digest);

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'spiral-aside-'));
  folder = join(parent, '1.0.0');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

async function make(contents: string): Promise<string> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), contents);
  const inode = await inodeOf(folder);
  if (inode === undefined) throw new Error('it was just made');
  return inode;
}

test('what was edited gets a name of its own each time', async () => {
  for (const number of [1, 2, 3]) {
    const inode = await make('edited');
    expect(await setAside(folder, inode, inspect)).toBe(`${folder}.edited-${number}`);
  }
  expect(readdirSync(parent).sort()).toEqual(['1.0.0.edited-1', '1.0.0.edited-2', '1.0.0.edited-3']);
});

test('the newest three are kept, and what a person named is not touched', async () => {
  for (const other of ['1.0.0.edited-mine', '1.0.0.edited-1.copy', '1.0.1.edited-1']) mkdirSync(join(parent, other));
  for (const _ of Array.from({ length: 12 })) await setAside(folder, await make('edited'), inspect);
  expect(readdirSync(parent).sort()).toEqual([
    ...['1.0.0.edited-1.copy', '1.0.0.edited-10', '1.0.0.edited-11', '1.0.0.edited-12', '1.0.0.edited-mine'],
    '1.0.1.edited-1',
  ]);
});

test('what has come to its place since it was looked at stays there', async () => {
  const inode = await make('edited');
  renameSync(folder, join(parent, 'elsewhere'));
  await make('edited as well');
  expect(await setAside(folder, inode, inspect)).toBeUndefined();
  expect(existsSync(join(folder, 'index.mjs'))).toBe(true);
  rmSync(folder, { recursive: true });
  expect(await setAside(folder, inode, inspect)).toBeUndefined();
});

test('what turns out to be whole when it was set aside is put back', async () => {
  const inode = await make('adopted');
  expect(await setAside(folder, inode, inspect)).toBeUndefined();
  expect(readdirSync(parent)).toEqual(['1.0.0']);
});
