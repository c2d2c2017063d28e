import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { markerVariable } from '../../../src/sandbox/processes/tree.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning, until } from '../../support/processes.ts';
import { containments, limits, newPlace, type Place, searchPath } from './containments.ts';

const nothing = (seen: readonly string[]) => seen.length === 0;

describe.each(containments)('under $containment', ({ containment, programs }) => {
  let place: Place;
  beforeEach(() => {
    place = newPlace(containment);
  });
  afterEach(() => place.leave());
  const it = needs(...programs);

  it('a command tells its exit code and what it printed, in order', async () => {
    const { sandbox, shell } = place;
    const both = 'for i in $(seq 1 300); do echo "out $i"; echo "err $i" >&2; done; exit 7';
    const result = await sandbox.run(shell(both), limits);
    expect(result).toMatchObject({ exitCode: 7, timedOut: false, aborted: false });
    const written = Array.from({ length: 300 }, (_, index) => `out ${index + 1}\nerr ${index + 1}\n`).join('');
    expect(result.output).toBe(written);
    expect(result.notStarted).toBeUndefined();
  });

  it('a flood keeps its beginning and its end', async () => {
    const { sandbox, shell } = place;
    const flood = shell('echo first; head -c 50000000 /dev/zero | tr "\\0" x; echo; echo last');
    const { output } = await sandbox.run(flood, { ...limits, outputBytes: 1000 });
    expect(output.startsWith('first\nxxx')).toBe(true);
    expect(output.endsWith('xxx\nlast\n')).toBe(true);
    expect(output).toMatch(/… \d+ bytes left out …/);
    expect(output.length).toBeLessThan(1100);
  });

  it('a character that is printed in two pieces stays whole', async () => {
    const { sandbox, shell } = place;
    const pieces = shell("printf 'other \\303'; sleep 0.1; printf '\\251'");
    const { output } = await sandbox.run(pieces, limits);
    expect(output).toContain('é');
    expect(output).not.toContain('\uFFFD');
  });

  it('the time limit ends a tree that ignores SIGTERM', async () => {
    const { sandbox, shell } = place;
    const name = randomUUID();
    const stubborn = shell(`trap '' TERM; echo begun; while :; do sleep 1; done`, { NAME: name });
    const result = await sandbox.run(stubborn, { ...limits, timeoutMs: 300 });
    expect(result).toMatchObject({ exitCode: null, timedOut: true, aborted: false, output: 'begun\n' });
    await until(() => processesMentioning(name), nothing, 5000);
  });

  it('a tree that ends in order within the grace is given the time for it', async () => {
    const { sandbox, shell } = place;
    const orderly = shell(`trap 'sleep 0.2; echo cleaned > cleaned; exit 0' TERM; while :; do sleep 0.05; done`);
    const result = await sandbox.run(orderly, { ...limits, timeoutMs: 300 });
    expect(result.timedOut).toBe(true);
    expect(readFileSync(join(place.home, 'cleaned'), 'utf8')).toBe('cleaned\n');
  });

  needs(...programs, 'setsid')('the time limit ends a daemon that left the process group', async () => {
    const { sandbox, shell } = place;
    const name = randomUUID();
    const daemon = shell('setsid sleep 1000 & while :; do sleep 1; done', { NAME: name });
    expect(await sandbox.run(daemon, { ...limits, timeoutMs: 300 })).toMatchObject({ timedOut: true });
    await until(() => processesMentioning(name), nothing, 5000);
  });

  needs(...programs, 'setsid')('a daemon that outlives its command is ended with it and holds nobody up', async () => {
    const { sandbox, shell } = place;
    const name = randomUUID();
    const result = await sandbox.run(shell('setsid sleep 1000 & echo done', { NAME: name }), limits);
    expect(result).toMatchObject({ exitCode: 0, output: 'done\n' });
    expect(result.durationMs).toBeLessThan(10_000);
    await until(() => processesMentioning(name), nothing, 5000);
  });

  it('a background process that dropped its environment is ended with its command', async () => {
    const { sandbox, shell } = place;
    const seconds = `1${Math.floor(Math.random() * 1e8)}`;
    const result = await sandbox.run(shell(`env -i sleep ${seconds} & echo done`), limits);
    expect(result).toMatchObject({ exitCode: 0, output: 'done\n' });
    await until(() => processesMentioning(`sleep ${seconds}`), nothing, 5000);
  });

  it('an abort ends the tree, and an abort before the start starts nothing', async () => {
    const { sandbox, shell } = place;
    const name = randomUUID();
    const abort = new AbortController();
    const running = sandbox.run(shell('touch begun; sleep 1000', { NAME: name }), limits, abort.signal);
    await until(
      () => existsSync(join(place.home, 'begun')),
      (seen) => seen,
      10_000,
    );
    abort.abort();
    expect(await running).toMatchObject({ exitCode: null, aborted: true, timedOut: false });
    await until(() => processesMentioning(name), nothing, 5000);
    expect(await sandbox.run(shell('touch again'), limits, abort.signal)).toMatchObject({ aborted: true });
    expect(existsSync(join(place.home, 'again'))).toBe(false);
  });

  it('what cannot be started is told as such', async () => {
    const { sandbox, shell } = place;
    const launch = shell('true');
    const missing = await sandbox.run({ ...launch, command: 'no-such-program-here' }, limits);
    expect(missing).toMatchObject({ exitCode: null, notStarted: 'no-such-program-here is not installed' });
    const nowhere = await sandbox.run({ ...launch, cwd: join(place.home, 'gone') }, limits);
    expect(nowhere.notStarted).toBe(`there is no folder ${place.home}/gone`);
    const tooLong = await sandbox.run({ ...launch, args: ['-c', `: ${'x'.repeat(4_000_000)}`] }, limits);
    expect(tooLong.notStarted).toContain('E2BIG');
  });

  it('the environment is what was given and the marker of the tree', async () => {
    process.env['SPIRAL_TEST_SECRET'] = 'must not be inherited';
    const { sandbox, shell } = place;
    const { output } = await sandbox.run({ ...shell('', { GIVEN: 'yes' }), command: 'env', args: [] }, limits);
    delete process.env['SPIRAL_TEST_SECRET'];
    // bubblewrap sets PWD by itself.
    const lines = output
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('PWD='));
    const names = lines.map((line) => line.split('=')[0]).toSorted();
    expect(names).toEqual(['GIVEN', 'PATH', markerVariable]);
    expect(lines).toContain(`PATH=${searchPath}`);
  });

  it('a command has a process group of its own, which Ctrl-C does not reach', async () => {
    const { sandbox, shell } = place;
    const { output } = await sandbox.run(shell('ps -o pgid= -p $$; ps -o tty= -p $$'), limits);
    const [group, terminal] = output.split('\n').map((line) => line.trim());
    const ours = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[2];
    expect(group).toMatch(/^\d+$/);
    expect(group).not.toBe(ours);
    expect(terminal).toBe('?');
  });

  it('a command that closes its pipes early is waited for', async () => {
    const { sandbox, shell } = place;
    const result = await sandbox.run(shell('exec <&- >&- 2>&-; sleep 0.3; exit 5'), limits);
    expect(result).toMatchObject({ exitCode: 5, output: '' });
  });

  it('ending a process twice, and once more after its end, does no harm', async () => {
    const { sandbox, shell } = place;
    const name = randomUUID();
    const { child, end } = sandbox.start(shell('sleep 1000', { NAME: name }));
    await Promise.all([end(500), end(0)]);
    await end(0);
    expect(child.exitCode ?? child.signalCode).not.toBeNull();
    expect(processesMentioning(name)).toEqual([]);
    const { trees } = JSON.parse(readFileSync(join(place.home, 'run', `${process.pid}.json`), 'utf8'));
    expect(trees).toEqual([]);
  });

  it('killAll ends every tree at once', async () => {
    const { sandbox, shell } = place;
    const name = randomUUID();
    sandbox.start(shell(`trap '' TERM; sleep 1000`, { NAME: name }));
    sandbox.start(shell(`trap '' TERM; sleep 1000`, { NAME: name }));
    await until(
      () => processesMentioning(name),
      (seen) => seen.length >= 2,
      5000,
    );
    sandbox.killAll();
    await until(() => processesMentioning(name), nothing, 5000);
  });
});
