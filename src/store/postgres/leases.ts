import { and, asc, eq, isNotNull, ne, type SQL, sql } from 'drizzle-orm';
import type { TaskId } from '../../domain/identifiers.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import { type Lease, LeaseLost, type Occupation, type Writer } from '../store.ts';
import { type Database, lockUntilCommit } from './database.ts';
import { overlaps } from './overlap.ts';
import { tasks } from './schema.ts';
import { heldLease, leaseExpired, taskColumns, taskOf } from './task-rows.ts';

/** What a task without a lease has in its row. */
export const free = { leaseHolder: null, leaseUntil: null, occupies: false } as const;

const leaseColumns = {
  taskId: tasks.id,
  holder: tasks.leaseHolder,
  attempt: tasks.attempt,
  expired: leaseExpired(),
} as const;

/** See `TaskStore.lease`. Throws when there is no such task. */
export async function lease(database: Database, id: TaskId, holder: LeaseHolder, seconds: number): Promise<Lease> {
  return database.transaction(async (statements) => {
    const found = { ...leaseColumns, finishedAt: tasks.finishedAt };
    const [row] = await statements.select(found).from(tasks).where(eq(tasks.id, id)).for('update');
    if (!row) throw new Error(`there is no task ${id}`);
    const { finishedAt, ...current } = row;
    if (finishedAt) return { kind: 'finished' };
    const other = heldLease(current);
    if (other) return { kind: 'held', lease: other };
    const [taken] = await statements
      .update(tasks)
      .set({ ...free, leaseHolder: holder, leaseUntil: after(seconds), attempt: sql`attempt + 1` })
      .where(eq(tasks.id, id))
      .returning(taskColumns);
    if (!taken) throw new Error(`the row of task ${id} was locked and is gone`);
    return { kind: 'leased', attempt: taken.attempt, task: taskOf(taken) };
  });
}

/** See `TaskStore.occupy`. */
export async function occupy(database: Database, writer: Writer): Promise<Occupation> {
  return database.transaction(async (statements) => {
    // Two tasks of one workspace are two rows: only a lock above both lets one of two callers win.
    await lockUntilCommit(statements, 'workspaces');
    const [mine] = await statements
      .select({ machine: tasks.machine, workspace: tasks.workspace, project: tasks.project })
      .from(tasks)
      .where(leasedTo(writer))
      .for('update');
    if (!mine) throw new LeaseLost(writer.taskId);
    // A project keeps its workspace while its phases are worked on there.
    const others = await statements
      .select({ ...leaseColumns, workspace: tasks.workspace })
      .from(tasks)
      .where(
        and(
          eq(tasks.machine, mine.machine),
          eq(tasks.occupies, true),
          ne(tasks.id, writer.taskId),
          mine.project === null ? undefined : ne(tasks.id, mine.project),
        ),
      )
      .orderBy(asc(tasks.createdAt), asc(tasks.id));
    const blocking = others.find((other) => overlaps(other.workspace, mine.workspace));
    const other = blocking && heldLease(blocking);
    if (other) return { kind: 'busy', workspace: blocking.workspace, lease: other };
    await statements.update(tasks).set({ occupies: true }).where(eq(tasks.id, writer.taskId));
    return { kind: 'occupied' };
  });
}

/** See `TaskStore.release`. */
export async function release(database: Database, writer: Writer): Promise<boolean> {
  const rows = await database.query((statements) =>
    statements.update(tasks).set(free).where(leasedTo(writer)).returning({ id: tasks.id }),
  );
  return rows.length > 0;
}

/** See `TaskStore.renew`. An expired lease that nobody has ended is kept. */
export async function renew(
  database: Database,
  writer: Writer,
  seconds: number,
): Promise<{ kept: boolean; cancelRequested: boolean; isHeld: boolean }> {
  const heard = { cancelRequested: tasks.cancelRequested, isHeld: tasks.isHeld };
  return database.query(async (statements) => {
    const [kept] = await statements
      .update(tasks)
      .set({ leaseUntil: after(seconds) })
      .where(leasedTo(writer))
      .returning(heard);
    if (kept) return { kept: true, ...kept };
    const [lost] = await statements.select(heard).from(tasks).where(eq(tasks.id, writer.taskId));
    return { kept: false, cancelRequested: false, isHeld: false, ...lost };
  });
}

function leasedTo({ taskId, attempt }: Writer): SQL | undefined {
  return and(eq(tasks.id, taskId), eq(tasks.attempt, attempt), isNotNull(tasks.leaseHolder));
}

function after(seconds: number): SQL {
  return sql`clock_timestamp() + make_interval(secs => ${seconds})`;
}
