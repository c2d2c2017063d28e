import { laterExamples, momentFrom } from '../domain/later.ts';
import { UsageError } from './usage-error.ts';

/** A moment to come: in so much time (`90m`, `12h`, `2d`, `1w`), or a day or a moment in ISO 8601. Throws `UsageError`. */
export function laterFrom(option: string, value: string, now: Date): Date {
  const at = momentFrom(value, now);
  if (at instanceof Date) return at;
  throw laterProblem(option, value, at);
}

/** Why a value says no moment to come. */
export function laterProblem(option: string, value: string, why: 'over' | 'unclear'): UsageError {
  return new UsageError(
    `${option} is “${value}”${why === 'over' ? ', which is over' : ''}.`,
    `Give for example ${laterExamples}.`,
  );
}
