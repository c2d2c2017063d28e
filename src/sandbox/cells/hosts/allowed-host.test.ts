import { expect, test } from 'vitest';
import { parseAllowedHost } from './allowed-host.ts';

test('a host is its name and its port, 443 when none is said', () => {
  expect(parseAllowedHost('API.example.com')).toEqual({ name: 'api.example.com', port: 443 });
  expect(parseAllowedHost('a-b.example.co:8443')).toEqual({ name: 'a-b.example.co', port: 8443 });
  expect(parseAllowedHost('xn--bcher-kva.example')).toEqual({ name: 'xn--bcher-kva.example', port: 443 });
});

test.each([
  ['localhost'],
  ['127.0.0.1'],
  ['2130706433'],
  ['0x7f.1'],
  ['[::1]'],
  ['*.example.com'],
  ['example.com.'],
  ['.example.com'],
  ['-a.example.com'],
  ['example.com/path'],
  ['user@example.com'],
  ['http://example.com'],
  ['example.com:0'],
  ['example.com:65536'],
  ['example.com:443:443'],
  ['example.com\n'],
  [`${'a'.repeat(64)}.example.com`],
  [`${'a.'.repeat(130)}com`],
  [''],
])('%j is the name of no host', (text) => expect(parseAllowedHost(text)).toBeUndefined());
