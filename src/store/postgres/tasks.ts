import { and, asc, desc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { TaskId } from '../../domain/identifiers.ts';
import type { OutputPiece, TaskStore, TaskSummary } from '../store.ts';
import type { Database, Statements } from './database.ts';
import { answerOf, outcomeOf, record } from './events.ts';
import { lease, occupy, release, renew } from './leases.ts';
import { ask } from './questions.ts';
import { reword } from './rewording.ts';
import { beginRound } from './rounds.ts';
import { output, tasks } from './schema.ts';
import { storableText } from './storable.ts';
import { summaryColumns, summaryOf, taskColumns, taskOf } from './task-rows.ts';
import { holdRow, saveState } from './writing.ts';

const mostFound = 10;
// A statement has at most 65,535 parameters.
const rowsPerStatement = 5_000;

/** A task, and the tasks of it when it is a project. */
function ofTask(id: TaskId): SQL | undefined {
  return or(eq(tasks.id, id), eq(tasks.project, id));
}

/** A project is kept in every state that a task has once it became one. */
const isProject = sql`(state ? 'project' or state -> 'resume' ? 'project')`;

export function tasksIn(database: Database): TaskStore {
  const summaries = async (where: SQL | undefined, order: SQL[], limit?: number): Promise<TaskSummary[]> => {
    const rows = await database.query((statements) => {
      const query = statements
        .select(summaryColumns)
        .from(tasks)
        .where(where)
        .orderBy(...order)
        .$dynamic();
      return limit === undefined ? query : query.limit(limit);
    });
    return rows.map(summaryOf);
  };
  const newestFirst = [desc(tasks.createdAt), desc(tasks.id)];
  const oldestFirst = [asc(tasks.createdAt), asc(tasks.id)];

  return {
    async create(task, accepted) {
      return database.transaction(async (statements) => {
        const [row] = await statements
          .insert(tasks)
          .values({ ...task, state: { kind: 'accepted' } })
          .returning(taskColumns);
        await record(statements, [{ news: accepted }]);
        return taskOf(returned(row));
      });
    },
    async createOnce(task, news, requestKey) {
      return database.transaction(async (statements) => {
        const rows = await statements
          .insert(tasks)
          .values({ ...task, state: { kind: 'accepted' }, ...(requestKey === undefined ? {} : { requestKey }) })
          .onConflictDoNothing()
          .returning({ id: tasks.id });
        if (rows.length === 0) return false;
        await record(
          statements,
          news.map((one) => ({ news: one })),
        );
        return true;
      });
    },
    async get(id) {
      const [task] = await summaries(eq(tasks.id, id), []);
      return task;
    },
    async ofRequest(requestKey) {
      const [task] = await summaries(eq(tasks.requestKey, requestKey), []);
      return task;
    },
    reword: (id, text) => database.transaction((statements) => reword(statements, id, text)),
    async find(idPrefix) {
      return summaries(sql`starts_with(${tasks.id}, ${storableText(idPrefix)})`, newestFirst, mostFound);
    },
    async list(limit) {
      return summaries(undefined, newestFirst, limit);
    },
    async unfinished(machine) {
      return summaries(and(eq(tasks.machine, machine), isNull(tasks.finishedAt)), oldestFirst);
    },
    lease: (id, holder, seconds) => lease(database, id, holder, seconds),
    occupy: (writer) => occupy(database, writer),
    release: (writer) => release(database, writer),
    renew: (writer, seconds) => renew(database, writer, seconds),
    async advance(writer, state, news) {
      return database.transaction(async (statements) => {
        const task = await saveState(statements, writer, state);
        await record(statements, news);
        return task;
      });
    },
    beginRound: (writer, state, news, limits) => beginRound(database, writer, state, news, limits),
    ask: (writer, question, resume, news) => ask(database, writer, question, resume, news),
    async append(writer, news, pieces = []) {
      await database.transaction(async (statements) => {
        await holdRow(statements, writer);
        await keep(statements, writer.taskId, pieces);
        await record(statements, news);
      });
    },
    outcome: (id) => outcomeOf(database, id),
    answer: (id) => answerOf(database, id),
    async output(id) {
      return database.query((statements) =>
        statements
          .select({ round: output.round, key: output.key, kind: output.kind, title: output.title, text: output.text })
          .from(output)
          .where(eq(output.taskId, id))
          .orderBy(asc(output.number)),
      );
    },
    assign: (writer, state, task, news) =>
      database.transaction(async (statements) => {
        const saved = await saveState(statements, writer, state);
        await statements.insert(tasks).values({ ...task, state: { kind: 'accepted' } });
        await record(statements, news);
        return saved;
      }),
    async requestCancel(id) {
      const rows = await database.query((statements) =>
        statements
          .update(tasks)
          .set({ cancelRequested: true })
          .where(and(ofTask(id), isNull(tasks.finishedAt)))
          .returning({ id: tasks.id }),
      );
      return rows.some((row) => row.id === id);
    },
    async hold(id, isHeld) {
      return database.transaction(async (statements) => {
        const rows = await statements
          .update(tasks)
          .set({ isHeld })
          .where(and(ofTask(id), isNull(tasks.finishedAt), eq(tasks.isHeld, !isHeld)))
          .returning({ id: tasks.id });
        if (!rows.some((row) => row.id === id)) return false;
        const reason = isHeld ? 'a person holds it' : 'a person lets it go on';
        await record(statements, [{ news: { type: isHeld ? 'task.waiting' : 'task.resumed', taskId: id, reason } }]);
        return true;
      });
    },
    async ofProject(id) {
      return summaries(eq(tasks.project, id), oldestFirst);
    },
    async projects(limit) {
      return summaries(isProject, newestFirst, limit);
    },
    async workspacesBelow(folder) {
      const rows = await database.query((statements) =>
        statements
          .selectDistinct({ workspace: tasks.workspace })
          .from(tasks)
          .where(sql`starts_with(${tasks.workspace}, ${storableText(`${folder}/`)})`),
      );
      return rows.map(({ workspace }) => workspace);
    },
    async worktrees() {
      return summaries(and(isNotNull(tasks.repository), isNull(tasks.releasedAt)), oldestFirst);
    },
    async releaseWorktree(id) {
      const rows = await database.query((statements) =>
        statements
          .update(tasks)
          .set({ releasedAt: sql`clock_timestamp()` })
          .where(and(ofTask(id), isNotNull(tasks.repository), isNull(tasks.releasedAt)))
          .returning({ id: tasks.id }),
      );
      return rows.length > 0;
    },
  };
}

async function keep(statements: Statements, taskId: TaskId, pieces: readonly OutputPiece[]): Promise<void> {
  for (let from = 0; from < pieces.length; from += rowsPerStatement) {
    const rows = pieces.slice(from, from + rowsPerStatement).map((piece) => ({ ...piece, taskId }));
    await statements.insert(output).values(rows).onConflictDoNothing();
  }
}

function returned<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('the server returned no row for what it saved');
  return row;
}
