import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Dial } from '../../../src/sandbox/cells/hosts/dial.ts';
import { openToolCells } from '../../../src/sandbox/cells/open-cells.ts';
import type { Isolation, ToolRun, ToolRunResult } from '../../../src/sandbox/cells.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { searchPath } from './containments.ts';

/** A person's machine with a tool on it, and secrets in every place that the tool has no business in. */
export type ToolMachine = {
  readonly home: string;
  readonly stateRoot: string;
  /** The tool's folder. */
  readonly tool: string;
  readonly scratch: string;
  /** A folder that can be allowed. */
  readonly work: string;
  isolation(): Promise<Isolation>;
  /** Calls a tool that may do nothing and has room enough, unless something else is said. */
  call(program: ToolRun['program'], more?: Partial<ToolRun>, signal?: AbortSignal): Promise<ToolRunResult>;
  leave(): void;
};

export const secret = 'canary-51d0be';

export const noPermissions = { read: [], write: [], hosts: [], env: [], subprocess: false } as const;

export const roomy: ToolRun['limits'] = {
  timeoutMs: 20_000,
  memoryBytes: 300 * 1024 ** 2,
  cpuSeconds: 10,
  processes: 64,
  fileBytes: 8 * 1024 ** 2,
  outputBytes: 100_000,
};

/** Who runs Spiral. Somebody else than who runs the tests can be tried by root alone. */
export type Person = 'whoever runs the tests' | 'an ordinary user';

const isRoot = process.geteuid?.() === 0;
export const persons: readonly Person[] = isRoot
  ? ['whoever runs the tests', 'an ordinary user']
  : ['whoever runs the tests'];
const ordinaryUser = 1234;

export type MachineSetting = {
  /** Where bubblewrap and its like are looked for. */
  readonly path?: string;
  /** How hosts are reached, for whoever runs the tests. */
  readonly dial?: Dial;
};

export function newToolMachine(person: Person, { path = searchPath, dial }: MachineSetting = {}): ToolMachine {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-cells-')));
  const place = (name: string) => {
    mkdirSync(join(base, name), { recursive: true });
    return join(base, name);
  };
  const [home, stateRoot, tool, scratch, work] = [
    place('home'),
    place('home/.spiral'),
    place('home/.spiral/tools/reader/1.0.0'),
    place('scratch'),
    place('work'),
  ] as const;
  for (const folder of [home, place('home/.ssh'), stateRoot, place('home/.spiral/tools/other'), work])
    writeFileSync(join(folder, 'secret.txt'), secret);
  writeFileSync(join(tool, 'own.txt'), 'own');
  if (person === 'an ordinary user') give(base, ordinaryUser);
  const setting: Setting = { home, stateRoot, searchPath: path };
  const cells = person === 'an ordinary user' ? cellsOfOther(setting) : cellsHere(setting, dial);
  return {
    home,
    stateRoot,
    tool,
    scratch,
    work,
    isolation: async () => (await cells.run(callOf(tool))).isolation,
    call: (program, more, signal) => cells.run({ ...callOf(tool), program, ...more }, signal),
    leave() {
      cells.leave();
      rmSync(base, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export type Setting = { readonly home: string; readonly stateRoot: string; readonly searchPath: string };

/** A call of a tool that does nothing. */
export function callOf(folder: string): ToolRun {
  const program = ['node', '-e', ''] as const;
  return { program, folder, input: '', env: {}, permissions: noPermissions, limits: roomy, purpose: 'a test' };
}

type Cells = {
  run(run: ToolRun, signal?: AbortSignal): Promise<ToolRunResult>;
  leave(): void;
};

function cellsHere(setting: Setting, dial: Dial | undefined): Cells {
  const runFile = openRunFile(setting.stateRoot);
  const cells = openToolCells(runFile, { ...setting, ...(dial ? { dial } : {}) });
  return { run: (run, signal) => cells.run(run, signal), leave: () => runFile.close() };
}

/** The cells of a process that runs as an ordinary user: a line with a call each, a line with its result each. */
function cellsOfOther(setting: Setting): Cells {
  const other = startCellsProcess(setting, { uid: ordinaryUser, gid: ordinaryUser });
  const answers = createInterface({ input: other.stdout });
  const waiting = new Map<number, (result: ToolRunResult) => void>();
  answers.on('line', (line) => {
    const { id, result } = JSON.parse(line) as { id: number; result: ToolRunResult };
    waiting.get(id)?.(result);
  });
  let calls = 0;
  return {
    run: (run) => {
      calls += 1;
      const id = calls;
      other.stdin.write(`${JSON.stringify({ id, run })}\n`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    leave: () => other.kill('SIGKILL'),
  };
}

let built: string | undefined;

/** The program in a folder that every user may read: that of the sources may be closed to all but its owner. */
function cellsProgram(): string {
  if (built !== undefined) return built;
  const folder = mkdtempSync(join(tmpdir(), 'spiral-cells-program-'));
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  built = join(folder, 'program.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('cells-process.ts', import.meta.url))],
    outfile: built,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return built;
}

/**
 * A process that opens cells: a line with a call on its input, a line with the result on its output.
 *
 * @param before a command line that becomes the process
 */
export function startCellsProcess(
  setting: Setting,
  user: { uid?: number; gid?: number } = {},
  before: readonly string[] = [],
) {
  const node = [process.execPath, cellsProgram(), JSON.stringify(setting)];
  const [command = '', ...args] = [...before, ...node];
  return spawn(command, args, {
    ...user,
    cwd: '/',
    env: { HOME: setting.home, A_SECRET: secret },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function give(path: string, user: number): void {
  chownSync(path, user, user);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name), user);
}

/** Lets the ordinary user have what a test put somewhere. */
export function giveTo(person: Person, path: string): void {
  if (person === 'an ordinary user') give(path, ordinaryUser);
  else chmodSync(path, 0o755);
}

/** A process of the person's that has nothing to do with the tool, with a secret in its environment. */
export async function newBystander(person: Person): Promise<ChildProcess> {
  const other = person === 'an ordinary user' ? { uid: ordinaryUser, gid: ordinaryUser } : {};
  const bystander = spawn('sleep', ['300'], { env: { A_SECRET: secret }, stdio: 'ignore', ...other });
  await once(bystander, 'spawn');
  return bystander;
}

/** The same program without any cell, as an ordinary child of the person's: shows that an attack is one. */
export async function plainly(
  person: Person,
  [command, ...args]: ToolRun['program'],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const other = person === 'an ordinary user' ? { uid: ordinaryUser, gid: ordinaryUser } : {};
  const program = command === 'node' ? process.execPath : '/usr/bin/python3';
  const child = spawn(program, args, { cwd, env: { PATH: '/usr/bin:/bin', ...env }, ...other });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  child.stdin.end();
  await once(child, 'close');
  return output;
}
