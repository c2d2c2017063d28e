import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newWorkspace } from './workspaces-on-disk.ts';

const name = fc.constantFrom('a', 'b', '-c', 'd e', 'ü', 'n\nl');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const content = fc.constantFrom('', 'one', 'two', 'one\r\n', '\0binary');

type Operation = { readonly told: string; apply(root: string): void };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(path, content).map(([to, text]) => told(`write ${to}`, (root) => writeFileSync(place(root, to), text))),
  path.map((to) => told(`delete ${to}`, (root) => rmSync(join(root, to), { recursive: true }))),
  fc
    .tuple(path, path)
    .map(([from, to]) => told(`move ${from} ${to}`, (root) => renameSync(join(root, from), place(root, to)))),
  fc.tuple(path, name).map(([at, to]) => told(`link ${at} ${to}`, (root) => symlinkSync(to, place(root, at)))),
  path.map((at) => told(`make executable ${at}`, (root) => chmodSync(fileAt(root, at), 0o755))),
);

function told(text: string, apply: (root: string) => void): Operation {
  return { told: text, apply };
}

/** A place to put something, whatever lay there or on the way to it before. */
function place(root: string, to: string): string {
  const parts = to.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const full = join(root, ...parts.slice(0, length));
    const isLast = length === parts.length;
    const found = lstatSync(full, { throwIfNoEntry: false });
    if (found && (isLast || !found.isDirectory())) rmSync(full, { recursive: true });
  }
  const full = join(root, to);
  mkdirSync(dirname(full), { recursive: true });
  return full;
}

function fileAt(root: string, path: string): string {
  const full = join(root, path);
  if (!lstatSync(full).isFile()) throw new Error('not a file');
  return full;
}

/** What is in a folder, written down naively: a path, and all that counts of the file. */
function contentsOf(root: string, folder = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder))) {
    const path = join(folder, entry);
    const full = join(root, path);
    const status = lstatSync(full);
    if (status.isDirectory()) for (const [below, what] of contentsOf(root, path)) found.set(below, what);
    else if (status.isSymbolicLink()) found.set(path, `link ${readlinkSync(full)}`);
    else found.set(path, `file ${status.mode & 0o100} ${readFileSync(full, 'base64')}`);
  }
  return found;
}

function naiveChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    if (before.get(path) === after.get(path)) return [];
    if (!before.has(path)) return [`${path}: created`];
    return [after.has(path) ? `${path}: modified` : `${path}: deleted`];
  });
}

test('after any sequence of file operations the changes are those of a naive comparison', async () => {
  const rounds = fc.array(fc.array(operation, { maxLength: 12 }), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(rounds, async (sequence) => {
      const workspace = newWorkspace();
      try {
        let before = contentsOf(workspace.path);
        await workspace.remember('0');
        for (const [index, operations] of sequence.entries()) {
          for (const { apply } of operations) {
            try {
              apply(workspace.path);
            } catch {
              // Not possible as things are, as a deletion of what is not there; what counts is what came of the others.
            }
          }
          const after = contentsOf(workspace.path);
          await workspace.remember(`${index + 1}`);
          const changes = await workspace.changes(`${index}`, `${index + 1}`);
          expect(changes.toSorted()).toEqual(naiveChanges(before, after).toSorted());
          before = after;
        }
      } finally {
        workspace.leave();
      }
    }),
    { numRuns: 15 },
  );
});
