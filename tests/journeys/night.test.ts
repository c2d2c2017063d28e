import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on?.close());

const dear: Script = ({ turn }) => ({
  kind: 'message',
  blocks: turn === 0 ? [bash('echo note > note.txt', 'Write a note')] : [say('Done.')],
  usage: { inputTokens: 20_000, outputTokens: 3_000 },
});

const task = () => ['Write a note', '-w', on.person.workspace, '--unattended', '--json'];
const small = '[budget.task]\nusd = 0.1\n';

needs('bwrap', 'socat')('at night a limit is answered as was written down: refused', async () => {
  on = await embedded.stage(dear);
  configure(on.person, `${small}[unattended]\nat_limit = "refuse"\n`);
  expect((await run(on.person, task())).exitCode).toBe(4);
});

needs('bwrap', 'socat')(
  'at night a limit is answered as was written down: granted, within the budget of the night',
  async () => {
    on = await embedded.stage(dear);
    configure(on.person, `${small}[unattended]\nat_limit = "grant"\ngrant_usd = 1\n`);
    const { exitCode, events } = await run(on.person, task());
    expect(exitCode).toBe(0);
    expect(events).toContainEqual(expect.objectContaining({ type: 'budget.granted', by: 'unattended', amount: 1 }));

    configure(on.person, `${small}[budget.night]\nusd = 0.2\n[unattended]\nat_limit = "grant"\ngrant_usd = 1\n`);
    const next = await run(on.person, task());
    expect(next.exitCode).toBe(3);
    expect(next.events).toContainEqual(
      expect.objectContaining({ type: 'budget.exhausted', scope: expect.stringMatching(/^night:/) }),
    );
  },
);

needs('bwrap', 'socat')(
  'in the morning one report tells what is done, what waits and what it cost, and whoever wanted to was told',
  async () => {
    on = await embedded.stage(dear);
    const told = join(on.person.folder, 'told.txt');
    configure(on.person, `[system]\nnotify = "cat >> ${told}"\n${small}`);
    expect((await run(on.person, task())).exitCode).toBe(3);
    configure(on.person, `[system]\nnotify = "cat >> ${told}"\n`);
    expect((await run(on.person, task())).exitCode).toBe(0);
    const { stdout } = await run(on.person, ['report', '--since', '1h']);
    expect(stdout).toContain('spiral grant');
    expect(stdout).toMatch(/\$0\.\d\d/);
    expect(existsSync(told)).toBe(true);
    expect(readFileSync(told, 'utf8')).toMatch(/waits for you[\s\S]*succeeded, NOT verified/);
  },
);

needs()('without a sandbox unattended work is refused unless it is accepted by name', async () => {
  on = await embedded.stage(dear);
  configure(on.person, '[sandbox]\nmode = "off"\n');
  const refused = await run(on.person, task());
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('without_sandbox');
  configure(on.person, '[sandbox]\nmode = "off"\n[unattended]\nwithout_sandbox = true\n');
  expect((await run(on.person, task())).exitCode).toBe(0);
});

needs()('a backup holds everything, and an empty installation takes it in', async () => {
  on = await embedded.stage(dear);
  expect(
    (
      await run(
        on.person,
        task().filter((word) => word !== '--unattended'),
      )
    ).exitCode,
  ).toBe(0);
  const file = join(on.person.folder, 'backup.gz');
  expect((await run(on.person, ['backup', file])).exitCode).toBe(0);
  expect((await run(on.person, ['restore', file])).exitCode).not.toBe(0);
  const elsewhere = {
    ...on.person,
    environment: { ...on.person.environment, SPIRAL_HOME: join(on.person.home, 'other') },
  };
  expect((await run(elsewhere, ['restore', file])).exitCode).toBe(0);
  expect((await run(elsewhere, ['tasks'])).stdout).toContain('Write a note');
  await run(elsewhere, ['doctor', '--stop-database']);
});
