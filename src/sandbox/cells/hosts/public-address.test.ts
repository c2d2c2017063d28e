import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';

test.each([['93.184.215.14'], ['1.1.1.1'], ['172.32.0.1'], ['2606:2800:21f:cb07:6820:80da:af6b:8b2c']])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  ['0.0.0.0'],
  ['10.0.0.1'],
  ['100.64.0.1'],
  ['127.0.0.1'],
  ['127.255.255.254'],
  ['169.254.169.254'],
  ['172.16.0.1'],
  ['172.31.255.255'],
  ['192.168.1.1'],
  ['198.18.0.1'],
  ['224.0.0.1'],
  ['255.255.255.255'],
  ['::'],
  ['::1'],
  ['::ffff:8.8.8.8'],
  ['64:ff9b::7f00:1'],
  ['fc00::1'],
  ['fe80::1'],
  ['fe80::1%eth0'],
  ['ff02::1'],
  ['2001:db8::1'],
  ['2001::1'],
  ['2002:7f00:1::'],
  ['no address'],
  [''],
])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));

test('no address of this machine is public', () => {
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter(isPublicAddress)).toEqual([]);
});
