import { expect, test } from 'vitest';
import { addressOf } from './connection.ts';
import { readInfo } from './redis-info.ts';

const address = addressOf({ redisUrl: 'redis://127.0.0.1:6379' });
const info = (...lines: string[]) => ['# Server', ...lines, ''].join('\r\n');

test('a Redis that is set up for a queue has no warnings', () => {
  const answer = info('redis_version:7.0.15', 'aof_enabled:1', 'maxmemory_policy:noeviction');
  expect(readInfo(answer, address)).toEqual({ version: '7.0.15', warnings: [] });
});

test('every setting that may lose jobs is warned about by the name it has in redis.conf', () => {
  const { warnings } = readInfo(info('redis_version:6.0.9', 'aof_enabled:0', 'maxmemory_policy:allkeys-lru'), address);
  expect(warnings).toHaveLength(3);
  expect(warnings.join()).toMatch(/6\.2 or newer.*appendonly yes.*maxmemory-policy noeviction.*allkeys-lru/);
});

test('a Valkey is known by its own version', () => {
  const answer = info('redis_version:7.2.4', 'valkey_version:8.1.0', 'aof_enabled:1', 'maxmemory_policy:noeviction');
  expect(readInfo(answer, address).version).toBe('8.1.0');
});

test('a Redis that is too old is refused', () => {
  expect(() => readInfo(info('redis_version:4.0.14'), address)).toThrow(/version 4\.0\.14; 5\.0 is needed/);
});
