import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capturedOutput } from './captured-output.ts';

function captured(limit: number, ...chunks: readonly (string | Buffer)[]): string {
  const output = capturedOutput(limit);
  for (const chunk of chunks) output.add(Buffer.from(chunk));
  return output.text();
}

test('what is within the limit is given back whole', () => {
  expect(captured(10)).toBe('');
  expect(captured(10, 'abcde', 'fghij')).toBe('abcdefghij');
});

test('the middle is left out and counted', () => {
  expect(captured(10, 'abcdefghijklmnop')).toBe('abcde\n… 6 bytes left out …\nlmnop');
  expect(captured(10, ...'abcdefghijklmnop')).toBe('abcde\n… 6 bytes left out …\nlmnop');
});

test('a character that lies across the two halves stays whole', () => {
  expect(captured(10, 'abcdéfgh')).toBe('abcdéfgh');
});

test('a character that is cut by the gap is left out with it', () => {
  expect(captured(10, 'abcd€-----------€ijkl')).toBe('abcd\n… 17 bytes left out …\nijkl');
});

test('how the output was cut into chunks makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 30 })),
      fc.integer({ min: 2, max: 60 }),
      (parts, limit) => {
        const whole = parts.join('');
        expect(captured(limit, ...parts)).toBe(captured(limit, whole));
        if (Buffer.byteLength(whole) <= 2 * Math.floor(limit / 2)) expect(captured(limit, whole)).toBe(whole);
        expect(captured(limit, whole)).not.toContain('\uFFFD'.repeat(2));
      },
    ),
    { numRuns: 40 },
  );
});

test('a flood of small chunks is taken in without copying what is kept', () => {
  const output = capturedOutput(8_000_000);
  const chunk = Buffer.alloc(100, 'x');
  // Copying four megabytes for each chunk would take minutes and so run out of time.
  for (let index = 0; index < 200_000; index += 1) output.add(chunk);
  expect(output.text().length).toBeLessThan(8_001_000);
});
