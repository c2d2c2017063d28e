import { expect, test } from 'vitest';
import type { News, SpiralEvent } from '../domain/event.ts';
import type { TaskId } from '../domain/identifiers.ts';
import type { Stopped } from '../spiral.ts';
import { driveThatEnds, type } from './__fixtures__/scripted-system.ts';
import { finished, forAnswer, grantQuestion, outcome, report, taskId } from './__fixtures__/tasks.ts';

const waitingTask = report({ state: forAnswer, driven: false, question: grantQuestion });
const repository = { path: '/src/shop', branch: 'spiral/k3v9x2mq', base: 'abc' };

function recorded(...news: News[]): SpiralEvent[] {
  return news.map((one, index) => ({ id: index + 1, at: '2026-01-01T00:00:00.000Z', ...one }));
}

const waits = recorded(
  {
    type: 'budget.exhausted',
    taskId,
    agent: 'developer',
    scope: `task:${taskId}`,
    measure: 'usd',
    limit: 5,
    spent: 5,
  },
  { type: 'question.asked', taskId, questionId: 'q7w2e9rt', kind: 'grant', text: 'Grant more?' },
  { type: 'task.waiting', taskId, reason: 'the limit is reached', questionId: 'q7w2e9rt' },
);
const comesToWait = driveThatEnds('waiting', { watched: waits.slice(0, 1), later: waits.slice(1) });
const ends = recorded(
  { type: 'budget.granted', taskId, scope: `task:${taskId}`, measure: 'usd', amount: 2, by: 'human' },
  { type: 'task.finished', taskId, outcome },
);
const comesToItsEnd = driveThatEnds('finished', { watched: ends, later: [] });
const submit = async () => ({ kind: 'accepted', taskId }) as const;

test('a task that comes to wait for a human ends with 3, what is reached and the commands, though nobody saw its last events', async () => {
  const { exitCode, stdout } = await type(['Write a note'], {
    submit,
    findTasks: async () => [waitingTask],
    ...comesToWait,
  });
  expect(exitCode).toBe(3);
  expect(stdout.split('\n')[0]).toBe('💰 The task has used $5.00 of $5.00.');
  expect(stdout).toContain('spiral grant q7w2e9rt --usd 2');
  expect(stdout).toContain('spiral pending');
});

test('the same as JSON is every event, each once, and nothing else', async () => {
  const { exitCode, stdout, stderr } = await type(['Write a note', '--json'], {
    submit,
    findTasks: async () => [waitingTask],
    ...comesToWait,
  });
  expect(exitCode).toBe(3);
  const lines = stdout.trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(waits);
  expect(stderr).toBe('');
});

test('a task that another process has finished meanwhile ends as it did', async () => {
  const lost = driveThatEnds('lost', { watched: [], later: ends });
  const { exitCode, stderr } = await type(['Write a note'], { submit, ...lost });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Another Spiral process has taken this task over');
});

test('a grant goes on with the task here, to its end', async () => {
  const granted: unknown[] = [];
  const { exitCode, stdout } = await type(['grant', 'q7w', '--usd', '2'], {
    pending: async () => [grantQuestion],
    findTasks: async () => [waitingTask],
    lastEvent: async () => 0,
    grant: async (...given) => granted.push(given) > 0,
    ...comesToItsEnd,
  });
  expect(granted).toEqual([['q7w2e9rt', { amount: 2 }]]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('✨');
});

test.each([
  ['that somebody drives already', [], report({ driven: true }), /goes on in another Spiral process/],
  ['with --detach', ['--detach'], report({ driven: false }), /goes on when `spiral serve` takes it up, or here/],
])('a grant to a task %s says so and leaves it', async (_name, more, now, said) => {
  const { exitCode, stderr } = await type(['grant', taskId, '--usd', '2', ...more], {
    pending: async () => [grantQuestion],
    findTasks: async () => [now],
    lastEvent: async () => 0,
    grant: async () => true,
  });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(said);
});

test('the second answer to a question is told that there was a first', async () => {
  const { exitCode, stderr } = await type(['grant', 'q7w2e9rt', '--refuse'], {
    pending: async () => [grantQuestion],
    findTasks: async () => [waitingTask],
    lastEvent: async () => 0,
    grant: async () => false,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('was answered before');
});

test('a question that is not open any more is told to have been answered', async () => {
  const nothing = { pending: async () => [], findTasks: async () => [] };
  const { exitCode, stderr } = await type(['grant', 'q7w2e9rt', '--usd', '2'], nothing);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('may have been answered before');
});

test('an id that begins two questions grants neither', async () => {
  const other = { ...grantQuestion, id: 'q7ffffff', taskId: 'zzzzzzzz' as TaskId };
  const { exitCode, stderr } = await type(['grant', 'q7', '--usd', '2'], {
    pending: async () => [grantQuestion, other],
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('q7w2e9rt, q7ffffff');
});

test('a running task is given more beforehand', async () => {
  const given: unknown[] = [];
  const { exitCode, stderr } = await type(['grant', taskId, '--usd', '2', '--prompts', '5'], {
    pending: async () => [],
    findTasks: async () => [report()],
    grantAhead: async (...amounts) => {
      given.push(amounts);
    },
  });
  expect(exitCode).toBe(0);
  expect(given).toEqual([
    [taskId, 'prompts', 5],
    [taskId, 'usd', 2],
  ]);
  expect(stderr).toContain('Task k3v9x2mq may use $2.00 more.');
});

test('a task that waits for an answer is not continued: it says what answers it', async () => {
  const { exitCode, stderr } = await type(['tasks', 'continue', taskId], { findTasks: async () => [waitingTask] });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('spiral grant q7w2e9rt --usd 2');
});

test('a finished task is continued by a new one in its session', async () => {
  const asked: unknown[] = [];
  const { exitCode } = await type(['tasks', 'continue', taskId, 'Add a button'], {
    findTasks: async () => [finished()],
    continue: async (...what) => {
      asked.push(what);
      return submit();
    },
    ...comesToItsEnd,
  });
  expect(exitCode).toBe(0);
  expect(asked).toEqual([[taskId, 'Add a button']]);
});

test('an interrupted task takes no new text', async () => {
  const { exitCode, stderr } = await type(['tasks', 'continue', taskId, 'Add a button'], {
    findTasks: async () => [report({ driven: false })],
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is not over');
});

const stopped: Stopped = { tasks: [taskId], processes: 4, left: 0, recorded: true };
const none: Stopped = { tasks: [], processes: 0, left: 0, recorded: true };

test.each<[string, string[], Stopped, number, RegExp]>([
  ['what was ended', ['k3v9'], stopped, 0, /🛑 Stopped 1 task, 4 processes ended\./],
  ['nothing, when everything is quiet', ['--all'], none, 0, /Nothing was running/],
  ['an unknown id', ['zzzz'], none, 2, /no unfinished task zzzz/],
  ['an id that nobody could look up', ['zzzz'], { ...none, recorded: false }, 1, /database could not be told/],
  ['what is left', ['--all'], { ...stopped, left: 1 }, 1, /1 process could not be ended/],
  ['a database that was not told', ['--all'], { ...stopped, recorded: false }, 0, /database could not be told/],
])('stop tells of %s, without opening the system', async (_name, args, came, exitCode, said) => {
  const ended = await type(['stop', ...args], {}, () => came);
  expect(ended.exitCode).toBe(exitCode);
  expect(`${ended.stdout}${ended.stderr}`).toMatch(said);
});

test.each([[['stop']], [['stop', 'k3v9', '--all']], [['stop', ' ']]])('%o stops nothing', async (args) => {
  expect((await type(args, {})).exitCode).toBe(2);
});

test('a diff that another program reads is printed byte for byte', async () => {
  const diff = 'diff --git a/a b/a\n+\u001b[31mred\r\n';
  const { stdout } = await type(['tasks', 'diff', taskId], {
    findTasks: async () => [finished({ repository })],
    diff: async () => diff,
  });
  expect(stdout).toBe(diff);
});

test('a diff on a terminal cannot steer it', async () => {
  const { isTTY } = process.stdout;
  process.stdout.isTTY = true;
  try {
    const { stdout } = await type(['tasks', 'diff', taskId], {
      findTasks: async () => [finished({ repository })],
      diff: async () => '+\u001b[2Jred\n',
    });
    expect(stdout).toBe('+red\n');
  } finally {
    process.stdout.isTTY = isTTY;
  }
});

test.each(['diff', 'merge', 'discard'])('%s of a task without a repository is a mistake', async (deed) => {
  const { exitCode, stderr } = await type(['tasks', deed, taskId], { findTasks: async () => [finished()] });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('has no repository');
});

test.each(['merge', 'discard'])('%s waits until the task is over', async (deed) => {
  const { exitCode, stderr } = await type(['tasks', deed, taskId], { findTasks: async () => [report({ repository })] });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('End it first: spiral stop k3v9x2mq');
});

test('a merge names the commit and the branch, and warns of work that nobody proved', async () => {
  const { exitCode, stdout, stderr } = await type(['tasks', 'merge', taskId], {
    findTasks: async () => [finished({ repository }, { verified: false, reason: 'no tests were found' })],
    merge: async () => ({ kind: 'merged', commit: 'abc1234', into: 'main' }),
  });
  expect(exitCode).toBe(0);
  expect(stdout).toBe('✅ Merged spiral/k3v9x2mq into main: abc1234\n');
  expect(stderr).toContain('NOT verified: no tests were found');
});

test('a merge that is refused says why and what to do', async () => {
  const { exitCode, stderr } = await type(['tasks', 'merge', taskId], {
    findTasks: async () => [finished({ repository })],
    merge: async () => ({ kind: 'refused', problem: 'main has uncommitted changes.', cure: 'Commit them first.' }),
  });
  expect(exitCode).toBe(1);
  expect(stderr).toBe('❌ main has uncommitted changes.\n   Commit them first.\n');
});

test('what was discarded is named', async () => {
  const { stdout } = await type(['tasks', 'discard', taskId], {
    findTasks: async () => [finished({ repository })],
    discard: async () => undefined,
  });
  expect(stdout).toContain('the branch spiral/k3v9x2mq of /src/shop');
});

test('how the budget is kept without a gateway is said at the start, and costs are estimates', async () => {
  const { stdout, stderr } = await type(['Write a note'], {
    submit,
    ...comesToItsEnd,
    notices: [{ about: 'budget', text: 'The budget is kept from the figures of Claude Code.' }],
  });
  expect(stderr).toContain('The budget is kept from the figures of Claude Code.');
  expect(stdout).toContain('about $0.12');
});

test('the help lists every command in its group', async () => {
  const { exitCode, stdout } = await type(['--help'], {});
  expect(exitCode).toBe(0);
  expect([...stdout.matchAll(/^([A-Z][a-z ]+):$/gm)].map(([, title]) => title)).toEqual([
    'Options',
    'Work',
    'What happened',
    'Projects and the team',
    'Questions and money',
    'Tools',
    'Installation',
  ]);
});
