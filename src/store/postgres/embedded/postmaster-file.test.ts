import { expect, test } from 'vitest';
import { parsePostmasterFile, portOfOptions } from './postmaster-file.ts';

const ready = '4711\n/home/me/.spiral/postgres/data\n1795345414\n34917\n\n127.0.0.1\n    123456    7\nready   \n';

test('a file of a server tells its process, its port and how far it is', () => {
  expect(parsePostmasterFile(ready)).toEqual({ pid: 4711, port: 34917, status: 'ready' });
  expect(parsePostmasterFile(ready.replace('ready   ', 'stopping'))).toMatchObject({ status: 'stopping' });
  expect(parsePostmasterFile(ready.replace('ready   ', 'starting'))).toMatchObject({ status: 'starting' });
});

test('a server that has just begun has written no status yet', () => {
  expect(parsePostmasterFile('4711\n/data\n1795345414\n34917\n\n')).toEqual({
    pid: 4711,
    port: 34917,
    status: 'starting',
  });
});

test.each(['', '\n', '4711', '4711\n/data\n', '-4711\n/data\n1\n5432\n\n', 'x\n/data\n1\n5432\n'])(
  'the file %j is that of no server',
  (content) => {
    expect(parsePostmasterFile(content)).toBeUndefined();
  },
);

test('the port of the last start is found among its options', () => {
  expect(portOfOptions('/bin/postgres "-D" "/data" "-p" "34917" "-c" "fsync=on"\n')).toBe(34917);
  expect(portOfOptions('/bin/postgres "-D" "/data"\n')).toBeUndefined();
});
