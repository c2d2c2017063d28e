import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRehearsal } from '../src/rehearsal/server.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';
import { figuresOf, told } from './figures.ts';

const program = resolve(import.meta.dirname, '../dist/main.js');
const bare = resolve(import.meta.dirname, 'bare-sdk.mjs');
const pairs = 15;
const warmUps = 2;

/**
 * How long a person waits: `--help`, and from the start of `spiral "x"` to its first model request, beside a bare script
 * on the Agent SDK against the same scripted model, in pairs one after the other. The database is running already.
 */
export async function startup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const model = await startRehearsal(() => ({ kind: 'message', blocks: [{ type: 'text', text: 'Done.' }] }));
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    SPIRAL_HOME: join(home, '.spiral'),
    CLAUDE_CONFIG_DIR: join(home, 'bare'),
    ANTHROPIC_API_KEY: 'sk-bench',
    ANTHROPIC_BASE_URL: model.baseUrl,
  };
  mkdirSync(environment.SPIRAL_HOME, { mode: 0o700 });
  const database = await openEmbeddedPostgres({ home: environment.SPIRAL_HOME });
  try {
    help(environment);
    const ours: number[] = [];
    const peer: number[] = [];
    const memory: number[] = [];
    for (let pair = 0; pair < warmUps + pairs; pair += 1) {
      const workspace = join(folder, `workspace-${pair}`);
      const bareWorkspace = join(folder, `bare-${pair}`);
      mkdirSync(bareWorkspace);
      const us = () => firstRequest([program, 'Write a note', '-w', workspace], environment, model.received, folder);
      const them = () => firstRequest([bare, bareWorkspace], environment, model.received, folder);
      // The order changes from pair to pair, so that neither always runs on what the other has warmed.
      const [first, second] = pair % 2 === 0 ? [us, them] : [them, us];
      const one = await first();
      const two = await second();
      if (pair < warmUps) continue;
      const [mine, theirs] = pair % 2 === 0 ? [one, two] : [two, one];
      ours.push(mine.milliseconds);
      peer.push(theirs.milliseconds);
      memory.push(mine.megabytes);
    }
    const ratios = ours.map((milliseconds, index) => milliseconds / (peer[index] ?? Number.NaN));
    console.log(`first model request, spiral "x":      ${told(figuresOf(ours), 'ms')}`);
    console.log(`first model request, bare Agent SDK:  ${told(figuresOf(peer), 'ms')}`);
    console.log(`ratio, pair by pair (${pairs} pairs):        ${told(figuresOf(ratios), '', 2)}`);
    console.log(`memory of our process at that moment: ${told(figuresOf(memory), 'MB')} RSS, children apart`);
  } finally {
    await model.close();
    await database.leave();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function help(environment: Readonly<Record<string, string>>): void {
  const times = Array.from({ length: warmUps + pairs }, () => {
    const begun = performance.now();
    spawnSync(process.execPath, [program, '--help'], { env: environment });
    return performance.now() - begun;
  });
  const node = Array.from({ length: pairs }, () => {
    const begun = performance.now();
    spawnSync(process.execPath, ['-e', '0'], { env: environment });
    return performance.now() - begun;
  });
  console.log(`spiral --help:                        ${told(figuresOf(times.slice(warmUps)), 'ms')}`);
  console.log(`node -e 0, for comparison:            ${told(figuresOf(node), 'ms')}`);
}

async function firstRequest(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  received: readonly { readonly at: number }[],
  cwd: string,
): Promise<{ readonly milliseconds: number; readonly megabytes: number }> {
  const seen = received.length;
  const begun = performance.now();
  const child = spawn(process.execPath, [...args], { env, cwd, stdio: 'ignore' });
  const ended = once(child, 'exit');
  let megabytes = 0;
  while (received.length === seen && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  megabytes = residentMegabytes(child);
  await ended;
  const first = received[seen];
  if (!first) throw new Error(`no model request came from: ${args.join(' ')}`);
  return { milliseconds: first.at - begun, megabytes };
}

function residentMegabytes({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
