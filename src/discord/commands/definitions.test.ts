import { ApplicationCommandOptionType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { completions } from './complete.ts';
import { commandDefinitions } from './definitions.ts';

test('there is a command for what people do every day', () => {
  const names = commandDefinitions.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['task', 'project', 'pending', 'decide', 'agents', 'costs']));
  expect(names).toEqual(
    expect.arrayContaining(['stop', 'tools', 'grant', 'help', 'answer', 'tasks', 'continue', 'merge']),
  );
  expect(new Set(names).size).toBe(names.length);
});

test.each(commandDefinitions)('/$name is one that Discord takes', ({ name, description, options = [] }) => {
  for (const one of [{ name, description }, ...options]) {
    expect(one.name).toMatch(/^[a-z_-]{1,32}$/);
    expect(one.description.length).toBeGreaterThan(0);
    expect(one.description.length).toBeLessThanOrEqual(100);
  }
  expect(options.length).toBeLessThanOrEqual(25);
  const required = options.map((option) => 'required' in option && option.required === true);
  expect(required).toEqual(required.toSorted((one, other) => Number(other) - Number(one)));
  for (const option of options) {
    if (option.type !== ApplicationCommandOptionType.String) continue;
    const { choices, autocomplete } = option as { choices?: unknown[]; autocomplete?: boolean };
    expect((choices?.length ?? 0) <= 25 && !(choices && autocomplete)).toBe(true);
  }
});

test('every option that is to be completed is', async () => {
  const completed = commandDefinitions.flatMap(({ name, options = [] }) =>
    options.flatMap((option) => ('autocomplete' in option && option.autocomplete ? [[name, option.name]] : [])),
  );
  const asked: string[] = [];
  const source = <Name extends string>(name: Name) => ({
    [name]: async () => {
      asked.push(name);
      return [];
    },
  });
  const spiral = Object.assign(
    {},
    ...['pending', 'tasks', 'unfinished', 'projects', 'conversations', 'tools'].map(source),
  );
  for (const [command = '', option = ''] of completed) await completions(command, option, '', spiral);
  expect(completed.length).toBeGreaterThan(0);
  expect(asked).toHaveLength(completed.length);
});
