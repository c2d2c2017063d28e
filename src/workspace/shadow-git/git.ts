import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { WorkspaceError } from '../workspace.ts';

/** Nothing of the user's or the machine's configuration takes part: no hooks, no filters, no signing, no prompts. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'core.excludesFile=/dev/null',
  'core.quotePath=false',
  'core.untrackedCache=false',
  // They would leave out files whose names mean something on other systems only.
  'core.protectNTFS=false',
  'core.protectHFS=false',
  'gc.auto=0',
  'init.defaultBranch=main',
  'safe.directory=*',
].flatMap((setting) => ['-c', setting]);

const isolation = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};

/**
 * Runs git and gives back what it printed. Throws `WorkspaceError`.
 *
 * @param environment all that git sees, PATH included
 * @param input what it reads
 */
export async function git(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
  input: string,
): Promise<string> {
  const child = spawn('git', [...settings, ...args], {
    cwd,
    env: { ...isolation, ...environment },
    stdio: 'pipe',
  });
  const ended = once(child, 'close').catch((error: unknown) => {
    if (!existsSync(cwd)) throw new WorkspaceError(`the workspace ${cwd} is gone`, 'Make it again.', { cause: error });
    throw new WorkspaceError('git could not be started', 'Install git.', { cause: error });
  });
  child.stdin.on('error', () => undefined); // Git that fails early closes its input; its exit code tells why.
  child.stdin.end(input);
  const [printed, complaint] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (child.exitCode !== 0) {
    const lines = complaint.trim().split('\n');
    // The last line tells that git gave up, the one before it why.
    const reason = lines.findLast((line) => line.startsWith('error: ')) ?? lines.at(-1) ?? '';
    throw new WorkspaceError(`git ${args[0] ?? ''} failed: ${reason}`, cureOf(complaint));
  }
  return printed;
}

function cureOf(complaint: string): string {
  return complaint.includes('Permission denied')
    ? 'Make the file readable, or name it in .gitignore.'
    : 'See whether the disk is full: spiral doctor';
}
