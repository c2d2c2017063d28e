import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { figuresOf, printTable, told } from './figures.ts';
import { familyOf, residentMegabytes } from './processes.ts';
import { program } from './stage.ts';
import { ended, lineWith } from './started-task.ts';

const usualRuns = 9;
const firstRuns = 3;
/** By then whatever is done once after the start is over. */
const idleAfterMs = 10_000;

/**
 * `spiral serve` with nothing to do: how long until it takes up work, the very first time in an empty home (the database is
 * made) and later, and how much memory it then holds. The six agents live in its one process; PostgreSQL stands apart.
 */
export async function serve({ pairs = usualRuns } = {}): Promise<void> {
  const first: number[] = [];
  for (let run = 0; run < firstRuns; run += 1) {
    await inHome(async (start) => {
      first.push(await readyAfter(start));
    });
  }
  const later: number[] = [];
  let own = Number.NaN;
  let database = Number.NaN;
  await inHome(async (start, home) => {
    await readyAfter(start);
    for (let run = 0; run < pairs; run += 1) later.push(await readyAfter(start));
    await readyAfter(start, async ({ pid = 0 }) => {
      await after(idleAfterMs);
      own = residentMegabytes([pid]);
      const postmaster = Number(
        readFileSync(join(home, '.spiral', 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
      );
      database = residentMegabytes([postmaster, ...familyOf(postmaster).map((one) => one.pid)]);
    });
  });
  printTable([
    ['start to ready, the very first in an empty home', told(figuresOf(first), 'ms')],
    ['start to ready, with its PostgreSQL to be started', told(figuresOf(later), 'ms')],
    ['memory of the process, idle (specification: 150 MB for six agents)', `${own.toFixed(0)} MB RSS`],
    [
      'its PostgreSQL, all processes (specification: 800 MB)',
      `${database.toFixed(0)} MB RSS, shared pages counted each time`,
    ],
    ['queues (specification: 800 MB of Redis)', 'in that PostgreSQL'],
  ]);
  console.log('Goals: ready under 800 ms, the very first time under 2,000 ms, under 150 MB.');
}

type Start = () => ChildProcess;

/** A file system that has just deleted a thousand files takes longer to make a thousand new ones: it is done at the end. */
function removeAtExit(home: string): void {
  process.once('exit', () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
}

async function inHome(work: (start: Start, home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'spiral-bench-'));
  removeAtExit(home);
  mkdirSync(join(home, '.spiral'), { mode: 0o700 });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    ANTHROPIC_API_KEY: 'sk-bench',
    ANTHROPIC_BASE_URL: nowhere,
  };
  const started: ChildProcess[] = [];
  try {
    await work(() => {
      const child = spawn(process.execPath, [program, 'serve'], {
        env,
        cwd: home,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      started.push(child);
      return child;
    }, home);
  } finally {
    for (const child of started) child.kill('SIGKILL');
  }
}

/** Nobody is asked anything. */
const nowhere = 'http://127.0.0.1:9';

/** In milliseconds; the server is ended again, and its database with it. */
async function readyAfter(start: Start, meanwhile?: (server: ChildProcess) => Promise<void>): Promise<number> {
  const begun = performance.now();
  const server = start();
  await lineWith('serves this machine', server.stderr);
  const took = performance.now() - begun;
  await meanwhile?.(server);
  server.kill('SIGTERM');
  await ended(server);
  return took;
}
