/** What `within` throws when the time is over. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
    this.milliseconds = milliseconds;
  }
}

/**
 * The result of `work`, or `TooSlow` once `milliseconds` are over. The work itself goes on; a later failure of it is
 * nobody's any more.
 */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether `work` is over (well or badly) before `milliseconds` are. */
export async function settles(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  try {
    await within(milliseconds, work);
    return true;
  } catch (error) {
    return !(error instanceof TooSlow);
  }
}
