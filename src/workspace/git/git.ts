import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WorkspaceError } from '../workspace.ts';

/** A key of git's configuration, and what it is to be; a key may come more than once. */
export type GitSetting = readonly [key: string, value: string];

/** What holds for every call: git runs no program of anybody's, asks nobody, reaches no other machine, and tidies nothing up. */
const always: readonly GitSetting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.quotePath', 'false'],
  ['core.sshCommand', 'false'],
  ['core.askPass', ''],
  ['protocol.allow', 'never'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['safe.directory', '*'],
];

const isolation = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
};

export type GitCall = {
  readonly args: readonly string[];
  /** All that git sees, PATH included. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Wins over every configuration file. */
  readonly settings?: readonly GitSetting[];
  readonly input?: string | Buffer;
  /** What it prints beyond this is left away. */
  readonly outputBytes?: number;
};

export type GitResult = {
  readonly exitCode: number | null;
  readonly output: Buffer;
  readonly complaint: string;
  /** It printed more than was asked for, and was ended. */
  readonly cut: boolean;
};

/** Runs git and gives back how it ended. Throws `WorkspaceError` when it cannot be started, and when the disk is full. */
export async function attemptGit(call: GitCall): Promise<GitResult> {
  const { args, environment, cwd, settings = [], input = '' } = call;
  const { options, variables } = configuration([...always, ...settings]);
  const child = spawn('git', [...options, ...args], {
    cwd,
    env: { ...isolation, ...variables, ...environment },
    stdio: 'pipe',
  });
  const ended = once(child, 'close').catch((error: unknown) => {
    if (!existsSync(cwd)) throw new WorkspaceError(`the workspace ${cwd} is gone`, 'Make it again.', { cause: error });
    throw new WorkspaceError('git could not be started', 'Install git.', { cause: error });
  });
  child.stdin.on('error', () => undefined); // Git that fails early closes its input; its exit code tells why.
  child.stdin.end(input);
  const printed = beginningOf(child.stdout, call.outputBytes ?? Number.POSITIVE_INFINITY, () => child.kill());
  const [{ output, cut }, complaint] = await Promise.all([printed, text(child.stderr), ended]);
  if (!cut && child.exitCode !== 0 && /No space left on device|Disk quota exceeded/.test(complaint)) {
    throw new WorkspaceError(`git ${args[0] ?? ''} failed: the disk is full`, 'Make room on the disk, then try again.');
  }
  return { exitCode: child.exitCode, output, complaint, cut };
}

/** Runs git and gives back what it printed. Throws `WorkspaceError`. */
export async function git(call: GitCall): Promise<Buffer> {
  const result = await attemptGit(call);
  if (result.exitCode !== 0 && !result.cut) throw failureOf(call.args, result);
  return result.output;
}

export function failureOf(args: readonly string[], { complaint }: GitResult): WorkspaceError {
  const lines = complaint.trim().split('\n');
  // The last line tells that git gave up, the one before it why.
  const reason = lines.findLast((line) => line.startsWith('error: ')) ?? lines.at(-1) ?? '';
  const cure = complaint.includes('Permission denied')
    ? 'Make the file readable, or name it in .gitignore.'
    : 'See what stands in the way with: git status';
  return new WorkspaceError(`git ${args[0] ?? ''} failed: ${reason}`, cure);
}

/** As arguments, which every git knows; a key with `=` in it only newer ones can be told, in the environment. */
function configuration(settings: readonly GitSetting[]) {
  const isPlain = ([key]: GitSetting) => !key.includes('=');
  const others = settings.filter((setting) => !isPlain(setting));
  const entries = others.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    options: settings.filter(isPlain).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    variables: { GIT_CONFIG_COUNT: String(others.length), ...Object.fromEntries(entries) },
  };
}

async function beginningOf(stream: Readable, limitBytes: number, enough: () => void) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (bytes < limitBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limitBytes) enough();
  }
  const cut = bytes > limitBytes;
  const all = Buffer.concat(chunks);
  return { output: cut ? all.subarray(0, limitBytes) : all, cut };
}
