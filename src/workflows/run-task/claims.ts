import type { TaskId } from '../../domain/identifiers.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { HeldLease } from '../../store/store.ts';
import type { RunTaskNeeds } from './needs.ts';

/**
 * The tasks that this process drives. A lease names a process, so this belongs to the process and not to a system inside
 * it: a lease of ours without a claim is one that we could not give back, because the database was away just then.
 */
const claimed = new Set<TaskId>();

/** Makes the caller the only one in this process who may drive the task; undefined when somebody is that already. */
export function claim(taskId: TaskId): { giveUp(): void } | undefined {
  if (claimed.has(taskId)) return undefined;
  claimed.add(taskId);
  return { giveUp: () => void claimed.delete(taskId) };
}

/** Whether somebody still drives the task under this lease; undefined when its holder cannot be looked at from here. */
export function isDriving(
  { taskId, holder }: HeldLease,
  { self, isAlive }: Pick<RunTaskNeeds, 'self' | 'isAlive'>,
): boolean | undefined {
  return isSame(holder, self) ? claimed.has(taskId) : isAlive(holder);
}

/** The same for whoever needs an answer: a lease that cannot be looked at from here counts while its time lasts. */
export function isDriven(lease: HeldLease | undefined, needs: Pick<RunTaskNeeds, 'self' | 'isAlive'>): boolean {
  return lease !== undefined && (isDriving(lease, needs) ?? !lease.expired);
}

/** Whether it is a lease of this very process. */
export function isOurs({ holder }: HeldLease, { self }: Pick<RunTaskNeeds, 'self'>): boolean {
  return isSame(holder, self);
}

function isSame(one: LeaseHolder, other: LeaseHolder): boolean {
  return one.pid === other.pid && one.startedAt === other.startedAt && one.namespace === other.namespace;
}
