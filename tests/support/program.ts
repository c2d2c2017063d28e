import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { SpiralEvent } from '../../src/domain/event.ts';
import type { TaskId } from '../../src/domain/identifiers.ts';

const binary = resolve(import.meta.dirname, '../../dist/main.js');

/** A person's machine for one test: an empty home, a state root, a place to work. */
export type Person = {
  readonly folder: string;
  readonly home: string;
  readonly workspace: string;
  /** What they have exported in their shell. */
  readonly environment: Readonly<Record<string, string>>;
  leave(): Promise<void>;
};

export type Ended = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was printed with `--json`, one event per line. */
  readonly events: readonly SpiralEvent[];
};

export type Running = {
  readonly child: ChildProcess;
  /** Resolves with the first event of a task for which the condition holds; rejects when the program ends before. */
  event(condition: (event: SpiralEvent) => boolean): Promise<SpiralEvent & { readonly taskId: TaskId }>;
  /** Resolves when that was printed for people; rejects when the program ends before. */
  told(words: string): Promise<void>;
  /** Resolves when that many events were printed; rejects when the program ends before. */
  events(count: number): Promise<void>;
  ended(): Promise<Ended>;
};

/** A new person with an empty home; `exported` are the variables of their shell. */
export function newPerson(exported: Readonly<Record<string, string>> = {}): Person {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-journey-'));
  const home = join(folder, 'home');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    SPIRAL_HOME: join(home, '.spiral'),
    LANG: 'C.UTF-8',
    ...toolHomes(),
    ...exported,
  };
  const person = { folder, home, workspace: join(folder, 'workspace'), environment };
  return {
    ...person,
    async leave() {
      const end = start({ ...person, leave: async () => undefined }, ['doctor', '--stop-database']);
      await end.ended();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Compilers that live in the home of whoever runs the tests; a person's own would be found the same way. */
function toolHomes(): Record<string, string> {
  const names = ['CARGO_HOME', 'RUSTUP_HOME', 'PYENV_ROOT', 'GOPATH', 'GOCACHE'];
  const found = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const home = process.env['HOME'] ?? '/';
  return {
    CARGO_HOME: join(home, '.cargo'),
    RUSTUP_HOME: join(home, '.rustup'),
    GOCACHE: join(tmpdir(), 'spiral-go-cache'),
    ...Object.fromEntries(found),
  };
}

/** Starts the built program as that person would. */
export function start(person: Person, args: readonly string[], cwd = person.folder): Running {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd,
    env: person.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events: SpiralEvent[] = [];
  const waiting = new Set<() => void>();
  let stdout = '';
  let stderr = '';
  let over = false;
  const wake = () => {
    for (const one of waiting) one();
  };
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
    wake();
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    stdout += `${line}\n`;
    if (line.startsWith('{"id":')) events.push(JSON.parse(line));
    wake();
  });
  const closed = once(child, 'close').then(() => {
    over = true;
    wake();
  });

  const seen = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined && !over) return;
        waiting.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the program ended before that event:\n${stdout}\n${stderr}`));
      };
      waiting.add(look);
      look();
    });

  return {
    child,
    event: (condition) => seen(() => events.filter(isOfTask).find(condition)),
    async told(words) {
      await seen(() => (stderr.includes(words) ? words : undefined));
    },
    async events(count) {
      await seen(() => (events.length >= count ? events : undefined));
    },
    async ended() {
      await closed;
      return { exitCode: child.exitCode, stdout, stderr, events };
    },
  };
}

/** Runs the built program to its end. */
export function run(person: Person, args: readonly string[], cwd = person.folder): Promise<Ended> {
  return start(person, args, cwd).ended();
}

function isOfTask(event: SpiralEvent): event is SpiralEvent & { readonly taskId: TaskId } {
  return event.taskId !== undefined;
}

/** The types of events in the order in which they came, each run of the same type once. */
export function story(events: readonly SpiralEvent[]): string[] {
  return events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
}
