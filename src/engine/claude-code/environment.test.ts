import { expect, test } from 'vitest';
import { withoutProxy } from './environment.ts';

test('what lies on this machine is reached without the proxy of a person, beside what they except themselves', () => {
  const hosts = 'example.org,127.0.0.1,localhost';
  expect(withoutProxy({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'example.org' })).toEqual({
    NO_PROXY: hosts,
    no_proxy: hosts,
  });
  expect(withoutProxy({ http_proxy: 'http://proxy:3128' })).toMatchObject({ no_proxy: '127.0.0.1,localhost' });
});

test('without a proxy nothing is said of one', () => {
  expect(withoutProxy({ PATH: '/usr/bin', NO_PROXY: 'example.org' })).toEqual({});
});
