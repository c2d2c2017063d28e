import type { Config } from '../config/config.ts';
import type { Check } from '../domain/check.ts';
import type { Store } from '../store/store.ts';

const dayMs = 86_400_000;
const megabyte = 1024 * 1024;

/** What is kept, how much room it takes, and what could be deleted. */
export async function retentionCheck({ retention }: Config, store: Store): Promise<Check> {
  const name = 'Retention';
  const { days, megabytes } = retention;
  const { bytes, prunableTasks } = await store.upkeep.size({ olderThan: new Date(Date.now() - days * dayMs) });
  const size = Math.round(bytes / megabyte);
  const found = `${days} days; the database takes ${size} MB, ${prunableTasks} tasks are older`;
  if (size <= megabytes) return { name, status: 'ok', found };
  return { name, status: 'warning', found, cure: 'Delete what is older: spiral prune' };
}

/** What may be spent, and what was. */
export async function budgetCheck({ budget }: Config, store: Store): Promise<Check> {
  const name = 'Budget';
  const { all, night, task } = budget.limits;
  const { granted, spent } = await store.budgets.standing('all');
  const usd = (value: number | undefined) => (value === undefined ? 'no limit' : `$${value.toFixed(2)}`);
  const limit = all.usd === undefined ? undefined : all.usd + (granted.usd ?? 0);
  const found = `${usd(task.usd)} a task, ${usd(night.usd)} a night, ${usd(limit)} in all; ${usd(spent.usd ?? 0)} used`;
  if (all.usd !== undefined || task.usd !== undefined) return { name, status: 'ok', found };
  return { name, status: 'warning', found, cure: 'Set [budget.task] usd or [budget.all] usd in config.toml.' };
}
