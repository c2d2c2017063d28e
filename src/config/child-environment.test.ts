import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childEnvironmentOf } from './child-environment.ts';
import { settingVariables } from './environment.ts';

test('a child gets what a command needs, and nothing else', () => {
  const needed = {
    PATH: '/bin',
    HOME: '/home/me',
    LANG: 'C',
    LC_ALL: 'C',
    XDG_CACHE_HOME: '/cache',
    https_proxy: 'http://proxy',
    NO_PROXY: '',
    CARGO_HOME: '/cargo',
    npm_config_cache: '/npm',
  };
  const doors = {
    AWS_SECRET_ACCESS_KEY: 'x',
    GITHUB_TOKEN: 'x',
    SSH_AUTH_SOCK: 'x',
    NODE_OPTIONS: 'x',
    SPIRAL_HOME: '/x',
  };
  const { variables, notices } = childEnvironmentOf({ ...needed, ...doors, UNSET: undefined }, []);
  expect(variables).toEqual(needed);
  expect(notices).toEqual([]);
});

test('what is named is passed on, when it is there', () => {
  const { variables } = childEnvironmentOf({ GITHUB_TOKEN: 'x' }, ['GITHUB_TOKEN', 'MISSING']);
  expect(variables).toEqual({ GITHUB_TOKEN: 'x' });
});

test("Spiral's own keys and addresses are never passed on, also when they are named", () => {
  fc.assert(
    fc.property(fc.subarray([...settingVariables]), fc.string({ minLength: 1 }), (named, value) => {
      const all = Object.fromEntries(settingVariables.map((name) => [name, value]));
      const { variables, notices } = childEnvironmentOf({ ...all, PATH: '/bin' }, named);
      expect(variables).toEqual({ PATH: '/bin' });
      expect(notices).toHaveLength(named.length);
    }),
  );
});
