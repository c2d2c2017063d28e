import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Rehearsal, type Script, startRehearsal } from '../src/rehearsal/server.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';

/** The built programs, and the peers: all run with the same Node against the same scripted model. */
export const program = resolve(import.meta.dirname, '../dist/main.js');
export const bareSdk = resolve(import.meta.dirname, 'bare-sdk.mjs');
export const bareTurns = resolve(import.meta.dirname, 'bare-turns.mjs');
export const ownTasks = resolve(import.meta.dirname, 'own-tasks.mjs');

/** Where a bench happens: an empty home, a scripted model, and a database that runs already. */
export type Stage = {
  readonly folder: string;
  /** The whole environment of whatever is measured. */
  readonly environment: Readonly<Record<string, string>>;
  readonly model: Rehearsal;
  /** Starts Node in that environment; whatever still runs of it at the end is killed. */
  start(args: readonly string[], stdio?: StdioOptions): ChildProcess;
  /** A folder for one task that exists and is empty. */
  workspace(name: string): string;
  close(): Promise<void>;
};

export async function openStage(script: Script): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-bench-'));
  const home = join(folder, 'home');
  const stateRoot = join(home, '.spiral');
  mkdirSync(home);
  mkdirSync(stateRoot, { mode: 0o700 });
  const model = await startRehearsal(script);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    SPIRAL_HOME: stateRoot,
    CLAUDE_CONFIG_DIR: join(home, 'bare'),
    ANTHROPIC_API_KEY: 'sk-bench',
    ANTHROPIC_BASE_URL: model.baseUrl,
  };
  const database = await openEmbeddedPostgres({ home: stateRoot });
  const started: ChildProcess[] = [];
  return {
    folder,
    environment,
    model,
    start(args, stdio = 'ignore') {
      const child = spawn(process.execPath, [...args], { env: environment, cwd: folder, stdio });
      started.push(child);
      return child;
    },
    workspace(name) {
      const path = join(folder, name);
      mkdirSync(path);
      return path;
    },
    async close() {
      await Promise.all(started.map(kill));
      await model.close();
      await database.leave();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Resolves as soon as the condition holds; rejects after the time with what was waited for. */
export async function until(what: string, holds: () => boolean, milliseconds = 120_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds / 1000} s: ${what}`);
    await new Promise((done) => setTimeout(done, pollMs));
  }
}

/** How exact the figures are that are found by looking again and again. */
export const pollMs = 5;
