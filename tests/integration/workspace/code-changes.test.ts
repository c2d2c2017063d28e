import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeChangesBetween } from '../../../src/workspace/shadow-git/repository.ts';
import { newWorkspace, type Workspace } from './workspaces-on-disk.ts';

let workspace: Workspace;

beforeEach(() => {
  workspace = newWorkspace();
});

afterEach(() => workspace.leave());

async function codeChangesOf(work: () => void) {
  await workspace.remember('before');
  work();
  await workspace.remember('after');
  return codeChangesBetween(workspace.shadow, workspace.path, workspace.task, 'before', 'after');
}

test('each changed file is told with its lines and its language', async () => {
  workspace.write({ 'src/main.rs': 'a\nb\nc\n', 'gone.py': '1\n2\n', same: 'x' });
  const changes = await codeChangesOf(() => {
    workspace.write({ 'src/main.rs': 'a\nB\nc\nd\n', 'new\tname.ts': 'one\ntwo', LICENSE: '' });
    workspace.remove('gone.py');
  });
  expect(changes).toEqual([
    { path: 'LICENSE', change: 'created', linesAdded: 0, linesRemoved: 0, language: 'unknown' },
    { path: 'gone.py', change: 'deleted', linesAdded: 0, linesRemoved: 2, language: 'Python' },
    { path: 'new\tname.ts', change: 'created', linesAdded: 2, linesRemoved: 0, language: 'TypeScript' },
    { path: 'src/main.rs', change: 'modified', linesAdded: 2, linesRemoved: 1, language: 'Rust' },
  ]);
});

test('what is no text, or too big to compare, has no lines, whatever .gitattributes says', async () => {
  const changes = await codeChangesOf(() =>
    workspace.write({
      '.gitattributes': 'text.md binary\n*.png text diff\n',
      'text.md': 'one\n',
      'image.png': Buffer.from([0, 1, 2]),
      'huge.json': Buffer.alloc(9 * 1024 * 1024, 'x\n'),
    }),
  );
  expect(changes.map(({ path, linesAdded }) => [path, linesAdded])).toEqual([
    ['.gitattributes', 2],
    ['huge.json', null],
    ['image.png', null],
    ['text.md', 1],
  ]);
});

test('of very many files no lines are counted', async () => {
  const changes = await codeChangesOf(() => {
    mkdirSync(join(workspace.path, 'many'));
    for (let index = 0; index <= 10_000; index += 1) symlinkSync('x', join(workspace.path, `many/${index}.ts`));
  });
  expect(changes).toHaveLength(10_001);
  expect(changes[0]).toEqual({
    path: 'many/0.ts',
    change: 'created',
    linesAdded: null,
    linesRemoved: null,
    language: 'TypeScript',
  });
});
