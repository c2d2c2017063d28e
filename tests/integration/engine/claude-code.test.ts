import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { openClaudeCodeEngine } from '../../../src/engine/claude-code/claude-code-engine.ts';
import type { Engine, EngineEvent, EngineSession } from '../../../src/engine/engine.ts';
import { bash, play, say, write } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, type Script, startRehearsal } from '../../../src/rehearsal/server.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { answering, silent } from '../../support/plays.ts';
import { processesMentioning, until } from '../../support/processes.ts';

let folder: string;
let model: Rehearsal;
let engine: Engine;
let sessionId: SessionId;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-engine-')));
  mkdirSync(join(folder, 'workspace'));
  sessionId = randomUUID() as SessionId;
});
afterEach(async () => {
  await model.close();
  expect(processesMentioning(folder)).toEqual([]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(script: Script): Promise<void> {
  model = await startRehearsal(script);
  engine = openClaudeCodeEngine({
    folder: join(folder, 'claude-code'),
    environment: { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home') },
    model: { kind: 'direct', signIn: { kind: 'auth-token', value: 'rehearsal' }, baseUrl: model.baseUrl },
    confinement: { home: join(folder, 'home'), stateRoot: folder, hosts: [], homeOf: () => 'test', writable: [] },
    // The weakest containment there is: what is gone here is gone because we ended it.
    sandbox: openProcessSandbox('none', openRunFile(folder)),
  });
}

function prepare(begin: 'new' | 'resume'): EngineSession {
  const workspace = join(folder, 'workspace');
  const whose = { taskId: 'test' as TaskId, agent: 'developer' } as const;
  return engine.prepare({
    ...whose,
    sessionId,
    begin,
    workspace,
    tools: 'work',
    model: 'sonnet',
    instructions: 'Be brief.',
  });
}

type Finished = EngineEvent & { readonly kind: 'finished' };

/** One round to its end; `seen` may abort it. */
async function round(
  begin: 'new' | 'resume',
  signal = new AbortController().signal,
  seen: (event: EngineEvent) => void = () => undefined,
): Promise<{ readonly events: readonly EngineEvent[]; readonly finished: Finished }> {
  const events: EngineEvent[] = [];
  for await (const event of prepare(begin).run(`Do it (${begin})`, signal)) {
    events.push(event);
    seen(event);
  }
  const finished = events.at(-1);
  if (finished?.kind !== 'finished') throw new Error('the stream did not end with its end');
  return { events, finished };
}

const paid = { inputTokens: 1000, outputTokens: 100 };
const answers: Script = ({ prompts }) => ({ kind: 'message', blocks: [say(`Answer ${prompts.length}`)], usage: paid });

/** Runs a command that ignores SIGTERM, and beside it a daemon. */
const stubborn: Script = play([
  [[bash(`trap '' TERM; setsid sleep 4001 & echo begun > begun.txt; sleep 4002`, 'Stays')]],
]);

test('a round tells its start, its steps, its commands and its end', async () => {
  await open(
    play([[[say('Writing…'), write('one.txt', 'one\n')], [bash('cat one.txt; exit 3', 'Look')], [say('Done.')]]]),
  );
  const { events, finished } = await round('new');
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'said', 'step', 'step', 'command', 'said', 'finished']);
  expect(events.find(({ kind }) => kind === 'command')).toMatchObject({ exitCode: 3, output: 'one' });
  expect(finished).toMatchObject({ ending: { kind: 'completed' }, text: 'Done.' });
});

test('a session that is resumed remembers what was asked, and tells its totals', async () => {
  await open(answers);
  const first = (await round('new')).finished;
  const second = (await round('resume')).finished;
  expect(second.text).toBe('Answer 2');
  expect(first.session.costUsd).toBeGreaterThan(0);
  expect(second.session.costUsd).toBeCloseTo(2 * first.session.costUsd, 6);
  expect(second.session.outputTokens).toBe(200);
});

test('nothing is asked before whoever listens wishes for more than the start', async () => {
  await open(answers);
  for await (const event of prepare('new').run('Do it', new AbortController().signal)) {
    expect(event.kind).toBe('started');
    break;
  }
  expect(model.received).toEqual([]);
  // And so its id is still free.
  expect((await round('new')).finished.ending.kind).toBe('completed');
});

test('a round that was ended before it began asks nothing', async () => {
  await open(answers);
  const { finished } = await round('new', AbortSignal.abort('cancelled'));
  expect(finished.ending.kind).toBe('aborted');
  expect(model.received).toEqual([]);
});

test('a model that never answers can be aborted', async () => {
  await open(silent);
  const stop = new AbortController();
  const running = round('new', stop.signal);
  await until(
    () => model.received.length,
    (count) => count > 0,
    20_000,
  );
  stop.abort('cancelled');
  expect((await running).finished.ending.kind).toBe('aborted');
});

test('a command that ignores SIGTERM and its daemon are gone when an aborted round ends', async () => {
  await open(stubborn);
  const stop = new AbortController();
  const running = round('new', stop.signal);
  await until(sleeps, (found) => found.length >= 2, 20_000);
  stop.abort('cancelled');
  expect((await running).finished.ending.kind).toBe('aborted');
  expect(sleeps()).toEqual([]);
});

test('whoever stops listening in the middle of a command leaves no process', async () => {
  await open(stubborn);
  const listen = async () => {
    for await (const event of prepare('new').run('Do it', new AbortController().signal)) {
      if (event.kind !== 'step') continue;
      await until(sleeps, (found) => found.length >= 2, 20_000);
      throw new Error('the database is gone');
    }
  };
  await expect(listen()).rejects.toThrow('the database is gone');
  expect(processesMentioning(folder)).toEqual([]);
});

test.each([
  [403, 'permission_error', 'refused-key'],
  [401, 'authentication_error', 'refused-key'],
  [500, 'api_error', 'failed'],
] as const)('an API that answers %i (%s) ends the round as %s', async (status, type, kind) => {
  await open(answering(status, type));
  const { finished } = await round('new');
  expect(finished.ending).toMatchObject({ kind, message: expect.stringContaining(String(status)) });
});

test('a session of which nothing is known is lost, and a new one can have its id', async () => {
  await open(answers);
  expect((await round('resume')).finished.ending.kind).toBe('session-lost');
  expect((await round('new')).finished).toMatchObject({ ending: { kind: 'completed' }, text: 'Answer 1' });
});

test('a session whose transcript was cut off at its beginning is lost, and a new one can have its id', async () => {
  await open(answers);
  await round('new');
  const projects = join(folder, 'claude-code', 'projects');
  const name = readdirSync(projects, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith('.jsonl'));
  writeFileSync(join(projects, name ?? ''), '{"type":"queue-operation"');
  expect((await round('resume')).finished.ending.kind).toBe('session-lost');
  expect((await round('new')).finished).toMatchObject({ ending: { kind: 'completed' }, text: 'Answer 1' });
});

test('a prepared session that nobody wants leaves no process, whether it has started or not', async () => {
  await open(answers);
  await prepare('new').discard();
  expect(processesMentioning(folder)).toEqual([]);
  const started = prepare('new');
  await until(
    () => processesMentioning(folder),
    (found) => found.length > 0,
    20_000,
  );
  await started.discard();
});

function sleeps(): string[] {
  return processesMentioning('sleep 400').filter((command) => /^sleep 400[12]$/.test(command));
}
