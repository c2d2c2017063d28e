import { counted } from '../../domain/amounts.ts';
import type { Stopped } from '../../spiral.ts';

/** `spiral stop`: what was ended. */
export function stoppedLine({ tasks, processes, left }: Stopped): string {
  if (tasks.length + processes + left === 0) return 'ℹ️  Nothing was running.';
  return `🛑 Stopped ${counted(tasks.length, 'task')}, ${counted(processes, 'process')} ended.`;
}

/**
 * What could not be done.
 *
 * @param asked what was typed behind `spiral stop`
 */
export function stoppedWarnings({ left, recorded }: Stopped, asked: string): string[] {
  return [
    ...(left > 0 ? [`❌ ${counted(left, 'process')} could not be ended. Try again: spiral stop ${asked}`] : []),
    ...(recorded
      ? []
      : [
          '⚠️  The database could not be told: the next Spiral process that reaches it may take the work up again.',
          `   Once the database answers: spiral stop ${asked}`,
        ]),
  ];
}
