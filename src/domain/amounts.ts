const smallestShown = 0.01;

/** USD as a person reads them: cents, and more places of what is less than one. */
export function money(usd: number): string {
  return `$${usd < smallestShown && usd > 0 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

/** `1 task`, `2 tasks`, `1,000 processes`. */
export function counted(count: number, noun: string, plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** As exact as a person needs it: `1.2 s`, `1 min 23 s`, `3 h 20 min`, `2 d 7 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.5) return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
