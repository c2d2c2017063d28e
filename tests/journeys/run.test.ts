import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { alwaysRed, answering, green, silent, untested } from '../support/plays.ts';
import { processesMentioning } from '../support/processes.ts';
import { run, start, story } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import { canaryKey, type Stage } from '../support/stage.ts';

describe.each([embedded, configured])('with $name', ({ stage, needed }) => {
  const test = needs(...needed);
  let on: Stage;
  afterEach(() => on?.close());

  const task = (text: string, ...more: string[]) => [text, '-w', on.person.workspace, '--json', ...more];

  test('a task that ends green succeeds, verified by our own test run, and tells nothing but events', async () => {
    on = await stage(green);
    const { exitCode, stdout, events } = await run(on.person, task('Write a sum module with tests'));
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(events.length);
    expect(story(events)).toEqual([
      'task.accepted',
      'task.analysed',
      'prompt.spent',
      'engine.started',
      'progress',
      'tests.ran',
      'command.ran',
      'progress',
      'engine.finished',
      'file.changed',
      'tests.ran',
      'task.finished',
    ]);
    expect(events.map(({ id }) => id)).toEqual([...new Set(events.map(({ id }) => id))].sort((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({
      type: 'task.finished',
      outcome: {
        status: 'succeeded',
        verified: true,
        filesCreated: ['package.json', 'sum.js', 'sum.test.js'],
        tests: { passed: 2, failed: 0, skipped: 0 },
        promptsUsed: 1,
        claim: 'Done: 99 tests pass.',
      },
    });
    expect(readFileSync(join(on.person.workspace, 'sum.js'), 'utf8')).toContain('a + b');
  });

  test('Ctrl-C twice ends everything at once', async () => {
    on = await stage(silent);
    const running = start(on.person, task('Write a note'));
    await running.event(({ type }) => type === 'engine.started');
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect((await running.ended()).exitCode).toBe(130);
    expect(processesMentioning(on.person.workspace)).toEqual([]);
  });

  test('the key is in no event, no command, no output and no file of the state', async () => {
    on = await stage(green);
    const { stdout, stderr } = await run(on.person, task('Write a sum module with tests'));
    const shown = await run(on.person, ['tasks', '--json']);
    expect(`${stdout}${stderr}${shown.stdout}`).not.toContain(canaryKey);
    expect(existsSync(join(on.person.environment['SPIRAL_HOME'] ?? '', 'claude-code'))).toBe(true);
    const found = filesHolding(on.person.environment['SPIRAL_HOME'] ?? '', canaryKey);
    expect(found).toEqual([]);
  });
});

/** What no server has a part in is walked once. */
describe('whatever the servers are', () => {
  const { stage, needed } = embedded;
  const test = needs(...needed);
  let on: Stage;
  afterEach(() => on?.close());

  const task = (text: string, ...more: string[]) => [text, '-w', on.person.workspace, '--json', ...more];

  test('tests that fail to the end are a failure after the ceiling of rounds, in one session', async () => {
    on = await stage(alwaysRed);
    const { exitCode, events } = await run(on.person, task('Write a function that adds'));
    expect(exitCode).toBe(1);
    expect(events.filter(({ type }) => type === 'prompt.spent')).toHaveLength(5);
    const sessions = events.flatMap((event) => (event.type === 'engine.started' ? [event.sessionId] : []));
    expect(new Set(sessions).size).toBe(1);
    expect(events.at(-1)).toMatchObject({
      outcome: { status: 'failed', verified: false, reason: 'tests still fail after 5 rounds', promptsUsed: 5 },
    });
    expect(JSON.stringify(on.requests.at(-1)?.body.messages)).toContain('adds nothing');
  });

  test('work without tests is never called verified', async () => {
    on = await stage(untested);
    const { exitCode, events } = await run(on.person, task('Write a note'));
    expect(exitCode).toBe(0);
    expect(events.at(-1)).toMatchObject({
      outcome: { status: 'succeeded', verified: false, reason: 'no tests were found', tests: null },
    });
  });

  test('a round that takes too long is timed out, and nothing of it lives on', async () => {
    on = await stage(silent);
    const { exitCode, events } = await run(on.person, task('Write a note', '-t', '2'));
    expect(exitCode).toBe(124);
    expect(events.at(-1)).toMatchObject({ outcome: { status: 'timed-out', verified: false } });
    expect(processesMentioning(on.person.workspace)).toEqual([]);
  });

  test('a model API that is down fails the task within bounded time, telling of every retry', async () => {
    on = await stage(green, { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' });
    configure(on.person, '[model_api]\npatience = 5\n');
    const { exitCode, events } = await run(on.person, task('Write a note'));
    expect(exitCode).toBe(1);
    expect(JSON.stringify(events)).toContain('try 2');
    expect(events.at(-1)).toMatchObject({
      outcome: { status: 'failed', reason: expect.stringContaining('did not answer') },
    });
  });

  test('a key that is refused ends the task at once', async () => {
    on = await stage(answering(401, 'authentication_error'));
    const { exitCode, events } = await run(on.person, task('Write a note'));
    expect(exitCode).toBe(1);
    expect(on.requests.length).toBeLessThanOrEqual(3);
    expect(events.at(-1)).toMatchObject({ outcome: { status: 'failed', reason: expect.stringContaining('key') } });
  });

  test('Ctrl-C stops the session in order and saves the task as cancelled', async () => {
    on = await stage(silent);
    const running = start(on.person, task('Write a note'));
    await running.event(({ type }) => type === 'engine.started');
    running.child.kill('SIGINT');
    const { exitCode, events } = await running.ended();
    expect(exitCode).toBe(130);
    expect(events.at(-1)).toMatchObject({ outcome: { status: 'cancelled' } });
    expect(processesMentioning(on.person.workspace)).toEqual([]);
  });
});

function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path, 'latin1').includes(text));
}
