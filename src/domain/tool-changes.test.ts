import { expect, test } from 'vitest';
import { changesOfTool, filesInBrief, inBrief } from './tool-changes.ts';

const files = (contents: Readonly<Record<string, string | Uint8Array>>) =>
  new Map(Object.entries(contents).map(([path, content]) => [path, Buffer.from(content)]));

test('changes are told file by file, and what stayed is not told', () => {
  const before = files({ 'a.mjs': 'one\n', 'b.mjs': 'same\n', 'gone.mjs': 'x\n' });
  const after = files({ 'a.mjs': 'two\n', 'b.mjs': 'same\n', 'new.mjs': 'y\n' });
  expect(changesOfTool(before, after)).toEqual([
    ...['--- a/a.mjs', '+++ b/a.mjs', '@@ -1,1 +1,1 @@', '-one', '+two'],
    ...['--- a/gone.mjs', '+++ /dev/null', '@@ -1,1 +0,0 @@', '-x'],
    ...['--- /dev/null', '+++ b/new.mjs', '@@ -0,0 +1,1 @@', '+y'],
  ]);
});

test('the first version is all new, also a file without anything in it', () => {
  expect(changesOfTool(undefined, files({ 'a.mjs': 'one\n', empty: '' }))).toEqual([
    ...['--- /dev/null', '+++ b/a.mjs', '@@ -0,0 +1,1 @@', '+one'],
    ...['--- /dev/null', '+++ b/empty'],
  ]);
});

test('no change goes untold: neither of what is no text nor of the end of a last line', () => {
  const bytes = Uint8Array.from([0xff, 0x00]);
  const more = Uint8Array.from([0xff, 0x00, 0x01]);
  expect(changesOfTool(files({ a: bytes }), files({ a: bytes }))).toEqual([]);
  expect(changesOfTool(files({ a: bytes }), files({ a: more })).at(-1)).toBe('(no text: 2 -> 3 bytes)');
  expect(changesOfTool(files({ a: 'x' }), files({ a: 'x\n' })).at(-1)).toBe('(differs in the end of its last line)');
});

test('what a terminal would obey or hide stands there as what it is', () => {
  const after = files({ a: 'x\u202ey\u001b[2J\r\n' });
  expect(changesOfTool(undefined, after).at(-1)).toBe('+x\\u{202e}y\\u{1b}[2J\\u{d}');
});

test('files are told by their length', () => {
  expect(filesInBrief(files({ 'tool.json': '{}\n', 'a.bin': Uint8Array.from([0xff]) }))).toEqual([
    '  a.bin: no text, 1 byte',
    '  tool.json: 1 line, 3 bytes',
  ]);
});

test('a long change is cut, and says how much is missing', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `+${index}`);
  expect(inBrief(lines.slice(0, 50))).toEqual(lines.slice(0, 50));
  expect(inBrief(lines).slice(-2)).toEqual(['+49', '… and 10 more lines']);
  expect(inBrief(['x'.repeat(10_000)])).toEqual(['… and 1 more line']);
});
