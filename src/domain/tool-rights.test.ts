import { expect, test } from 'vitest';
import { toolPermissions } from './tool.ts';
import { newRights, rightsOf } from './tool-rights.ts';

const few = toolPermissions.parse({ read: ['$WORKSPACE'], hosts: ['api.example.org'] });
const more = toolPermissions.parse({
  read: ['$WORKSPACE', '/etc/hosts'],
  write: ['$WORKSPACE'],
  hosts: ['api.example.org'],
  env: ['TOKEN'],
  subprocess: true,
});

test('each right has a name of its own', () => {
  expect(rightsOf(more)).toEqual([
    'read:$WORKSPACE',
    'read:/etc/hosts',
    'write:$WORKSPACE',
    'host:api.example.org',
    'env:TOKEN',
    'subprocess',
  ]);
  expect(rightsOf(toolPermissions.parse({}))).toEqual([]);
});

test('new is what the version before did not have, and to write is another right than to read', () => {
  expect(newRights(few, more)).toEqual(['read:/etc/hosts', 'write:$WORKSPACE', 'env:TOKEN', 'subprocess']);
  expect(newRights(more, few)).toEqual([]);
  expect(newRights(undefined, few)).toEqual(['read:$WORKSPACE', 'host:api.example.org']);
});
