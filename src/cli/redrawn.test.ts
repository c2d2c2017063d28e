import { expect, test } from 'vitest';
import { redrawnOn } from './redrawn.ts';

function stream(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
}

test('on a terminal new lines take the place of the old ones, and none is long enough to wrap', () => {
  const terminal = stream(true, 24);
  const table = redrawnOn(terminal);
  table.show(['one', 'two']);
  table.show(['three is so long that it would wrap']);
  expect(terminal.written).toEqual([
    '\u001b[2Kone\n\u001b[2Ktwo\n\u001b[0J',
    '\u001b[2A\r\u001b[2Kthree is so long that i\n\u001b[0J',
  ]);
});

test.each([
  ['elsewhere', false, 24],
  ['on a terminal that does not tell how wide it is', true, 0],
])('%s lines are printed whole, below the old ones, and only when they differ', (_where, isTTY, columns) => {
  const pipe = stream(isTTY, columns);
  const table = redrawnOn(pipe);
  table.show(['one is very long']);
  table.show(['one is very long']);
  table.show(['two']);
  expect(pipe.written.join('')).toBe('one is very long\n\ntwo\n');
});
