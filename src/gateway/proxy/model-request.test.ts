import { expect, test } from 'vitest';
import { dearestInput, type ModelRequest, readModelRequest, withOutputTokens } from './model-request.ts';

const price = { input: 1, output: 5, cacheWrite: 2, longCacheWrite: 3, cacheRead: 0.1 };

function bytesOf(changes: Record<string, unknown> = {}): Buffer {
  const body = { model: 'sonnet', max_tokens: 8_000, messages: [{ role: 'user', content: 'Hello' }], ...changes };
  return Buffer.from(JSON.stringify(body));
}

function requestOf(bytes: Buffer): ModelRequest {
  const read = readModelRequest(bytes);
  if (read.kind !== 'request') throw new Error(read.message);
  return read.request;
}

function lowered(changes: Record<string, unknown>, outputTokens: number): Record<string, unknown> {
  const bytes = bytesOf(changes);
  return JSON.parse(withOutputTokens(requestOf(bytes), outputTokens, bytes).toString());
}

test('a request goes through as it came when its output needs no change', () => {
  const bytes = Buffer.from('{ "max_tokens": 8000,  "model":"sonnet", "messages": [], "other": 1.50 }');
  expect(withOutputTokens(requestOf(bytes), 8_000, bytes)).toBe(bytes);
});

test('the output is lowered, and nothing else changes', () => {
  const changes = { temperature: 0.5, metadata: { user_id: 'me' }, thinking: { type: 'adaptive' } };
  expect(lowered(changes, 2_000)).toEqual({ ...JSON.parse(bytesOf(changes).toString()), max_tokens: 2_000 });
});

test('a request that names no output gets a limit', () => {
  expect(lowered({ max_tokens: undefined }, 5_000)['max_tokens']).toBe(5_000);
});

test.each([
  ['stays when it fits', 1_500, 2_000, 1_500],
  ['is lowered when it does not', 6_000, 3_000, 1_976],
  ['is dropped when there is no room for it', 6_000, 1_500, undefined],
])('thinking %s', (_, budget, outputTokens, left) => {
  const { thinking } = lowered({ thinking: { type: 'enabled', budget_tokens: budget } }, outputTokens);
  expect(thinking).toEqual(left === undefined ? undefined : { type: 'enabled', budget_tokens: left });
});

test('the dearest input is what would be kept in the cache', () => {
  const marked = (mark: object) => ({ system: [{ type: 'text', text: 'x', cache_control: mark }] });
  expect(dearestInput(requestOf(bytesOf()), price)).toBe(1);
  expect(dearestInput(requestOf(bytesOf(marked({ type: 'ephemeral' }))), price)).toBe(2);
  expect(dearestInput(requestOf(bytesOf(marked({ type: 'ephemeral', ttl: '1h' }))), price)).toBe(3);
});

test.each([
  ['no JSON', Buffer.from('{"model":')],
  ['no messages', bytesOf({ messages: undefined })],
  ['output that is no number', bytesOf({ max_tokens: 'all' })],
  ['a tool that runs at the model API', bytesOf({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] })],
  ['servers that the model API asks', bytesOf({ mcp_servers: [] })],
  ['a dearer speed', bytesOf({ speed: 'fast' })],
])('a request with %s is refused', (_, bytes) => {
  expect(readModelRequest(bytes).kind).toBe('refused');
});

test('tools of the client are let through', () => {
  const tools = [{ name: 'Bash' }, { type: 'custom', name: 'Read' }, { type: 'bash_20250124', name: 'bash' }];
  expect(readModelRequest(bytesOf({ tools })).kind).toBe('request');
});
