import { StoreError } from '../../store.ts';

/** The error of a server of our own that cannot be had; its cure names the way that always works. */
export function unavailable(message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}): StoreError {
  const cure =
    'Set DATABASE_URL to a PostgreSQL server (14 or newer), like postgres://user:password@localhost:5432/spiral.';
  return new StoreError('embedded-unavailable', message, hint === undefined ? cure : `${hint} Or: ${cure}`, { cause });
}

/** The first line that says what went wrong, of what a program printed. */
export function complaint(printed: string): string {
  const lines = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const full = lines.some((line) => /No space left on device|Disk quota exceeded/.test(line));
  if (full) return 'the disk is full';
  // Whom a server turns away while it starts is no trouble of its own.
  const isTelling = (line: string) =>
    /\b(FATAL|PANIC):/.test(line) && !/database system is|terminating connection/.test(line);
  const telling = lines.findLast(isTelling) ?? lines.find((line) => /error|fail/i.test(line));
  return (telling ?? lines.at(-1) ?? 'it said nothing').replace(/^.*\b(?:FATAL|PANIC):\s*/, '');
}
