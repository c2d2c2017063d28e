import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFolder } from '../../../src/workspace/files/folder.ts';

let base: string;
let userHome: string;
let stateRoot: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-folder-')));
  userHome = join(base, 'home');
  stateRoot = join(userHome, '.spiral');
  mkdirSync(stateRoot, { recursive: true });
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

async function open(path: string, reserved = { userHome, stateRoot }): Promise<string> {
  const answer = await openFolder(path, reserved);
  return 'path' in answer ? answer.path : answer.problem;
}

test('a folder that does not exist is made, with those above it', async () => {
  expect(await open(join(base, 'a/b/c'))).toBe(join(base, 'a/b/c'));
  expect(lstatSync(join(base, 'a/b/c')).isDirectory()).toBe(true);
});

test('the same folder can be made by several at once', async () => {
  for (let round = 0; round < 100; round += 1) {
    const path = join(base, String(round), 'x/y/z');
    expect(await Promise.all([open(path), open(path), open(path)])).toEqual([path, path, path]);
  }
});

test('a link to a folder is followed to where it leads', async () => {
  mkdirSync(join(base, 'real'));
  symlinkSync(join(base, 'real'), join(base, 'link'));
  expect(await open(join(base, 'link/inside'))).toBe(join(base, 'real/inside'));
});

test('the root, the home folder, what holds it and the state root are refused', async () => {
  expect(await open('/')).toBe('/ is the root of the file system');
  expect(await open(userHome)).toBe(`${userHome} is your home folder`);
  expect(await open(base)).toBe(`${base} holds your home folder`);
  expect(await open(stateRoot)).toBe(`${stateRoot} belongs to Spiral's own state`);
  expect(await open(join(stateRoot, 'shadow/x'))).toBe(`${stateRoot}/shadow/x belongs to Spiral's own state`);
  expect(await open(join(stateRoot, '..x'))).toBe(`${stateRoot}/..x belongs to Spiral's own state`);
  expect(existsSync(join(stateRoot, 'shadow'))).toBe(false);
});

test('a link does not lead around the refusals', async () => {
  symlinkSync(userHome, join(base, 'to-home'));
  symlinkSync(stateRoot, join(base, 'to-state'));
  expect(await open(join(base, 'to-home'))).toBe(`${userHome} is your home folder`);
  expect(await open(join(base, 'to-state/x'))).toBe(`${stateRoot}/x belongs to Spiral's own state`);
  expect(existsSync(join(stateRoot, 'x'))).toBe(false);
});

test('a home folder that is named by a link is still the home folder', async () => {
  symlinkSync(userHome, join(base, 'to-home'));
  const reserved = { userHome: join(base, 'to-home'), stateRoot: join(base, 'to-home/.spiral') };
  expect(await open(userHome, reserved)).toBe(`${userHome} is your home folder`);
  expect(await open(stateRoot, reserved)).toBe(`${stateRoot} belongs to Spiral's own state`);
});

test('files, what lies below them, broken links and circles are refused in words', async () => {
  writeFileSync(join(base, 'file'), '');
  symlinkSync(join(base, 'nowhere'), join(base, 'broken'));
  symlinkSync(join(base, 'circle'), join(base, 'circle'));
  expect(await open(join(base, 'file'))).toBe(`${base}/file is a file`);
  expect(await open(join(base, 'file/x'))).toBe(`${base}/file/x is a file, or lies below one`);
  expect(await open(join(base, 'broken'))).toBe(`${base}/broken cannot be made`);
  expect(await open(join(base, 'circle'))).toBe(`${base}/circle is a link that leads to itself`);
  expect(await open(join(base, 'x'.repeat(300)))).toBe('the name of the workspace is too long');
  expect(await open('  ')).toBe('the workspace has no name');
});
