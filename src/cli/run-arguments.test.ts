import { expect, test } from 'vitest';
import { requestFrom } from './run-arguments.ts';

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
