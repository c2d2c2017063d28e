import { expect, test } from 'vitest';
import { takenFrom } from './attachments.ts';

const megabyte = 1024 * 1024;
const file = (name: string, bytes = 1_000) => ({ name, bytes });

test.each([
  'notes.md',
  'Main.RS',
  'data.csv',
  'shot.PNG',
  'paper.pdf',
  'all.zip',
  'Dockerfile',
  '.gitignore',
  'a.b.ts',
])('%s is taken', (name) => expect(takenFrom([file(name)])).toEqual({ taken: [file(name)], refused: [] }));

test.each(['run.exe', 'x.pdf.exe', 'lib.so', 'a.dll', 'a.bat', 'a.scr', 'a.sh', 'disk.iso', 'noending', 'dot.', 'exe'])(
  '%s is not taken, in one line',
  (name) => {
    const { taken, refused } = takenFrom([file(name)]);
    expect(taken).toEqual([]);
    expect(refused).toEqual([expect.stringMatching(/^[^\n]+was not taken: [^\n]+\.$/)]);
  },
);

test('ten files are taken, each up to 8 MB, together up to 20 MB', () => {
  const many = Array.from({ length: 12 }, (_, index) => file(`${index}.txt`));
  expect(takenFrom(many).taken).toHaveLength(10);
  expect(takenFrom(many).refused).toEqual(['10.txt was not taken: 10 files are taken at once.', expect.any(String)]);
  expect(takenFrom([file('a.txt', 8 * megabyte + 1)]).refused[0]).toContain('larger than 8 MB');
  const heavy = [file('a.txt', 8 * megabyte), file('b.txt', 8 * megabyte), file('c.txt', 5 * megabyte), file('d.txt')];
  expect(takenFrom(heavy).taken.map(({ name }) => name)).toEqual(['a.txt', 'b.txt', 'd.txt']);
  expect(takenFrom(heavy).refused[0]).toContain('20 MB');
});

test('a name says nothing but itself in the answer', () => {
  const [line = ''] = takenFrom([file('@everyone `<@1>`\n# \u202Ebig.exe')]).refused;
  expect(line).not.toMatch(/[@<>`#\n\u202E]/);
  expect(takenFrom([file(`${'a'.repeat(300)}.exe`)]).refused[0]?.length).toBeLessThan(250);
});
