import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instructionsOf } from '../../../src/workspace/files/instructions.ts';
import { surveyOf } from '../../../src/workspace/files/survey.ts';
import { filesOf } from '../../../src/workspace/files/walk.ts';

let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'spiral-walk-'));
});

afterEach(() => rmSync(workspace, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
}

test('what .gitignore names is left out, in this folder and below', async () => {
  write({
    '.gitignore': '*.log\n/dist/\n',
    'a.ts': '',
    'a.log': '',
    'dist/x.js': '',
    'sub/b.log': '',
    'sub/dist/y.js': '',
  });
  expect(await filesOf(workspace)).toEqual(['.gitignore', 'a.ts', 'sub/dist/y.js']);
});

test('a nested .gitignore has the last word for its folder, also to take a rule back', async () => {
  write({
    '.gitignore': '*.log\n',
    'sub/.gitignore': '!keep.log\n*.tmp\n',
    'sub/keep.log': '',
    'sub/drop.log': '',
    'sub/a.tmp': '',
    'b.tmp': '',
  });
  expect(await filesOf(workspace)).toEqual(['.gitignore', 'b.tmp', 'sub/.gitignore', 'sub/keep.log']);
});

test('capital letters make another name, as they do in git', async () => {
  write({ '.gitignore': 'build/\n', 'build/x': '', 'Build/y': '' });
  expect(await filesOf(workspace)).toEqual(['.gitignore', 'Build/y']);
});

test('no rule hides a test', async () => {
  write({ '.gitignore': '*\n', 'src.ts': '', 'a.test.ts': '', 'tests/deep/b.ts': '', 'test_c.py': '' });
  expect(await filesOf(workspace)).toEqual(['a.test.ts', 'test_c.py', 'tests/deep/b.ts']);
});

test('a .gitignore that is a folder, a link, or no text leaves nothing out', async () => {
  write({
    'rules.txt': '*\n',
    'a/.gitignore/x': '',
    'a/y': '',
    'b/z': '',
    'c/.gitignore': Buffer.from([0xff, 0, 0x80]),
  });
  symlinkSync(join(workspace, 'rules.txt'), join(workspace, 'b/.gitignore'));
  expect(await filesOf(workspace)).toEqual([
    'a/.gitignore/x',
    'a/y',
    'b/.gitignore',
    'b/z',
    'c/.gitignore',
    'rules.txt',
  ]);
});

test('names of dots do not confuse the rules', async () => {
  write({ '.gitignore': 'x\n', '.../y': '', '..a': '' });
  expect(await filesOf(workspace)).toEqual(['.../y', '..a', '.gitignore']);
});

test('links are files and are not followed, and circles end', async () => {
  write({ 'real/a': '' });
  symlinkSync('real', join(workspace, 'link'));
  symlinkSync('..', join(workspace, 'real/up'));
  expect(await filesOf(workspace)).toEqual(['link', 'real/a', 'real/up']);
});

test("repositories' own files, packages and sockets are left out", async () => {
  write({
    '.git/config': '',
    'sub/.git': 'gitdir: elsewhere',
    'node_modules/x/i.js': '',
    '.venv/bin/python': '',
    a: '',
  });
  symlinkSync('a', join(workspace, '.gitmodules'));
  const server = createServer().listen(join(workspace, 'socket'));
  expect(await filesOf(workspace)).toEqual(['a']);
  server.close();
});

test('a name that is no UTF-8 is told byte by byte', async () => {
  write({ 'a.ts': '' });
  const strange = Buffer.concat([Buffer.from(`${workspace}/`), Buffer.from([0x61, 0xff])]);
  mkdirSync(strange);
  writeFileSync(Buffer.concat([strange, Buffer.from('/é')]), '');
  writeFileSync(Buffer.concat([strange, Buffer.from('/ignored')]), '');
  writeFileSync(Buffer.concat([strange, Buffer.from('/.gitignore')]), 'ignored');
  expect(await filesOf(workspace)).toEqual(['a.ts', 'a\\xFF/.gitignore', 'a\\xFF/é']);
});

test('too many files, and a workspace that is gone, are told in a sentence', async () => {
  write({ a: '', b: '', c: '' });
  await expect(filesOf(workspace, 2)).rejects.toThrow('the workspace holds more than 2 files');
  expect(await filesOf(workspace, 3)).toHaveLength(3);
  rmSync(workspace, { recursive: true });
  await expect(filesOf(workspace)).rejects.toThrow(`the workspace ${workspace}`);
});

test('a folder that is deleted and made again while it is walked stops nobody', async () => {
  let over = false;
  const churn = (async () => {
    while (!over) {
      write({ 'busy/one/a': '', 'busy/two/.gitignore': 'x' });
      await new Promise((resolve) => setImmediate(resolve));
      rmSync(join(workspace, 'busy'), { recursive: true, force: true });
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  write({ still: '' });
  for (let round = 0; round < 100; round += 1) expect(await filesOf(workspace)).toContain('still');
  over = true;
  await churn;
});

test('a survey counts files by extension', async () => {
  write({ 'a.TS': '', 'b.ts': '', Makefile: '', '.env': '' });
  expect(await surveyOf(workspace)).toEqual({ files: 4, extensions: { ts: 2 } });
});

test('instructions are the beginning of CLAUDE.md, and never a file from elsewhere', async () => {
  expect(await instructionsOf(workspace)).toBeUndefined();
  write({ '../spiral-walk-outside/CLAUDE.md': 'a secret' });
  const outside = join(dirname(workspace), 'spiral-walk-outside');
  symlinkSync(join(outside, 'CLAUDE.md'), join(workspace, 'CLAUDE.md'));
  symlinkSync(outside, join(workspace, '.claude'));
  expect(await instructionsOf(workspace)).toBeUndefined();
  rmSync(outside, { recursive: true });
  rmSync(join(workspace, 'CLAUDE.md'));
  write({ 'CLAUDE.md': `a${'é'.repeat(20_000)}` });
  const text = await instructionsOf(workspace);
  expect(text).toMatch(/^aé+$/);
  expect(Buffer.byteLength(text ?? '')).toBe(23_999);
});
