import { expect, test } from 'vitest';
import { agentFrom, promptLimitFrom, refuseMistypedCommand, timeoutFrom } from './arguments.ts';

const commands = ['demo', 'doctor', 'init', 'tasks', 'events', 'serve'];

test.each(['0', '-1', '1.5', 'many', '', '99999999999'])('-m %s is refused', (value) =>
  expect(() => promptLimitFrom(value)).toThrow('--max-prompts'),
);

test.each(['0', '-1', 'soon', '1e3'])('-t %s is refused', (value) =>
  expect(() => timeoutFrom(value)).toThrow('--timeout'),
);

test('whole numbers in range are taken', () => {
  expect(promptLimitFrom('50')).toBe(50);
  expect(timeoutFrom('600')).toBe(600);
});

test('agents are known by whole and short names', () => {
  expect(agentFrom('dev')).toBe('developer');
  expect(agentFrom('Project-Manager')).toBe('project-manager');
});

test('an unknown agent is refused with the nearest name', () => {
  expect(() => agentFrom('develper')).toThrow(expect.objectContaining({ cure: 'Did you mean --agent developer?' }));
});

test.each(['docter', 'task', 'serv', 'Demoo'])('%s is not taken for a task', (word) =>
  expect(() => refuseMistypedCommand(word, commands)).toThrow(/looks like a command/),
);

test.each(['fibonacci', 'write a demo', 'doctor the records', ''])('“%s” is taken for a task', (text) =>
  expect(() => refuseMistypedCommand(text, commands)).not.toThrow(),
);
