import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bash, play } from '../../src/rehearsal/play.ts';
import { embedded, type Stage } from '../support/installations.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { run, start } from '../support/program.ts';

let on: Stage;
afterEach(() => on.close());

/** Everything on the PATH but what ends children with their parent. */
function pathWithout(folder: string, hidden: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const taken = new Set(hidden);
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place)) {
      if (!taken.has(name)) symlinkSync(join(place, name), join(folder, name));
      taken.add(name);
    }
  }
  return folder;
}

test('where nothing ends children with us, the next start does, and says so', async () => {
  on = await embedded.stage(play([[[bash('sleep 3003', 'Never ends')]]]));
  const PATH = pathWithout(join(on.person.folder, 'programs'), ['bwrap', 'setpriv']);
  const person = { ...on.person, environment: { ...on.person.environment, PATH } };
  const running = start(person, ['Wait', '-w', person.workspace, '--json']);
  await running.event((event) => event.type === 'progress' && event.text.startsWith('Running sleep 3003'));
  await until(
    () => processesMentioning('sleep 3003').length,
    (count) => count > 0,
    10_000,
  );
  running.child.kill('SIGKILL');
  const killed = await running.ended();
  expect(killed.stderr).toContain('bubblewrap does not work here');
  expect(processesMentioning(person.workspace).length).toBeGreaterThan(0);

  const next = await run(person, ['tasks']);
  expect(next.stderr).toMatch(/Ended what a killed run had left behind: \d+ process(es)? of task \w{8}/);
  await until(
    () => processesMentioning(person.workspace),
    (left) => left.length === 0,
    2000,
  );
});
