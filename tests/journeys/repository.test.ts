import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { embedded } from '../support/installations.ts';
import { run } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
let repository: string;
afterEach(() => on?.close());

const testOf = (name: string, left: string, right: string) =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { sum } from './sum.js';\ntest('${name}', () => assert.equal(${left}, ${right}));\n`;

/** Adds a function and leaves the rest as it is. */
const adds: Script = ({ turn }) => ({
  kind: 'message',
  blocks:
    turn === 0
      ? [bash(`printf 'export const double = (a) => a * 2;\\n' > double.js`, 'Add a function')]
      : [say('Added double. All tests pass.')],
});

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' });
}

/** A repository with a green and a red test, and work of the person's that is not committed. */
async function stage(script: Script): Promise<void> {
  on = await embedded.stage(script);
  repository = join(on.person.folder, 'project');
  mkdirSync(repository);
  git('init', '-q', '-b', 'main');
  writeFileSync(join(repository, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(repository, 'sum.js'), 'export const sum = (a, b) => a + b;\n');
  writeFileSync(join(repository, 'sum.test.js'), testOf('adds', 'sum(1, 2)', '3'));
  writeFileSync(join(repository, 'old.test.js'), testOf('was red before', 'sum(1, 1)', '3'));
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  writeFileSync(join(repository, 'mine.txt'), 'not committed\n');
}

const task = () => ['Add a function that doubles', '--repo', repository, '--json'];

test('work for a repository is done on a branch, judged by what was red before, and merged by hand', async () => {
  await stage(adds);
  const before = git('status', '--porcelain');
  const { exitCode, events } = await run(on.person, task());
  expect(exitCode).toBe(0);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'tests.ran', baseline: true, passed: 1, failed: 1, by: 'spiral' }),
  );
  expect(events.at(-1)).toMatchObject({
    outcome: { status: 'succeeded', verified: true, filesCreated: ['double.js'] },
  });
  expect(git('status', '--porcelain')).toBe(before);
  expect(existsSync(join(repository, 'double.js'))).toBe(false);

  const accepted = events.find((event) => event.type === 'task.accepted');
  const id = accepted?.type === 'task.accepted' ? accepted.taskId : '';
  expect(git('log', '--oneline', `main..spiral/${id}`).trim().split('\n')).toHaveLength(1);
  expect((await run(on.person, ['tasks', 'diff', id])).stdout).toContain('+export const double');
  writeFileSync(join(repository, 'sum.js'), 'dirty\n');
  const refused = await run(on.person, ['tasks', 'merge', id]);
  expect(refused.exitCode).toBe(1);
  git('checkout', '-q', 'sum.js');
  expect((await run(on.person, ['tasks', 'merge', id])).exitCode).toBe(0);
  expect(readFileSync(join(repository, 'double.js'), 'utf8')).toContain('double');
  expect(readFileSync(join(repository, 'mine.txt'), 'utf8')).toBe('not committed\n');
});

const phase = (name: string, file: string) => ({
  name,
  goal: `have ${name}`,
  task: `Write ${file}`,
  criteria: [{ criterion: 'the tests pass', checkedBy: 'tests', subject: '' }],
  dependsOn: [],
});

/** Two phases, each one function, which nobody has anything against. */
const twoPhases = (): Script =>
  cast({
    'project-manager': ({ prompts: [asked = ''] }) => {
      if (/"const":\s*"evaluation"/.test(asked)) {
        const criteria = [{ number: 1, met: true, evidence: 'seen' }];
        return asJson({ kind: 'evaluation', criteria, isDone: true, refinement: '' });
      }
      if (/"const":\s*"closing"/.test(asked)) return asJson({ kind: 'closing', recommendations: ['Try it'] });
      return asJson({
        kind: 'plan',
        title: 'Functions',
        phases: [phase('Double', 'double.js'), phase('Triple', 'triple.js')],
      });
    },
    'creative-innovator': [{ kind: 'challenges', challenges: [] }],
    'quality-assurance': [
      {
        kind: 'phase-review',
        subject: 'Phase',
        verdict: 'passed',
        reason: 'It is there.',
        findings: [],
        strengths: [],
        remediation: [],
      },
    ],
    developer: ({ turn, prompts: [asked = ''] }) => {
      const name = asked.includes('Task: Double') ? 'double' : 'triple';
      const block =
        turn === 0 ? bash(`echo 'export const ${name} = 1;' > ${name}.js`, 'Write it') : say('It is there.');
      return { kind: 'message', blocks: [block] };
    },
  });

test('a project for a repository is one branch with a commit for each phase, and is merged as a whole', async () => {
  await stage(twoPhases());
  const before = git('status', '--porcelain');
  const { exitCode, events } = await run(on.person, ['--agent', 'pm', 'Two functions', '--repo', repository, '--json']);
  expect(exitCode).toBe(0);
  expect(events.at(-1)).toMatchObject({ outcome: { status: 'succeeded', verified: true } });
  expect(git('status', '--porcelain')).toBe(before);
  const project = events[0]?.taskId ?? '';
  const commits = git('log', '--format=%s', `main..spiral/${project}`).trim().split('\n');
  expect(commits).toEqual(['Triple: Write triple.js', 'Double: Write double.js']);
  expect((await run(on.person, ['tasks', 'diff', project])).stdout).toMatch(
    /\+export const double[\s\S]*\+export const triple/,
  );

  const part = events.find((event) => event.type === 'phase.started');
  const partId = part?.type === 'phase.started' ? part.developmentTask : '';
  for (const command of ['diff', 'merge', 'discard']) {
    const refused = await run(on.person, ['tasks', command, partId]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`Task ${partId} is a part of project ${project}`);
    expect(refused.stderr).toContain(`spiral tasks ${command} ${project}`);
  }
  expect(existsSync(join(repository, 'double.js'))).toBe(false);
  expect((await run(on.person, ['tasks', 'merge', project])).exitCode).toBe(0);
  for (const name of ['double', 'triple']) expect(existsSync(join(repository, `${name}.js`))).toBe(true);
});

test('work that is discarded leaves no branch and no folder', async () => {
  await stage(adds);
  const { events } = await run(on.person, task());
  const [accepted] = events;
  const id = accepted?.type === 'task.accepted' ? accepted.taskId : '';
  const workspace = accepted?.type === 'task.accepted' ? accepted.workspace : '';
  expect(existsSync(workspace)).toBe(true);
  expect((await run(on.person, ['tasks', 'discard', id])).exitCode).toBe(0);
  expect(existsSync(workspace)).toBe(false);
  expect(git('branch', '--list', 'spiral/*')).toBe('');
});

test('a setup command makes the worktree usable first, and one that fails ends the task with its reason', async () => {
  await stage(adds);
  configure(on.person, '[repository]\nsetup = "touch prepared.txt && test -f package.json"\n');
  const { events } = await run(on.person, task());
  const [accepted] = events;
  const workspace = accepted?.type === 'task.accepted' ? accepted.workspace : '';
  expect(existsSync(join(workspace, 'prepared.txt'))).toBe(true);
  configure(on.person, '[repository]\nsetup = "exit 7"\n');
  const failed = await run(on.person, task());
  expect(failed.exitCode).toBe(1);
  expect(failed.events.at(-1)).toMatchObject({ outcome: { reason: expect.stringContaining('exit code 7') } });
});

test('a folder that is no repository is a mistake, told in one line', async () => {
  await stage(adds);
  const { exitCode, stderr } = await run(on.person, ['Add', 'something', '--repo', on.person.folder].slice(1));
  expect(exitCode).toBe(2);
  expect(stderr).not.toContain('    at ');
});
