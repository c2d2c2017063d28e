import type { TaskStatus } from '../domain/outcome.ts';

/** The exit codes of the command line; scripts rely on them. */
export const exitCodes = {
  succeeded: 0,
  failed: 1,
  usage: 2,
  /** A question is open; the work goes on when somebody answers it. */
  waiting: 3,
  outOfBudget: 4,
  timedOut: 124,
  cancelled: 130,
} as const;

export function exitCodeOf(status: TaskStatus): number {
  switch (status) {
    case 'succeeded':
      return exitCodes.succeeded;
    case 'failed':
      return exitCodes.failed;
    case 'out-of-budget':
      return exitCodes.outOfBudget;
    case 'timed-out':
      return exitCodes.timedOut;
    case 'cancelled':
      return exitCodes.cancelled;
  }
}
