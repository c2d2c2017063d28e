/** What a person reads while a run waits for the model API, a line each. */

export function retryNotice(reason: string, waitMs: number, attempt: number): string {
  return `model API: ${reason}, next try in ${seconds(waitMs)}, try ${attempt}`;
}

export function pausedNotice(waitMs: number): string {
  return `model API: rate limited (429), requests are held for ${seconds(waitMs)}`;
}

export function heldNotice(reason: string | undefined, failures: number, everyMs: number): string {
  const why = [reason, `${failures} times`].filter((part) => part !== undefined).join(', ');
  return `model API does not answer (${why}): requests are held, trying again every ${seconds(everyMs)}`;
}

export const backNotice = 'model API answers again';

export const storeNotice = 'the database does not answer: requests are held until it does';

function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} s`;
}
