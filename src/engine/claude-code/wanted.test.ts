import { expect, test } from 'vitest';
import type { Wanted } from '../../domain/permission.ts';
import { type Asked, wantedCall, wantedHost } from './wanted.ts';

const workspace = '/home/work';

function wanted(asked: Asked): Wanted {
  if (asked.kind === 'refused') throw new Error(asked.reason);
  return asked.wanted;
}

function callOf(tool: string, input: Record<string, unknown>): Wanted {
  return wanted(wantedCall(tool, input, 'it is a sensitive file', workspace));
}

test('a call is told with its tool, its path, what would be written and why it is asked', () => {
  const { permission, text } = callOf('Write', { file_path: `${workspace}/.mcp.json`, content: 'one\ntwo\n' });
  expect(permission).toMatchObject({ kind: 'call', tool: 'Write', title: 'Write .mcp.json' });
  for (const words of ['.mcp.json', 'one', 'two', 'it is a sensitive file']) expect(text).toContain(words);
});

test('two calls are the same only when everything is that decides what they do', () => {
  const digestOf = (tool: string, input: Record<string, unknown>) => {
    const { permission } = callOf(tool, input);
    return permission.kind === 'call' ? permission.digest : undefined;
  };
  const write = { file_path: '/home/work/.bashrc', content: 'x' };
  expect(digestOf('Write', { content: 'x', file_path: '/home/work/.bashrc' })).toBe(digestOf('Write', write));
  expect(digestOf('Write', { ...write, content: 'x ' })).not.toBe(digestOf('Write', write));
  const command = { command: 'rm -rf ~', description: 'Clean' };
  expect(digestOf('Bash', { ...command, description: 'Tidy' })).toBe(digestOf('Bash', command));
  expect(digestOf('Bash', { ...command, command: 'rm -rf /' })).not.toBe(digestOf('Bash', command));
});

test('a long content is cut, and what was left out is counted; a command is whole or is not asked for', () => {
  const { text } = callOf('Write', { file_path: '/home/work/.bashrc', content: 'x'.repeat(5_000) });
  expect(text).toContain('… and 3000 more characters');
  expect(text.length).toBeLessThan(3_000);
  const command = `echo ${'x'.repeat(3_000)} end-of-it`;
  expect(callOf('Bash', { command }).text).toContain('end-of-it');
  expect(wantedCall('Bash', { command: 'x'.repeat(4_001) }, undefined, workspace).kind).toBe('refused');
});

test('what cannot be seen is spelled out', () => {
  const { text, permission } = callOf('Bash', { command: 'ls \u202e\u0007\u200b\rx' });
  expect(text).toContain('ls \\u{202e}\\u{7}\\u{200b}\\u{d}x');
  expect(permission.kind === 'call' && permission.title).toContain('\\u{202e}');
});

test('a host is told by its name, with the command that began last', () => {
  const { permission, text } = wanted(wantedHost({ host: 'Registry.Example' }, 'curl http://registry.example'));
  expect(permission).toEqual({ kind: 'host', host: 'registry.example' });
  expect(text).toContain('curl http://registry.example');
});

test.each([
  '*.example.org',
  '*',
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '::1',
  '0x7f.1',
  '2130706433',
  'localhost',
  'a.localhost',
  'printer.local',
  'database.internal',
  'example.org.',
  'exa mple.org',
  'example.org,evil.org',
  '',
  undefined,
])('nobody is asked for the host %s', (host) => {
  expect(wantedHost({ host }, undefined).kind).toBe('refused');
});
