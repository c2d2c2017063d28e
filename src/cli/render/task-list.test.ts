import { expect, test } from 'vitest';
import { beginProject } from '../../domain/project-planning.ts';
import { plan } from '../__fixtures__/answers.ts';
import { finished, forAnswer, grantQuestion, minutesAgo, now, report, round2 } from '../__fixtures__/tasks.ts';
import { taskLines } from './task-list.ts';

const setting = { now, estimated: false };
const second = 1_000;

/** The status of one task, without everything else on its line. */
function status(more: Parameters<typeof report>[0]): string | undefined {
  return taskLines([report(more)], setting)[0]
    ?.slice(10, 32)
    .trim();
}

test('a task is shown with its status, its age, its prompts and what it cost', () => {
  expect(taskLines([report()], setting)).toEqual([
    'k3v9x2mq  working, round 2       12 min 0 s ago     2/50 prompts  $0.42          Create a Rust web scraper',
  ]);
});

test('a cost that nobody booked is called an estimate, and a rehearsed one costs nothing', () => {
  expect(taskLines([report()], { now, estimated: true })[0]).toContain('about $0.42');
  expect(taskLines([report({ origin: 'demo' })], setting)[0]).toContain('rehearsed');
});

test('where a task stands is said in a few words', () => {
  const until = new Date(2026, 10, 22, 3, 20).toISOString();
  expect(status({ state: forAnswer, driven: false })).toBe('waiting for you');
  expect(
    status({ state: { kind: 'waiting', for: { kind: 'time', until, reason: 'usage limit' }, resume: round2 } }),
  ).toBe('waiting until 03:20');
  expect(status({ driven: false })).toBe('interrupted');
  expect(status({ state: { kind: 'accepted' } })).toBe('starting');
  expect(taskLines([finished({}, { verified: false })], setting)[0]).toContain('succeeded, unverified');
});

test('a round that runs and is not heard of, or has trouble, says so on a second line', () => {
  const below = (more: Parameters<typeof report>[0]) => taskLines([report(more)], setting)[1];
  const silent = { lastNewsAt: new Date(now - 45 * second) };
  const trouble = 'Model API: overloaded, retry 3/4';
  expect(below({ lastNewsAt: new Date(now - 19 * second) })).toBeUndefined();
  expect(below(silent)).toBe('          ⏳ no output for 45 s');
  expect(below({ trouble })).toBe('          ⚠️  Model API: overloaded, retry 3/4');
  expect(below({ ...silent, trouble })).toBe('          ⚠️  Model API: overloaded, retry 3/4 · no output for 45 s');
  expect(taskLines([report({ ...silent, state: forAnswer })], setting)[1]).not.toContain('no output');
});

test('what a person can do next stands below the list', () => {
  const lines = taskLines(
    [report({ driven: false }), report({ state: forAnswer, driven: false, question: grantQuestion })],
    setting,
  );
  expect(lines.slice(2)).toEqual([
    '',
    'Go on with an interrupted task: spiral tasks continue k3v9x2mq',
    'What waits for you: spiral pending',
  ]);
  expect(taskLines([finished({ createdAt: minutesAgo(9) })], setting)).toHaveLength(1);
});

test('a task that is answered, a project and a task that a person holds are told apart', () => {
  const coordinating = beginProject(plan, { attempts: 3, isApprovalNeeded: false });
  expect(status({ state: { kind: 'asking' } })).toBe('answering');
  expect(status({ state: coordinating })).toBe('project, 0 of 2 phases');
  const held = { isHeld: true, driven: false };
  expect(status(held)).toBe('held');
  expect(taskLines([report(held)], setting).join('\n')).not.toContain('interrupted');
});
