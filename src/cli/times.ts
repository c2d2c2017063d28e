const dayMs = 24 * 60 * 60_000;
const secondsUpTo = 120;

/** `no output for 34 s`: how long nothing was heard of work that goes on. */
export function noOutputFor(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `no output for ${seconds <= secondsUpTo ? `${seconds} s` : `${Math.floor(seconds / 60)} min`}`;
}

/** A moment in the time of whoever reads it: `03:20`, or `2026-11-23 03:20` when that is more than a day away. */
export function localTime(at: Date, now: number): string {
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isNear = Math.abs(at.getTime() - now) < dayMs;
  return isNear ? clock : `${localDay(at)} ${clock}`;
}

/** A moment with its day: `2026-11-23 03:20`. */
export function localDayAndTime(at: Date): string {
  return `${localDay(at)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function localDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
