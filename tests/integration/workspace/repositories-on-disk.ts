import { createHash, randomBytes } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { MergeResult } from '../../../src/domain/merge-result.ts';
import type { Repository } from '../../../src/domain/task.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import type { Launch } from '../../../src/sandbox/sandbox.ts';
import type { SetupSetting, WorkspaceProblem, Worktrees } from '../../../src/workspace/workspace.ts';
import type { WorktreeSetting } from '../../../src/workspace/worktrees/setting.ts';
import { openWorktrees } from '../../../src/workspace/worktrees/worktrees.ts';
import { userGit } from './workspaces-on-disk.ts';

export const noSetup: SetupSetting = { copy: [], timeoutMs: 60_000 };
const searchPath = process.env['PATH'] ?? '';

/** A repository of a user with one commit, a state root, and worktrees. */
export class RepositoryOnDisk {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-repository-')));
  readonly path = join(this.base, 'repository');
  readonly stateRoot = join(this.base, 'state');
  readonly userHome = join(this.base, 'home');
  readonly launches: Launch[] = [];
  readonly setting: WorktreeSetting;
  readonly worktrees: Worktrees;
  readonly #runFile;

  constructor() {
    for (const folder of [this.path, this.stateRoot, this.userHome]) mkdirSync(folder);
    this.#runFile = openRunFile(this.stateRoot);
    const sandbox = openProcessSandbox('none', this.#runFile);
    this.setting = {
      stateRoot: this.stateRoot,
      userHome: this.userHome,
      environment: { PATH: searchPath, HOME: this.userHome },
      sandbox: {
        run: (launch, limits, signal) => {
          this.launches.push(launch);
          return sandbox.run(launch, limits, signal);
        },
      },
    };
    this.worktrees = openWorktrees(this.setting);
    this.git('init', '--quiet', '--initial-branch=main');
    this.write({ a: 'one\n', 'folder/b': 'two\n' });
    this.commitAll('first');
  }

  git(...args: readonly string[]): string {
    return userGit(this.path, ...args).trim();
  }

  commitAll(message: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--no-verify', '-m', message);
  }

  write(files: Readonly<Record<string, string | Buffer>>, folder = this.path): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  }

  read(name: string, folder = this.path): string {
    return readFileSync(join(folder, name), 'utf8');
  }

  /** Plans and makes the worktree of a new task. */
  async begin(setup: SetupSetting = noSetup, task: TaskId = newTaskId()): Promise<Work> {
    const planned = await this.worktrees.plan(this.path, task);
    if (!('workspace' in planned)) throw new Error(planned.problem);
    const { workspace, repository } = planned;
    const work = new Work(this, task, workspace, repository);
    await work.make(setup);
    return work;
  }

  async problemOf(path: string): Promise<WorkspaceProblem> {
    const planned = await this.worktrees.plan(path, newTaskId());
    if ('workspace' in planned) throw new Error(`${path} was taken`);
    return planned;
  }

  /** All that must not change while we work: every file, but for what git keeps of our worktree and branch. */
  untouchable(): ReadonlyMap<string, string> {
    const ours = [
      /^\.git\/worktrees/,
      /^\.git\/objects/,
      /^\.git\/refs\/heads\/spiral/,
      /^\.git\/logs\/refs\/heads\/spiral/,
    ];
    return new Map([...contentsOf(this.path)].filter(([path]) => !ours.some((pattern) => pattern.test(path))));
  }

  leave(): void {
    this.#runFile.close();
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** The work of one task. */
export class Work {
  readonly on: RepositoryOnDisk;
  readonly task: TaskId;
  readonly workspace: string;
  readonly repository: Repository;

  constructor(on: RepositoryOnDisk, task: TaskId, workspace: string, repository: Repository) {
    this.on = on;
    this.task = task;
    this.workspace = workspace;
    this.repository = repository;
  }

  make(setup: SetupSetting = noSetup, signal = new AbortController().signal) {
    return this.on.worktrees.make(this.workspace, this.repository, this.task, setup, signal);
  }

  write(files: Readonly<Record<string, string | Buffer>>): void {
    this.on.write(files, this.workspace);
  }

  commit(message = 'the work'): Promise<boolean> {
    return this.on.worktrees.commit(this.workspace, this.repository, message);
  }

  diff(): Promise<string> {
    return this.on.worktrees.diff(this.workspace, this.repository);
  }

  merge(message = 'Merge the work'): Promise<MergeResult> {
    return this.on.worktrees.merge(this.workspace, this.repository, message);
  }

  discard(): Promise<void> {
    return this.on.worktrees.discard(this.workspace, this.repository);
  }

  /** The files of the newest commit of the branch. */
  committed(): string[] {
    return this.on.git('ls-tree', '-r', '--name-only', this.repository.branch).split('\n');
  }
}

export function newTaskId(): TaskId {
  return randomBytes(4).toString('hex') as TaskId;
}

/** What is in a folder: a path, and all that counts of the file. */
function contentsOf(root: string, folder = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder))) {
    const path = join(folder, entry);
    const full = join(root, path);
    const status = lstatSync(full);
    if (status.isDirectory()) {
      found.set(path, 'folder');
      for (const [below, what] of contentsOf(root, path)) found.set(below, what);
    } else if (status.isSymbolicLink()) found.set(path, `link ${readlinkSync(full)}`);
    else found.set(path, `${status.mode} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`);
  }
  return found;
}
