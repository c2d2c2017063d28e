import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noUsage } from '../../domain/budget.ts';
import { streamMeter, type UsageMeter, wholeMeter } from './usage-meter.ts';

const startUsage = {
  input_tokens: 10,
  cache_read_input_tokens: 200,
  cache_creation_input_tokens: 70,
  cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 40 },
  output_tokens: 1,
};

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

const start = event('message_start', { message: { usage: startUsage } });
const words = event('content_block_delta', { delta: { type: 'text_delta', text: 'Grüße, '.repeat(30) } });
const delta = event('message_delta', { usage: { output_tokens: 55 } });
const stop = event('message_stop', {});
const input = { input: 10, cacheRead: 200, cacheWrite: 30, longCacheWrite: 40 };

function fed(meter: UsageMeter, text: string): UsageMeter {
  meter.read(Buffer.from(text));
  return meter;
}

test('a whole stream is counted as the model API counted it, wherever its bytes were parted', () => {
  const bytes = Buffer.from(`${start}event: ping\r\ndata: {"type":"ping"}\r\n\r\n${words}${delta}${stop}`);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const meter = streamMeter();
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      for (const [index, from] of places.entries()) meter.read(bytes.subarray(from, places[index + 1] ?? bytes.length));
      expect(meter.usage()).toEqual({ ...input, output: 55 });
      expect(meter.inputTokens()).toBe(280);
      expect(meter.isWhole()).toBe(true);
    }),
  );
});

test('words that were not counted yet are estimated', () => {
  const meter = fed(streamMeter(), start + words);
  expect(meter.usage()).toEqual({ ...input, output: 90 });
  expect(meter.isWhole()).toBe(false);
});

test('a later count of the input replaces the first', () => {
  const meter = fed(streamMeter(), start + event('message_delta', { usage: { input_tokens: 500, output_tokens: 5 } }));
  expect(meter.usage()).toEqual({ ...input, input: 500, output: 5 });
});

test('an error within a stream is told, and the answer is not whole', () => {
  const meter = fed(streamMeter(), start + event('error', { error: { type: 'overloaded_error' } }) + stop);
  expect(meter.error()).toEqual({ type: 'overloaded_error' });
  expect(meter.isWhole()).toBe(false);
});

test('what is not an event is passed over', () => {
  const meter = fed(streamMeter(), `data: {"type":\n\ndata: null\n\n: comment\n${start}`);
  expect(meter.inputTokens()).toBe(280);
});

test('an answer in one piece is counted from its usage', () => {
  const meter = fed(wholeMeter(), JSON.stringify({ content: [], usage: { ...startUsage, output_tokens: 7 } }));
  expect(meter.usage()).toEqual({ ...input, output: 7 });
  expect(meter.isWhole()).toBe(true);
});

test('half an answer in one piece is estimated from its length', () => {
  const meter = fed(wholeMeter(), `{"content":[{"type":"text","text":"${'x'.repeat(300)}`);
  expect(meter.usage().output).toBeGreaterThan(100);
  expect(meter.isWhole()).toBe(false);
  expect(wholeMeter().usage()).toEqual(noUsage);
});
