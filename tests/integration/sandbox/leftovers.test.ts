import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityOf, processNamespace } from '../../../src/sandbox/processes/identity.ts';
import { reapLeftovers } from '../../../src/sandbox/processes/reap.ts';
import type { Containment } from '../../../src/sandbox/sandbox.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning, until } from '../../support/processes.ts';
import { containments, newPlace, type Place, searchPath } from './containments.ts';

const script = fileURLToPath(new URL('../../support/sandbox-process.ts', import.meta.url));

let place: Place;
const living = new Set<ChildProcess>();

beforeEach(() => {
  place = newPlace('none');
});

afterEach(() => {
  for (const child of living) child.kill('SIGKILL');
  living.clear();
  reapLeftovers(place.home);
  place.leave();
});

/** Another Spiral with the same state root. */
function another(containment: Containment, name: string, shellScript?: string) {
  const asked = { home: place.home, containment, script: shellScript, environment: { PATH: searchPath, NAME: name } };
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(asked)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  living.add(child);
  return child;
}

/** A Spiral that was killed while a tree with a daemon ran. */
async function killedSpiral(containment: Containment, name: string): Promise<void> {
  const spiral = another(containment, name, `setsid sleep 1000 & echo begun; sleep 1000`);
  await once(spiral.stdout, 'data');
  await until(
    () => mentioning(name),
    (seen) => seen.length >= 2,
    10_000,
  );
  spiral.kill('SIGKILL');
  await once(spiral, 'exit');
}

/** The asking process has the name in its command line, and is none of the tree. */
function mentioning(name: string): string[] {
  return processesMentioning(`NAME=${name}`);
}

describe.each(containments)('under $containment', ({ containment, programs }) => {
  needs(...programs, 'setsid')('a killed Spiral leaves nothing that the next start does not end', async () => {
    const name = randomUUID();
    await killedSpiral(containment, name);
    if (containment === 'bubblewrap')
      await until(
        () => mentioning(name),
        (seen) => seen.length === 0,
        5000,
      );
    else expect(mentioning(name)).not.toEqual([]);

    const next = another(containment, name);
    const said = JSON.parse(await text(next.stdout));
    expect(mentioning(name)).toEqual([]);
    expect(readdirSync(join(place.home, 'run'))).toEqual([]);
    if (containment === 'bubblewrap') expect(said).toEqual([]);
    else expect(said).toEqual([{ purpose: 'task of a test', processes: expect.any(Number) }]);
  });
});

test('the trees of a Spiral that runs are left alone', async () => {
  const name = randomUUID();
  const spiral = another('none', name, 'echo begun; sleep 1000');
  await once(spiral.stdout, 'data');
  expect(reapLeftovers(place.home)).toEqual([]);
  expect(mentioning(name)).not.toEqual([]);
  expect(existsSync(join(place.home, 'run', `${spiral.pid}.json`))).toBe(true);
});

test('a process that was given the id of a dead one is not signalled', async () => {
  const stranger = spawn('sleep', ['1000'], { detached: true });
  living.add(stranger);
  const pid = stranger.pid ?? 0;
  const marker = randomUUID();
  record(pid, { pid, startedAt: 'earlier', namespace: processNamespace(), trees: [tree(pid, 'earlier', marker)] });
  expect(reapLeftovers(place.home)).toEqual([]);
  expect(identityOf(pid)).toBeDefined();
  expect(readdirSync(join(place.home, 'run'))).toEqual([]);
});

test('processes of another namespace are nobody that we know', () => {
  const pid = process.pid;
  record(pid, { pid, startedAt: 'x', namespace: 'another', trees: [tree(pid, 'x', randomUUID())] });
  expect(reapLeftovers(place.home)).toEqual([]);
  expect(readdirSync(join(place.home, 'run'))).toEqual([`${pid}.json`]);
});

test('broken files are removed, unless a process of their id runs, and folders are no files', () => {
  const gone = 2 ** 30;
  record(gone, '{"pid": 12');
  record(process.pid, 'of another version');
  mkdirSync(join(place.home, 'run', '77.json'));
  expect(reapLeftovers(place.home)).toEqual([]);
  expect(readdirSync(join(place.home, 'run')).toSorted()).toEqual(['77.json', `${process.pid}.json`].toSorted());
});

test('a program that cannot be written down is not run', async () => {
  writeFileSync(join(place.home, 'run'), 'a file where the folder should be');
  const name = randomUUID();
  expect(() => place.sandbox.start(place.shell('sleep 1000', { NAME: name }))).toThrow();
  await until(
    () => mentioning(name),
    (seen) => seen.length === 0,
    5000,
  );
  const result = await place.sandbox.run(place.shell('true'), { timeoutMs: 10_000, outputBytes: 100 });
  expect(result.notStarted).toBeDefined();
});

function tree(pid: number, startedAt: string, marker: string) {
  return { pid, startedAt, marker, purpose: 'an earlier one' };
}

function record(pid: number, content: unknown): void {
  mkdirSync(join(place.home, 'run'), { recursive: true });
  const written = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(place.home, 'run', `${pid}.json`), written);
}
