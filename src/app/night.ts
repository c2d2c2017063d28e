import type { Night } from '../domain/task.ts';

const noon = 12;

/**
 * The night that work belongs to which is given now: named by the day of its evening, over at the next `deadline`.
 *
 * @param deadline `HH:MM`, local time
 */
export function nightAt(now: Date, deadline: string): Night {
  const evening = new Date(now);
  if (now.getHours() < noon) evening.setDate(evening.getDate() - 1);
  const [hours = 0, minutes = 0] = deadline.split(':').map(Number);
  const end = new Date(now);
  end.setHours(hours, minutes, 0, 0);
  if (end <= now) end.setDate(end.getDate() + 1);
  return { name: dayOf(evening), deadline: end.toISOString() };
}

/** The local day, `YYYY-MM-DD`. */
function dayOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
