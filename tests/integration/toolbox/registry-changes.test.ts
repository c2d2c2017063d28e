import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { openRegistry } from '../../../src/toolbox/registry/open-registry.ts';
import type { Registry } from '../../../src/toolbox/registry.ts';
import { testDatabase } from '../../support/postgres.ts';
import { exampleUse, exampleVersion } from '../store/tool-examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
/** Another process, as far as the database can tell. */
let other: typeof store;
let folder: string;
let problems: string[];
let registry: Registry;

beforeAll(async () => {
  database = await testDatabase();
  [store, other] = await Promise.all([
    openPostgresStore({ databaseUrl: database.url }),
    openPostgresStore({ databaseUrl: database.url }),
  ]);
});
afterAll(async () => {
  await Promise.all([store?.close(), other?.close()]);
  await database?.drop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiral-registry-'));
  problems = [];
  const onProblem = (problem: string) => problems.push(problem);
  registry = openRegistry({ folder, tools: store.tools, onProblem, lookEveryMs: 20 });
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Counts what a listener is told, and waits until it was. */
function ear(of: Registry) {
  let told = 0;
  let wake: () => void = () => undefined;
  const stop = of.onChange(() => {
    told += 1;
    wake();
  });
  return {
    stop,
    told: () => told,
    async until(count: number): Promise<void> {
      while (told < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
  };
}

test('whoever listens is told of every change that another process makes, and not of uses', async () => {
  await registry.active();
  const listening = ear(registry);
  await other.tools.publish(exampleVersion('told'));
  await listening.until(1);
  expect((await registry.active()).map(({ manifest }) => manifest.name)).toContain('told');
  await other.tools.used(exampleUse('told'));
  await other.tools.publish(exampleVersion('told', '2.0.0'));
  await listening.until(2);
  await other.tools.serve('told', '1.0.0', 'it fails');
  await listening.until(3);
  expect((await registry.active()).find(({ manifest }) => manifest.name === 'told')?.manifest.version).toBe('1.0.0');
  await other.tools.retire('told', 'it fails');
  await listening.until(4);
  expect(listening.told()).toBe(4);
});

test('a change between looking and listening is told', async () => {
  await registry.active();
  await other.tools.publish(exampleVersion('between'));
  await ear(registry).until(1);
});

test('whoever has stopped is told nothing, and the others are', async () => {
  await registry.active();
  const [stays, goes] = [ear(registry), ear(registry)];
  goes.stop();
  await other.tools.publish(exampleVersion('stopped'));
  await stays.until(1);
  expect(goes.told()).toBe(0);
  stays.stop();
  const again = ear(registry);
  await other.tools.publish(exampleVersion('stopped', '1.0.1'));
  await again.until(1);
  expect(stays.told()).toBe(1);
});

test('a database that is gone for a while is told once, and what changed meanwhile afterwards', async () => {
  let isGone = false;
  let asked = 0;
  const tools = {
    ...store.tools,
    async revision() {
      if (!isGone) return store.tools.revision();
      asked += 1;
      throw new Error('connection refused');
    },
  };
  const patient = openRegistry({ folder, tools, onProblem: (problem) => problems.push(problem), lookEveryMs: 5 });
  await patient.active();
  const listening = ear(patient);
  isGone = true;
  await other.tools.publish(exampleVersion('meanwhile'));
  await expect.poll(() => asked).toBeGreaterThan(2);
  isGone = false;
  await listening.until(1);
  expect(problems).toEqual(['nobody can say whether tools have changed: Error: connection refused']);
  await patient.close();
});

test('a search knows what another process has just published or taken away', async () => {
  const found = async (text: string) => (await registry.search(text, 3)).map(({ tool }) => tool.manifest.name);
  await other.tools.publish(exampleVersion('count-words', '1.0.0', { description: 'Counts the words of a text.' }));
  expect(await found('how many words are in a text')).toContain('count-words');
  await other.tools.retire('count-words', 'nobody uses it');
  expect(await found('how many words are in a text')).not.toContain('count-words');
});
