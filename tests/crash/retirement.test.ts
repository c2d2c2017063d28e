import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { NewsType, SpiralEvent } from '../../src/domain/event.ts';
import { say } from '../../src/rehearsal/play.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { exampleVersion } from '../integration/store/tool-examples.ts';
import { testDatabase } from '../support/postgres.ts';
import { run, start } from '../support/program.ts';
import { type Stage, stageWith } from '../support/stage.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
let on: Stage;
let number = 0;
let name: string;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
  on = await stageWith(
    () => ({ kind: 'message', blocks: [say('Nobody asks a model.')] }),
    { DATABASE_URL: database.url },
    database.drop,
  );
});
afterAll(async () => {
  await store.close();
  await on.close();
});
beforeEach(async () => {
  number += 1;
  name = `tool-${number}`;
  for (const version of ['1.0.0', '1.1.0']) await store.tools.publish(exampleVersion(name, version));
});

async function toldOf(type: NewsType): Promise<readonly SpiralEvent[]> {
  const events = await store.events.read({ after: 0 }, 10_000);
  return events.filter((event) => event.type === type && (!('name' in event) || event.name === name));
}

const gate = 7_310_001;
const patience = { timeout: 60_000 };

/**
 * Holds up every change of a table that fits a condition, until it is let through: so a process can be killed in the middle
 * of it. Returns how to wait until one is held up, and how to let it through.
 */
async function holdUp(table: 'tools' | 'tasks', condition: string) {
  const client = await store.pool.connect();
  await client.query('select pg_advisory_lock($1)', [gate]);
  await store.pool.query(`
    create or replace function spiral.hold_up() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(${gate}); return new; end $$;
    create trigger hold_up before update on spiral.${table} for each row when (${condition}) execute function spiral.hold_up();
  `);
  return {
    heldUp: () =>
      vi.waitUntil(async () => {
        const { rowCount } = await store.pool.query(
          `select from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted`,
        );
        return (rowCount ?? 0) > 0;
      }, patience),
    async letThrough() {
      await client.query('select pg_advisory_unlock($1)', [gate]);
      client.release();
      await store.pool.query(`drop trigger hold_up on spiral.${table}`);
    },
  };
}

async function askedWhetherRetired(): Promise<string> {
  await store.pool.query(`update spiral.tool_versions set published_at = now() - interval '90 days' where name = $1`, [
    name,
  ]);
  const serving = start(on.person, ['serve']);
  const question = await vi.waitUntil(
    async () => (await store.questions.open()).find(({ text }) => text.includes(`the tool ${name} since`)),
    patience,
  );
  serving.child.kill('SIGTERM');
  await serving.ended();
  return question.id;
}

/** Lets a process carry on with what was left, until the retirement is over. */
async function servedToItsEnd(before: number): Promise<void> {
  const serving = start(on.person, ['serve']);
  await vi.waitUntil(async () => (await toldOf('task.finished')).length > before, patience);
  serving.child.kill('SIGTERM');
  await serving.ended();
}

test.each([
  ['before the tool is taken away', 'tools', `new.status = 'retired'`, 'active'],
  ['after that, and before its task is over', 'tasks', `new.state ->> 'kind' = 'ended'`, 'retired'],
] as const)('a retirement that is killed %s is finished once', async (_, table, condition, status) => {
  const questionId = await askedWhetherRetired();
  const finished = (await toldOf('task.finished')).length;
  const step = await holdUp(table, condition);
  const answering = start(on.person, ['answer', questionId, 'retire']);
  await step.heldUp();
  expect((await store.tools.get(name))?.status).toBe(status);
  answering.child.kill('SIGKILL');
  await answering.ended();
  await step.letThrough();
  expect((await store.tools.get(name))?.status).toBe(status);

  await servedToItsEnd(finished);
  expect((await store.tools.get(name))?.status).toBe('retired');
  expect(await toldOf('tool.retired')).toHaveLength(1);
  expect(await toldOf('task.finished')).toHaveLength(finished + 1);
  expect(await store.questions.open()).toEqual([]);
});

test('a rollback that is killed in the middle has not happened; said again it happens once', async () => {
  const step = await holdUp('tools', `new.served is distinct from old.served`);
  const rollback = ['tools', 'rollback', name, '--reason', 'it fails'];
  const killed = start(on.person, rollback);
  await step.heldUp();
  killed.child.kill('SIGKILL');
  await killed.ended();
  await step.letThrough();
  expect((await store.tools.get(name))?.manifest.version).toBe('1.1.0');
  expect(await toldOf('tool.served')).toEqual([]);

  expect((await run(on.person, rollback)).exitCode).toBe(0);
  expect((await store.tools.get(name))?.manifest.version).toBe('1.0.0');
  expect(await toldOf('tool.served')).toHaveLength(1);
});
