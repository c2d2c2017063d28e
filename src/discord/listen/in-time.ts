import { setTimeout as delay } from 'node:timers/promises';

/** Discord takes a first answer for three seconds, and the way there takes some of them. */
const firstAnswerWithinMs = 1_500;

/**
 * What work comes to. When it takes long, as with a database that is away, Discord is told first that the answer comes later;
 * a dialog cannot be opened any more then.
 *
 * @param acknowledge called at most once, and never after the work is done
 */
export async function inTime<Result>(
  work: Promise<Result>,
  acknowledge: () => Promise<unknown>,
  withinMs = firstAnswerWithinMs,
): Promise<Result> {
  const done = new AbortController();
  const late = delay(withinMs, true, { signal: done.signal }).catch(() => false); // The work was faster.
  try {
    if (await Promise.race([late, work.then(() => false)])) await acknowledge();
    return await work;
  } finally {
    done.abort();
  }
}
