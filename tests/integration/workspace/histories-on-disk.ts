import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openHistories } from '../../../src/workspace/histories/histories.ts';
import { takeSnapshot } from '../../../src/workspace/shadow-git/repository.ts';
import type { Histories } from '../../../src/workspace/workspace.ts';
import { newTaskId } from './repositories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

const searchPath = process.env['PATH'] ?? '';

/** An empty folder in which a project may begin, a state root, and histories. */
export class ProjectOnDisk {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-history-')));
  readonly path = join(this.base, 'project');
  readonly gitFolder = join(this.path, '.git');
  readonly task = newTaskId();
  readonly histories: Histories;
  readonly #shadow = { root: join(this.base, 'state', 'shadow'), searchPath };
  #states = 0;

  constructor() {
    mkdirSync(this.path);
    mkdirSync(join(this.base, 'state'));
    this.histories = openHistories({ stateRoot: join(this.base, 'state'), shadow: this.#shadow });
  }

  begin(): Promise<'ours' | 'not-ours'> {
    return this.histories.begin(this.path);
  }

  write(files: Readonly<Record<string, string | Buffer>>, folder = this.path): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.base, name), 'utf8');
  }

  /** Remembers what is in the folder now. */
  async remember(state = `state-${this.#states++}`): Promise<string> {
    await takeSnapshot(this.#shadow, this.path, this.task, state);
    return state;
  }

  /** Remembers and commits what is in the folder now. */
  async commit(message: string): Promise<string | undefined> {
    return this.histories.commit(this.path, this.task, await this.remember(), message);
  }

  /** As a person or an agent runs it in the folder. */
  git(...args: readonly string[]): string {
    return userGit(this.path, ...args).trim();
  }

  /** Subjects, the newest first. */
  log(): string[] {
    return this.git('log', '--format=%s').split('\n');
  }

  leave(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
