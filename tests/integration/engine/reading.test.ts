import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { openClaudeCodeEngine } from '../../../src/engine/claude-code/claude-code-engine.ts';
import type { EngineEvent, SessionSetting } from '../../../src/engine/engine.ts';
import type { Block } from '../../../src/rehearsal/messages.ts';
import { bash, edit, say, write } from '../../../src/rehearsal/play.ts';
import { type ReceivedRequest, startRehearsal } from '../../../src/rehearsal/server.ts';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { needs } from '../../support/needs.ts';

const secret = 'canary-81d2a0';

let root: string;
let workspace: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-reading-')));
  workspace = join(root, 'home', 'work');
  for (const folder of ['home/work/src', 'home/.spiral', 'elsewhere'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(workspace, 'src', 'login.ts'), 'export const before = 1;\n');
  writeFileSync(join(root, 'elsewhere', 'secret.txt'), `${secret}\n`);
  symlinkSync(join(root, 'elsewhere'), join(workspace, 'away'));
});
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const tool = (name: string, input: Readonly<Record<string, unknown>>): Block => ({ type: 'tool', name, input });

type Played = {
  readonly events: readonly EngineEvent[];
  /** What each call gave back, in order. */
  readonly answers: readonly { readonly text: string; readonly failed: boolean }[];
  readonly requests: readonly ReceivedRequest[];
};

/** Lets a scripted model make these calls, one after the other, in a session with these tools. */
async function letModelCall(tools: SessionSetting['tools'], calls: readonly Block[], inView: boolean): Promise<Played> {
  const answers: Played['answers'][number][] = [];
  const model = await startRehearsal(({ turn, results }) => {
    answers.push(...results);
    return { kind: 'message', blocks: [calls[turn] ?? say('I have looked.')] };
  });
  const [home, stateRoot] = [join(root, 'home'), join(root, 'home', '.spiral')];
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home };
  const view = inView ? await openView({ home, stateRoot, environment }) : undefined;
  const runFile = openRunFile(stateRoot);
  const engine = openClaudeCodeEngine({
    folder: join(stateRoot, 'claude-code'),
    environment,
    model: { kind: 'direct', signIn: { kind: 'auth-token', value: 'rehearsal' }, baseUrl: model.baseUrl },
    confinement: { home, stateRoot, hosts: [], homeOf: () => 'test', writable: [] },
    sandbox: openProcessSandbox(inView ? 'bubblewrap' : 'none', runFile, { view }),
  });
  const session = engine.prepare({
    sessionId: randomUUID() as SessionId,
    begin: 'new',
    workspace,
    model: 'sonnet',
    tools,
    instructions: 'You are the quality assurance of a small team.',
    taskId: 'aaaa1111' as TaskId,
    agent: 'quality-assurance',
  });
  try {
    const events: EngineEvent[] = [];
    for await (const event of session.run('Review it', new AbortController().signal)) events.push(event);
    return { events, answers, requests: model.received };
  } finally {
    runFile.close();
    await model.close();
  }
}

/** Every file below a folder with all that could be changed about it, links not followed. */
function stateOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const status = lstatSync(path);
      const content = status.isFile() ? readFileSync(path, 'utf8') : '';
      return `${name} ${status.mode} ${status.mtimeMs} ${status.ctimeMs} ${content}`;
    });
}

/** Every way to change a file, by tools that there are elsewhere. */
function attacks(): Block[] {
  const file = join(workspace, 'src', 'login.ts');
  return [
    write('new.txt', 'new\n'),
    write(file, 'overwritten\n'),
    tool('Read', { file_path: file }),
    edit(file, 'before', 'after'),
    tool('MultiEdit', { file_path: file, edits: [{ old_string: 'before', new_string: 'after' }] }),
    tool('NotebookEdit', { notebook_path: join(workspace, 'note.ipynb'), new_source: 'x', edit_mode: 'insert' }),
    bash('echo changed > src/login.ts; touch touched', 'Change'),
    tool('Bash', { command: 'touch touched', description: 'Change', dangerouslyDisableSandbox: true }),
    write('away/by-link.txt', 'new\n'),
    tool('Agent', { description: 'x', prompt: 'touch touched', subagent_type: 'general-purpose' }),
    tool('Read', { file_path: 'away/secret.txt' }),
    tool('Grep', { pattern: 'canary', path: join(root, 'elsewhere'), output_mode: 'content' }),
    tool('Grep', { pattern: 'canary', path: 'away', output_mode: 'content' }),
    tool('Glob', { pattern: '../**' }),
  ];
}

async function triesToChange(inView: boolean): Promise<void> {
  const before = [stateOf(workspace), stateOf(join(root, 'elsewhere'))];
  const { answers } = await letModelCall('read', attacks(), inView);
  expect([stateOf(workspace), stateOf(join(root, 'elsewhere'))]).toEqual(before);
  expect(answers.length).toBe(attacks().length);
  // The one call that only looks, and inside.
  expect(answers.flatMap(({ failed }, index) => (failed ? [] : [index]))).toEqual([2]);
  expect(JSON.stringify(answers)).not.toContain(secret);
}

test('a session that reads changes not one byte of the workspace, and sees nothing else', () => triesToChange(false));

needs('bwrap')('the same holds in its view of the machine', () => triesToChange(true));

needs('bwrap')('in its view the workspace can be read and searched, and each look is told', async () => {
  const looks = [
    tool('Read', { file_path: join(workspace, 'src', 'login.ts') }),
    tool('Grep', { pattern: 'before', output_mode: 'content' }),
    tool('Glob', { pattern: '**/*.ts' }),
  ];
  const { answers, events, requests } = await letModelCall('read', looks, true);
  expect(answers.map(({ failed }) => failed)).toEqual([false, false, false]);
  expect(answers[1]?.text).toContain('before');
  expect(answers[2]?.text).toContain('login.ts');
  expect(events.flatMap((event) => (event.kind === 'step' ? [[event.line, event.changes]] : []))).toEqual([
    ['Reading src/login.ts', false],
    ['Searching for before', false],
    ['Searching for **/*.ts', false],
  ]);
  const offered = requests[0]?.body.tools?.map(({ name }) => name) ?? [];
  expect(offered).toEqual(expect.arrayContaining(['Glob', 'Grep', 'Read']));
  for (const name of ['Bash', 'Write', 'Edit', 'NotebookEdit', 'Agent']) expect(offered).not.toContain(name);
  expect(events.at(-1)).toMatchObject({ kind: 'finished', ending: { kind: 'completed' }, text: 'I have looked.' });
});

test('a session without tools has a small request of its own, and no call of it is carried out', async () => {
  const file = join(workspace, 'src', 'login.ts');
  const calls = [tool('Read', { file_path: file }), write(file, 'overwritten\n'), bash('touch touched', 'Change')];
  const { answers, requests } = await letModelCall('none', calls, false);
  expect(requests[0]?.body.tools ?? []).toEqual([]);
  expect(JSON.stringify(requests[0]?.body).length).toBeLessThan(4_000);
  expect(answers.map(({ failed }) => failed)).toEqual([true, true, true]);
  expect(readFileSync(file, 'utf8')).toBe('export const before = 1;\n');
  expect(existsSync(join(workspace, 'touched'))).toBe(false);
});
