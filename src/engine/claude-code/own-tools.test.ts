import { expect, test } from 'vitest';
import { judge } from './guard.ts';
import { isNamed, namesOfOwnTools, serversOf } from './own-tools.ts';

const access = { url: 'http://127.0.0.1:1/x', token: 'secret' };

test('tools that stay are known by their names, and those that change by the name of our server', () => {
  expect(namesOfOwnTools(undefined)).toEqual([]);
  expect(namesOfOwnTools({ ...access, names: ['one', 'two'] })).toEqual(['mcp__spiral__one', 'mcp__spiral__two']);
  expect(namesOfOwnTools({ ...access, names: 'changing' })).toEqual(['mcp__spiral__*']);
});

test('a session without tools has no server, and one whose tools change has it before there are any', () => {
  expect(serversOf(undefined).mcpServers).toEqual({});
  expect(serversOf({ ...access, names: [] }).mcpServers).toEqual({});
  expect(Object.keys(serversOf({ ...access, names: 'changing' }).mcpServers ?? {})).toEqual(['spiral']);
});

test('a tool of our server may be called whenever it came, and one of another server or a built-in one may not', () => {
  const setting = { workspace: '/home/me/work', readable: [], tools: ['Read', 'mcp__spiral__*'] };
  const kindOf = (tool: string) => judge(tool, { text: 'x' }, setting.workspace, setting).kind;
  expect(kindOf('mcp__spiral__came-later')).toBe('allowed');
  for (const tool of ['mcp__other__tool', 'mcp__spirals__tool', 'mcp__spiral', 'Bash', 'WebFetch', 'mcp__spiral__']) {
    expect(kindOf(tool), tool).toBe('refused');
  }
  expect(isNamed('Read', ['Read'])).toBe(true);
  expect(isNamed('Reader', ['Read'])).toBe(false);
});
