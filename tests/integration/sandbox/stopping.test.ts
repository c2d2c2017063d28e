import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { reapLeftovers } from '../../../src/sandbox/processes/reap.ts';
import { openRunFile, type RunFile } from '../../../src/sandbox/processes/run-file.ts';
import { openStopRequests, requestStop } from '../../../src/sandbox/processes/stop-requests.ts';
import { stopTasks } from '../../../src/sandbox/processes/stop-tasks.ts';
import { type Containment, StoppedByPerson } from '../../../src/sandbox/sandbox.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning, until } from '../../support/processes.ts';
import { containments, limits, newPlace, type Place, searchPath } from './containments.ts';

const script = fileURLToPath(new URL('../../support/sandbox-process.ts', import.meta.url));
const [one, two] = ['aaaa1111', 'bbbb2222'].map((id) => id as TaskId) as [TaskId, TaskId];

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

/**
 * Another Spiral that drives a task: a command that ignores SIGTERM, with a daemon, and one that drops its environment and
 * leaves the process group.
 */
async function spiralAtWork(containment: Containment, name: string, taskId: TaskId): Promise<void> {
  const work = `trap '' TERM; setsid sleep 1000 & env -i bash -c 'set -m; sleep 4${name} & wait' & echo begun; sleep 1000`;
  const asked = { home: place.home, containment, script: work, taskId, environment: { PATH: searchPath, NAME: name } };
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(asked)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  living.add(child);
  await once(child.stdout, 'data');
  await until(
    () => atWork(name),
    (seen) => seen.length >= 3,
    10_000,
  );
}

/** What works for a task: the asking process is none of it. */
function atWork(name: string): string[] {
  return [...processesMentioning(`NAME=${name}`), ...processesMentioning(`sleep 4${name}`)].filter(
    (command) => !command.includes('sandbox-process'),
  );
}

const newName = () => String(Math.floor(Math.random() * 1e8));

describe.each(containments)('under $containment', ({ containment, programs }) => {
  needs(...programs, 'setsid')(
    'another process ends everything of one task within a second, and of no other',
    async () => {
      const [stopped, other] = [newName(), newName()];
      await Promise.all([spiralAtWork(containment, stopped, one), spiralAtWork(containment, other, two)]);
      const begun = performance.now();
      const done = await stopTasks(place.home, (taskId) => taskId === one);
      expect(atWork(stopped)).toEqual([]);
      expect(performance.now() - begun).toBeLessThan(1000);
      expect(done).toEqual({ tasks: [one], processes: expect.any(Number), left: 0 });
      expect(done.processes).toBeGreaterThanOrEqual(3);
      expect(atWork(other)).not.toEqual([]);

      expect((await stopTasks(place.home, 'all')).tasks.toSorted()).toEqual([one, two]);
      expect(atWork(other)).toEqual([]);
    },
  );
});

describe('a task that a person stopped', () => {
  let runFile: RunFile;
  beforeEach(() => {
    runFile = openRunFile(place.home);
  });
  afterEach(() => runFile.close());

  function sandboxWith(stops: { isRequested(taskId: TaskId): boolean }) {
    return openProcessSandbox('none', runFile, { stops });
  }

  test('starts nothing, until the wish is forgotten', async () => {
    const stops = openStopRequests(place.home, runFile);
    const sandbox = sandboxWith(stops);
    const launch = { ...place.shell('echo ran'), taskId: one };
    requestStop(place.home, one);
    expect(stops.isRequested(one)).toBe(true);
    expect(() => sandbox.start(launch)).toThrow(StoppedByPerson);
    expect((await sandbox.run(launch, limits)).notStarted).toContain('was stopped by a person');
    expect((await sandbox.run({ ...launch, taskId: two }, limits)).output).toBe('ran\n');
    stops.clear(one);
    expect((await sandbox.run(launch, limits)).output).toBe('ran\n');
  });

  test('does not run on when the wish comes while a program is being started', async () => {
    const name = randomUUID();
    let asked = 0;
    // The wish comes between the first look and the moment in which the tree is written down.
    const sandbox = sandboxWith({ isRequested: () => ++asked > 1 });
    expect(() => sandbox.start({ ...place.shell('sleep 1000', { NAME: name }), taskId: one })).toThrow(StoppedByPerson);
    await until(
      () => processesMentioning(name),
      (seen) => seen.length === 0,
      5000,
    );
    expect(runFile.trees()).toEqual([]);
  });

  test('is found between two of its programs, for as long as it is driven', async () => {
    const stops = openStopRequests(place.home, runFile);
    const driven = stops.drives(one);
    expect(await stopTasks(place.home, 'all')).toEqual({ tasks: [one], processes: 0, left: 0 });
    expect(stops.isRequested(one)).toBe(true);
    stops.clear(one);
    driven.end();
    expect(await stopTasks(place.home, 'all')).toEqual({ tasks: [], processes: 0, left: 0 });
    expect(stops.isRequested(one)).toBe(false);
  });

  test('is stopped together with its project, and not with another', async () => {
    const stops = openStopRequests(place.home, runFile);
    const driven = stops.drives(one, two);
    expect(await stopTasks(place.home, (taskId) => taskId === ('other' as TaskId))).toMatchObject({ tasks: [] });
    expect(await stopTasks(place.home, (taskId) => taskId === two)).toMatchObject({ tasks: [one] });
    expect(stops.isRequested(one)).toBe(true);
    driven.end();
  });

  test('can have any id, and its file lies in the folder for it', () => {
    const stops = openStopRequests(place.home, runFile);
    const strange = '../../escape' as TaskId;
    requestStop(place.home, strange);
    expect(stops.isRequested(strange)).toBe(true);
    expect(readdirSync(join(place.home, 'run', 'stop'))).toHaveLength(1);
  });
});

test('where nothing runs there is nothing to stop', async () => {
  expect(await stopTasks(join(place.home, 'none'), 'all')).toEqual({ tasks: [], processes: 0, left: 0 });
});
