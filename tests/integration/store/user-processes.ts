import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readableProgram } from '../../support/readable-program.ts';

const script = fileURLToPath(new URL('./user-process.ts', import.meta.url));

/** A living process that uses an embedded server. */
export type UserProcess = {
  readonly databaseUrl: string;
  readonly serverPid: number;
  /** Leaves the server as a program does that comes to its end. */
  leave(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
};

const living = new Set<ChildProcess>();

/**
 * Starts a process that opens the embedded server of `home`, as another user when `uid` is given.
 *
 * @param within a program and its arguments that it is started by
 */
export async function startUser(home: string, uid?: number, within: readonly string[] = []): Promise<UserProcess> {
  const readable = uid === undefined ? undefined : await readableProgram({ file: script });
  const command = readable ? [readable.program] : ['--import', 'tsx', script];
  const [file = '', ...rest] = [...within, process.execPath, ...command, home];
  const child = spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid, env: { PATH: process.env['PATH'], HOME: home } }),
  });
  living.add(child);
  const ended = once(child, 'exit').then(async () => {
    living.delete(child);
    if (readable) await rm(readable.folder, { recursive: true, force: true });
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) throw new Error(`the user process said nothing: ${complaints}`);
  const { databaseUrl, serverPid } = JSON.parse(first.value);
  return {
    databaseUrl,
    serverPid,
    async leave() {
      child.stdin.write('leave\n');
      await ended;
      if (child.exitCode !== 0) throw new Error(`the user process failed: ${complaints}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Ends those that a failed test left behind. */
export async function killUsers(): Promise<void> {
  await Promise.all(
    [...living].map(async (child) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
}
