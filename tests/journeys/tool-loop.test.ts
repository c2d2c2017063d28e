import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { NewsType, SpiralEvent } from '../../src/domain/event.ts';
import { customers, secondToolTask, toolPlay, toolTask } from '../../src/rehearsal/tool/tool-play.ts';
import { embedded } from '../support/installations.ts';
import { type Person, run } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

const orders = 'id,item\n1,"Cup, blue"\n2,Plate\n';

/** A workspace with a file of data. */
function withData({ folder }: Person, name: string, text: string): string {
  const workspace = join(folder, name);
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, `${name}.csv`), text);
  return workspace;
}

async function questionOf(
  person: Person,
): Promise<{ readonly id: string; readonly kind: string; readonly text: string }> {
  const { stdout } = await run(person, ['pending', '--json']);
  return JSON.parse(stdout.trim().split('\n')[0] ?? '{}');
}

function of<Type extends NewsType>(events: readonly SpiralEvent[], type: Type) {
  return events.filter((event): event is SpiralEvent & { readonly type: Type } => event.type === type);
}

test('a task that lacks a tool sleeps, the tool is built with one repair, and the same session uses it; the next task finds it there', async () => {
  on = await embedded.stage(toolPlay(orders));
  const { person } = on;
  const workspace = withData(person, 'customers', customers);
  const asked = await run(person, [toolTask, '-w', workspace]);
  expect(asked.exitCode).toBe(3);
  expect(asked.stdout).toContain('Priority: 56 (importance 7 × urgency 8)');
  expect(asked.stdout).toContain('papaparse (unverified)');
  expect((await run(person, ['tasks'])).stdout).toContain('waiting for a tool');
  const request = await questionOf(person);
  expect(request.kind).toBe('tool-request');

  const wrong = await run(person, ['decide', request.id, 'approve', '--agents', 'qa']);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('a tool is built by the developer')]);
  expect((await run(person, ['answer', request.id, 'approve'])).exitCode).toBe(2);
  const decided = await run(person, ['decide', request.id, 'approve', '--max-prompts', '12', '--deadline', '2d']);
  expect(decided.exitCode).toBe(3);
  expect(decided.stderr).toMatch(/❌ held-out/);
  expect(decided.stderr).toContain('The gate, attempt 2:');
  const late = await run(person, ['decide', request.id, 'reject', '--reason', 'too late']);
  expect(late.exitCode).toBe(2);

  const adopted = await run(person, ['answer', (await questionOf(person)).id, 'adopt']);
  expect(adopted.exitCode).toBe(0);
  expect(adopted.stdout).toContain('Tests: 1 passed, 0 failed');
  expect(JSON.parse(readFileSync(join(workspace, 'customers.json'), 'utf8'))).toEqual([
    { name: 'Lovelace, Ada', city: 'London' },
    { name: 'Noether, Emmy', city: 'Erlangen' },
  ]);

  const { events } = await run(person, ['events', '--json']);
  const [first] = of(events, 'task.accepted').filter(({ text }) => text === toolTask);
  const sessions = of(events, 'engine.started').filter(({ taskId }) => taskId === first?.taskId);
  expect(sessions.map(({ resumed }) => resumed)).toEqual([false, true]);
  expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(1);
  expect(of(events, 'tool-build.advanced').map(({ stage }) => stage)).toEqual([
    'planning',
    'researching',
    'implementing',
    'testing',
    'implementing',
    'testing',
    'documenting',
    'complete',
  ]);
  expect(of(events, 'tool-build.proved').map(({ isGreen }) => isGreen)).toEqual([false, true]);
  // Whoever wrote the tool was told how many cases failed, and of none what it holds.
  const builder = on.requests.filter(({ body }) => JSON.stringify(body).includes('Write the tool demo-csv-to-json'));
  expect(builder.length).toBeGreaterThan(3);
  expect(builder.filter(({ body }) => JSON.stringify(body).includes('5\\"\\" pipe'))).toEqual([]);

  const second = await run(person, [secondToolTask, '-w', withData(person, 'orders', orders)]);
  expect(second.exitCode).toBe(0);
  const all = (await run(person, ['events', '--json'])).events;
  const promptsFor = (text: string) => {
    const tasks = of(all, 'task.accepted').filter((event) => event.text === text || event.toolRequest !== undefined);
    const ids = new Set(
      (text === toolTask ? tasks : tasks.filter((event) => event.text === text)).map(({ taskId }) => taskId),
    );
    return of(all, 'prompt.spent').filter(({ taskId }) => ids.has(taskId)).length;
  };
  expect([promptsFor(toolTask), promptsFor(secondToolTask)]).toEqual([8, 1]);
  expect(of(all, 'tool.used').map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'demo-csv-to-json succeeded',
    'demo-csv-to-json succeeded',
  ]);
});

test('a request that is rejected wakes its task with the reason and the workaround, and nothing is built', async () => {
  on = await embedded.stage(toolPlay(orders));
  const { person } = on;
  await run(person, [toolTask, '-w', withData(person, 'customers', customers)]);
  const { id } = await questionOf(person);
  const rejected = await run(person, [
    ...['decide', id, 'reject', '--reason', 'once is too rare', '--workaround', 'split it by hand', '--json'],
  ]);
  const { events } = await run(person, ['events', '--json']);
  expect(of(events, 'tool-request.closed').map(({ outcome }) => outcome)).toEqual([
    { kind: 'rejected', reason: 'once is too rare', workaround: 'split it by hand' },
  ]);
  expect(of(events, 'tool-build.advanced')).toEqual([]);
  const told = on.requests.map(({ body }) => JSON.stringify(body)).find((body) => body.includes('split it by hand'));
  expect(told).toContain('once is too rare');
  expect(rejected.exitCode).not.toBe(2);
});

test('the demo shows the whole loop without a key, and leaves no tool behind', async () => {
  on = await embedded.stage(toolPlay(orders));
  const demo = await run(on.person, ['demo', 'tool']);
  expect(demo.exitCode).toBe(0);
  expect(demo.stderr).toContain('🎭 The demo answers “approve” for you');
  expect(demo.stdout).toContain('✨ The tool demo-csv-to-json 1.0.0 is there');
  expect((await run(on.person, ['pending'])).stdout).toContain('Nothing waits for you.');
  const { events } = await run(on.person, ['events', '--json']);
  expect(of(events, 'tool.retired').map(({ name }) => name)).toEqual(['demo-csv-to-json']);
  expect(on.requests).toEqual([]);
});
