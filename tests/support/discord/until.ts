/** Waiting for a condition: looked at after every change of the world, so that no test sleeps. */
import { wholeTranscript } from './transcript.ts';
import type { World } from './world.ts';

const patienceMs = 10_000;

/** A promise is true before it is kept. */
type NoPromise<Value> = Value extends PromiseLike<unknown> ? never : Value;

/** The first answer of `condition` that is not false, null or undefined; throws with all that was said when time is up. */
export type Until = <Value>(
  condition: () => NoPromise<Value> | false | null | undefined,
  options?: { readonly timeoutMs?: number; readonly what?: string },
) => Promise<Value>;

export function untilIn(world: World): Until {
  return (condition, { timeoutMs = patienceMs, what = String(condition) } = {}) =>
    new Promise((resolve, reject) => {
      const end = (act: () => void) => {
        clearTimeout(timer);
        forget();
        act();
      };
      const look = () => {
        try {
          const value = condition();
          if (value !== false && value !== null && value !== undefined) end(() => resolve(value));
        } catch (error) {
          end(() => reject(error));
        }
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`Waited ${timeoutMs} ms in vain for: ${what}\n\n${wholeTranscript(world)}`))),
        timeoutMs,
      );
      const forget = world.onChange(look);
      look();
    });
}
