import { execFileSync } from 'node:child_process';
import {
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasFileAt } from '../../../src/workspace/files/has-file.ts';
import { listingOf } from '../../../src/workspace/files/listing.ts';

let base: string;
let workspace: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-files-')));
  workspace = join(base, 'workspace');
  mkdirSync(workspace);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
}

test('a listing has the first files by name and how many there are, what git ignores left out', async () => {
  write({ '.gitignore': '*.log\n', 'z.ts': '', 'a/b.ts': '', 'a.log': '', 'node_modules/x/y.js': '', 'm.ts': '' });
  expect(await listingOf(workspace, 2)).toEqual({ paths: ['.gitignore', 'a/b.ts'], files: 4 });
  expect(await listingOf(workspace, 100)).toEqual({ paths: ['.gitignore', 'a/b.ts', 'm.ts', 'z.ts'], files: 4 });
  expect(await listingOf(workspace, 0)).toEqual({ paths: [], files: 4 });
  expect((await listingOf(workspace, -1)).paths).toEqual([]);
});

test('a file that is there and says something is a file', async () => {
  write({ 'src/a.ts': 'x', 'ünï cödé\n.ts': 'x', empty: '' });
  expect(await hasFileAt(workspace, 'src/a.ts')).toBe(true);
  expect(await hasFileAt(workspace, './src/./a.ts')).toBe(true);
  expect(await hasFileAt(workspace, 'ünï cödé\n.ts')).toBe(true);
  expect(await hasFileAt(workspace, 'empty')).toBe(false);
  expect(await hasFileAt(workspace, 'src/b.ts')).toBe(false);
  expect(await hasFileAt(workspace, 'src/a.ts/')).toBe(false);
  expect(await hasFileAt(join(base, 'gone'), 'a')).toBe(false);
});

test('folders, devices, pipes and sockets are no files, and a pipe holds nobody', async () => {
  mkdirSync(join(workspace, 'folder'));
  execFileSync('mkfifo', [join(workspace, 'pipe')]);
  symlinkSync('pipe', join(workspace, 'link-to-pipe'));
  symlinkSync('/dev/zero', join(workspace, 'device'));
  for (const path of ['folder', 'folder/', 'pipe', 'link-to-pipe', 'device', '', '.', './']) {
    expect(await hasFileAt(workspace, path), path).toBe(false);
    expect(await hasFileAt(workspace, path, 1), path).toBe(false);
  }
});

test('no path leads out of the workspace', async () => {
  write({ 'in/a.ts': 'x' });
  writeFileSync(join(base, 'secret'), 'x');
  mkdirSync(`${workspace}-beside`);
  writeFileSync(join(`${workspace}-beside`, 'b'), 'x');
  symlinkSync('../secret', join(workspace, 'link'));
  symlinkSync('..', join(workspace, 'up'));
  symlinkSync(`${workspace}-beside`, join(workspace, 'beside'));
  symlinkSync('a', join(workspace, 'loop'));
  symlinkSync('loop', join(workspace, 'a'));
  const paths = [
    '../secret',
    'in/../in/a.ts',
    '..\\secret',
    `${workspace}/in/a.ts`,
    '/etc/passwd',
    '/in/a.ts',
    'in/a.ts\0.png',
  ];
  for (const path of [...paths, 'link', 'up/secret', 'up/workspace-beside/b', 'beside/b', 'loop'])
    expect(await hasFileAt(workspace, path), path).toBe(false);
});

test('links that stay inside are followed', async () => {
  write({ 'in/a.ts': 'x' });
  symlinkSync('in', join(workspace, 'link'));
  symlinkSync(join(workspace, 'in/a.ts'), join(workspace, 'absolute'));
  expect(await hasFileAt(workspace, 'link/a.ts')).toBe(true);
  expect(await hasFileAt(workspace, 'absolute')).toBe(true);
  symlinkSync(workspace, join(base, 'way'));
  expect(await hasFileAt(join(base, 'way'), 'in/a.ts')).toBe(true);
});

test.each([
  ['one\ntwo\n', 2],
  ['one\ntwo', 2],
  ['\n\n\n', 3],
  ['x', 1],
  ['one\r\ntwo\r\n', 2],
  [`${'x'.repeat(65_535)}\nlast`, 2],
  [`${'x'.repeat(65_535)}\n`, 1],
  [`${'x'.repeat(65_536)}\nlast`, 2],
  [`${'line\n'.repeat(50_000)}`, 50_000],
])('%j has exactly as many lines as an editor shows', async (text, lines) => {
  write({ a: text });
  expect(await hasFileAt(workspace, 'a', lines)).toBe(true);
  expect(await hasFileAt(workspace, 'a', lines + 1)).toBe(false);
  expect(await hasFileAt(workspace, 'a', 1)).toBe(true);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%s is no line of any file', async (line) => {
  write({ a: 'one\ntwo\n' });
  expect(await hasFileAt(workspace, 'a', line)).toBe(false);
});

test('a file with holes, however long it claims to be, is not read to its end', async () => {
  write({ a: 'one\n' });
  const file = openSync(join(workspace, 'a'), 'r+');
  ftruncateSync(file, 4 * 1024 ** 4);
  expect(await hasFileAt(workspace, 'a', 2)).toBe(true);
  const before = process.memoryUsage().rss;
  expect(await hasFileAt(workspace, 'a', 3)).toBe(false);
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
});
