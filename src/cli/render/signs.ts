import type { TestCounts } from '../../domain/test-run.ts';
import { oneLine } from '../plain-text.ts';

/** How wide a line of somebody else's text may be. */
export const width = 110;

export function mark(good: boolean): string {
  return good ? '✅' : '❌';
}

export function counts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Why a command failed: the first line that it printed, unless that is only the heading of a report. */
export function failureOf({ error, exitCode }: { readonly error?: string; readonly exitCode: number | null }): string {
  if (error !== undefined && !error.startsWith('TAP version')) return oneLine(error, 60);
  return exitCode === null ? 'did not end by itself' : `exit code ${exitCode}`;
}
