import { expect, test } from 'vitest';
import { grant, openWords, permission, plan, suggested, toolRequest } from '../decisions/__fixtures__/questions.ts';
import { completions } from './complete.ts';

const questions = [grant, toolRequest, plan, permission, openWords, suggested];
const spiral = {
  pending: async () => questions,
  tasks: async () => [],
  unfinished: async () => [],
  projects: async () => [],
  conversations: async () => [],
  tools: async () => [],
};

async function valuesOf(command: string, focused: string, typed = '', others = {}) {
  return (await completions(command, focused, typed, spiral, others)).map(({ value }) => value);
}

test('a question is offered where it can be answered', async () => {
  expect(await valuesOf('decide', 'question')).toEqual(['tool0001']);
  expect(await valuesOf('grant', 'question')).toEqual(['grant001']);
  expect(await valuesOf('answer', 'question')).toEqual(['plan0001', 'perm0001', 'words001', 'sugge001']);
  expect(await valuesOf('answer', 'question', 'PORT')).toEqual(['words001']);
  expect(await valuesOf('answer', 'question', 'perm')).toEqual(['perm0001']);
});

test('the answers are those of the question that was chosen before', async () => {
  expect(await valuesOf('answer', 'choice', '', { question: 'plan0001' })).toEqual(['confirm', 'change', 'skip: all']);
  expect(await valuesOf('answer', 'choice', 'm', { question: 'sugge001' })).toEqual(['MongoDB']);
  expect(await valuesOf('answer', 'choice')).toEqual([]);
});

test('everything can be stopped at once', async () => {
  expect(await valuesOf('stop', 'task')).toEqual(['all']);
  expect(await valuesOf('stop', 'nothing')).toEqual([]);
});

test('at most 25 are offered, each with a name of at most 100 characters', async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    ...openWords,
    id: `words${String(index).padStart(3, '0')}`,
    text: `${'😀'.repeat(index)}\n${'a'.repeat(100)}`,
  }));
  const found = await completions('answer', 'question', '', { ...spiral, pending: async () => many });
  expect(found).toHaveLength(25);
  for (const { name } of found) {
    expect(name.length).toBeLessThanOrEqual(100);
    expect(name).not.toMatch(/\p{Cs}/u);
    expect(name).not.toContain('\n');
  }
});
