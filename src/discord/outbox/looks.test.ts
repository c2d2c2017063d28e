import { expect, test } from 'vitest';
import { looksOf } from './looks.ts';

test('two messages look the same when they say the same, whatever Discord trims', () => {
  const sent = { content: ' Working…\n', embeds: [{ title: 'Task', fields: [{ name: 'Spent', value: '1/50' }] }] };
  const back = { content: 'Working…', embeds: [{ title: 'Task', fields: [{ name: 'Spent', value: '1/50' }] }] };
  expect(looksOf(sent)).toBe(looksOf(back));
  expect(looksOf({ content: 'Done' })).not.toBe(looksOf(sent));
});

test('what stands in one part is not what stands in another', () => {
  expect(looksOf({ embeds: [{ title: 'a', description: 'b' }] })).not.toBe(
    looksOf({ embeds: [{ title: 'ab', description: '' }] }),
  );
});
