import { expect, test } from 'vitest';
import { type RunOptions, requestFrom } from './run-arguments.ts';

test('a task without options goes to the developer, in the usual folder', () => {
  expect(requestFrom('Write a note', {})).toEqual({
    text: 'Write a note',
    agent: 'developer',
    workspace: './agent-workspace',
    origin: 'cli',
  });
});

test('a repository and a night are asked for', () => {
  expect(requestFrom('Write a note', { repo: '../shop', unattended: true, maxPrompts: '3' })).toMatchObject({
    repository: '../shop',
    unattended: true,
    promptLimit: 3,
  });
});

test('a repository brings its own workspace', () => {
  expect(() => requestFrom('Write a note', { repo: '../shop', workspace: '.' })).toThrow(
    '--repo and --workspace exclude each other.',
  );
});

test('what the project manager is wanted for is asked for', () => {
  expect(requestFrom('Build a shop', { agent: 'pm' })).not.toHaveProperty('wish');
  const wishOf = (options: RunOptions) => requestFrom('Build a shop', { agent: 'pm', ...options }).wish;
  expect(wishOf({ analysis: true })).toEqual({ answer: 'analysis', approvePlan: false });
  expect(wishOf({ planOnly: true })).toEqual({ answer: 'plan', approvePlan: false });
  expect(wishOf({ approvePlan: true })).toEqual({ answer: 'either', approvePlan: true });
});

test('quality assurance is asked for risks or test cases instead of a review', () => {
  const wishOf = (options: RunOptions) => requestFrom('Move to the cloud', { agent: 'qa', ...options }).wish;
  expect(wishOf({})).toBeUndefined();
  expect(wishOf({ risks: true })).toEqual({ answer: 'risks', approvePlan: false });
  expect(wishOf({ testCases: true })).toEqual({ answer: 'test-cases', approvePlan: false });
  expect(() => wishOf({ risks: true, testCases: true })).toThrow('--risks and --test-cases exclude each other.');
});

test.each<RunOptions>([{ risks: true }, { agent: 'pm', risks: true }, { agent: 'dm', testCases: true }])(
  'what only quality assurance does is not asked of another agent: %o',
  (options) =>
    expect(() => requestFrom('Move to the cloud', options)).toThrow(
      expect.objectContaining({ cure: 'Add --agent qa.' }),
    ),
);

test('a project is gone on with by the project manager, whose name need not be typed', () => {
  expect(requestFrom('also add 2FA', { project: 'k3v9' })).toMatchObject({ agent: 'project-manager', project: 'k3v9' });
});

test.each<[RunOptions, string]>([
  [{ analysis: true, planOnly: true }, '--analysis and --plan-only exclude each other.'],
  [{ analysis: true, approvePlan: true }, '--analysis and --approve-plan exclude each other.'],
  [{ planOnly: true, approvePlan: true }, '--plan-only and --approve-plan exclude each other.'],
  [{ analysis: true, project: 'k3v9' }, '--analysis and --project exclude each other.'],
  [{ workspace: '.', project: 'k3v9' }, '--workspace and --project exclude each other.'],
  [{ repo: '.', project: 'k3v9' }, '--repo and --project exclude each other.'],
  [{ project: ' ' }, '--project is empty.'],
])('options that contradict each other are refused: %o', (options, message) =>
  expect(() => requestFrom('Build a shop', { agent: 'pm', ...options })).toThrow(message),
);

test.each<RunOptions>([
  { analysis: true },
  { agent: 'qa', planOnly: true },
  { agent: 'dev', approvePlan: true },
  { agent: 'dm', project: 'k3v9' },
])('what only the project manager does is not asked of another agent: %o', (options) =>
  expect(() => requestFrom('Build a shop', options)).toThrow(expect.objectContaining({ cure: 'Add --agent pm.' })),
);
