import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FileChange } from '../../../src/domain/file-change.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { changesBetween, takeSnapshot } from '../../../src/workspace/shadow-git/repository.ts';
import { newTaskId } from '../store/examples.ts';

export type Workspace = {
  readonly path: string;
  readonly shadow: { readonly root: string; readonly searchPath: string };
  readonly task: TaskId;
  write(files: Readonly<Record<string, string | Buffer>>): void;
  remove(...paths: readonly string[]): void;
  remember(name: string): Promise<void>;
  /** What differs between two states, as `path: change`, in order. */
  changes(before: string, after: string): Promise<string[]>;
  /** The folder in which the states are kept. */
  shadowFolder(): string;
  leave(): void;
};

const searchPath = process.env['PATH'] ?? '';

/** An empty workspace whose states are kept beside it. */
export function newWorkspace(): Workspace {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-shadow-')));
  const path = join(base, 'workspace');
  mkdirSync(path);
  const shadow = { root: join(base, 'shadow'), searchPath };
  const task = newTaskId();
  return {
    path,
    shadow,
    task,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content);
      }
    },
    remove(...paths) {
      for (const name of paths) rmSync(join(path, name), { recursive: true });
    },
    remember: (name) => takeSnapshot(shadow, path, task, name),
    changes: async (before, after) => (await changesBetween(shadow, path, task, before, after)).map(inWords),
    shadowFolder: () => join(shadow.root, readdirSync(shadow.root)[0] ?? ''),
    leave: () => rmSync(base, { recursive: true, force: true }),
  };
}

function inWords({ path, change }: FileChange): string {
  return `${path}: ${change}`;
}

/** The user's own git, as they would run it. */
export function userGit(cwd: string, ...args: readonly string[]): string {
  const author = ['-c', 'user.name=A Person', '-c', 'user.email=person@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...author, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: searchPath, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });
}
