import { expect, test } from 'vitest';
import { toolManifest } from '../domain/tool.ts';
import { toolRunOf } from './tool-run.ts';

const manifest = toolManifest.parse({
  name: 'word-count',
  version: '1.0.0',
  description: 'Counts the words of a text.',
  inputSchema: { type: 'object' },
  outputSchema: {},
  language: 'node',
  entry: 'index.mjs',
  permissions: {
    read: ['$WORKSPACE/data', '$WORKSPACE', '$WORKSPACE/../../etc', '$WORKSPACES/x', '/usr/share/dict', 'relative'],
    env: ['API_KEY', 'MISSING'],
  },
});
const call = { folder: '/tools/word-count/1.0.0', input: { text: 'a b' }, environment: { API_KEY: 'k', OTHER: 'x' } };

test('a tool gets the places of the workspace that its manifest names, and nothing that leads out of it', () => {
  const { permissions } = toolRunOf(manifest, { ...call, workspace: '/home/me/work' });
  expect(permissions.read).toEqual(['/home/me/work/data', '/home/me/work', '/usr/share/dict']);
  expect(permissions.write).toEqual([]);
});

test('without a workspace nothing of one is in reach', () => {
  expect(toolRunOf(manifest, call).permissions.read).toEqual(['/usr/share/dict']);
});

test('a tool gets the variables that it names, where they have a value, and no other', () => {
  expect(toolRunOf(manifest, call).env).toEqual({ API_KEY: 'k' });
});

test('the program is that of its language, and another one is named with its arguments', () => {
  expect(toolRunOf(manifest, call).program).toEqual(['node', 'index.mjs']);
  expect(toolRunOf({ ...manifest, language: 'python', entry: 'main.py' }, call).program).toEqual([
    'python3',
    'main.py',
  ]);
  const command = ['bash', '-e', '$ENTRY'];
  expect(toolRunOf({ ...manifest, language: 'command', entry: 'run.sh', command }, call).program).toEqual([
    'bash',
    '-e',
    'run.sh',
  ]);
});
