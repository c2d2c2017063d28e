import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Shortage } from '../../domain/budget.ts';
import type { News } from '../../domain/event.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { Answer, AnsweredBy, Choice, Question } from '../../domain/question.ts';
import type { Task } from '../../domain/task.ts';
import type { ResumedState, TaskState } from '../../domain/task-state.ts';
import type { PromptMove } from '../budgets.ts';
import { type KeyedNews, NothingToMove, type QuestionStore, type Writer } from '../store.ts';
import { answeredState, wordsOf } from './answered-state.ts';
import { answerEscalation } from './conversations/escalations.ts';
import type { Database, Statements } from './database.ts';
import { record } from './events.ts';
import { give } from './grants.ts';
import { movePrompts } from './moves.ts';
import { promptsOf } from './rounds.ts';
import { questions } from './schema/questions.ts';
import { tasks } from './schema.ts';
import { storableText } from './storable.ts';
import { dateTime } from './times.ts';
import { holdTask, saveState } from './writing.ts';

const mostFound = 10;

const questionColumns = {
  id: questions.id,
  taskId: questions.taskId,
  kind: questions.kind,
  text: questions.text,
  shortage: questions.shortage,
  choices: questions.choices,
  suggestions: questions.suggestions,
  conversationId: questions.conversationId,
  askedAt: dateTime(questions.askedAt),
} as const;

export function questionsIn(database: Database): QuestionStore {
  return {
    async open() {
      const rows = await database.query((statements) =>
        statements
          .select(questionColumns)
          .from(questions)
          .innerJoin(tasks, eq(tasks.id, questions.taskId))
          .where(and(isNull(questions.answeredAt), isNull(tasks.finishedAt)))
          .orderBy(asc(questions.askedAt), asc(questions.id)),
      );
      return rows.map(questionOf);
    },
    async find(idPrefix) {
      const rows = await database.query((statements) =>
        statements
          .select({ ...questionColumns, answered: sql<boolean>`answered_at is not null` })
          .from(questions)
          .where(sql`starts_with(${questions.id}, ${storableText(idPrefix)})`)
          .orderBy(asc(questions.askedAt), asc(questions.id))
          .limit(mostFound),
      );
      return rows.map(({ answered, ...row }) => ({ ...questionOf(row), answered }));
    },
    answer: (id, answer, by, move) =>
      database.transaction((statements) => answerQuestion(statements, id, answer, by, move)),
  };
}

/** See `TaskStore.ask`. Asked again under the same id, nothing changes: it may have been answered since. */
export async function ask(
  database: Database,
  writer: Writer,
  question: Omit<Question, 'askedAt'>,
  resume: ResumedState,
  news: readonly KeyedNews[],
): Promise<Task> {
  return database.transaction(async (statements) => {
    const current = await holdTask(statements, writer);
    const asked = await statements
      .insert(questions)
      .values({
        ...question,
        choices: question.choices ? [...question.choices] : null,
        suggestions: question.suggestions ? [...question.suggestions] : null,
      })
      .onConflictDoNothing()
      .returning({ id: questions.id });
    if (asked.length === 0) return current;
    const wait = { kind: 'answer', questionId: question.id } as const;
    const task = await saveState(statements, writer, { kind: 'waiting', for: wait, resume });
    await record(statements, news);
    return task;
  });
}

/** See `QuestionStore.answer`. Whoever locks the row of the task first decides; a finished task is never touched. */
export async function answerQuestion(
  statements: Statements,
  id: string,
  answer: Answer,
  by: AnsweredBy,
  move?: PromptMove,
): Promise<boolean> {
  const asking = await lockTaskOf(statements, id);
  if (!asking) return false;
  const { state, conversationId } = asking;
  const followed = conversationId === null ? [] : await answerEscalation(statements, conversationId, id, answer);
  if (!followed) return false;
  const [question] = await statements
    .update(questions)
    .set({ answeredAt: sql`clock_timestamp()`, answer, answeredBy: by })
    .where(and(eq(questions.id, id), isNull(questions.answeredAt)))
    .returning(questionColumns);
  if (!question) return false;

  const { taskId, shortage } = question;
  const words = wordsOf(answer, shortage);
  const news: News[] = [{ type: 'question.answered', taskId, questionId: id, answer: words, by }, ...followed];
  if (answer.kind === 'granted' && shortage) {
    const grant = { scope: shortage.scope, measure: shortage.measure, amount: answer.amount };
    await give(statements, taskId, grant);
    news.push({ type: 'budget.granted', taskId, ...grant, by });
  }
  // A move tells of itself, and news is told last of all: whoever has its lock waits for no row.
  const resumed = await resumeProject(statements, taskId, id, words);
  if (answer.kind === 'moved' && !(move && (await movePrompts(statements, taskId, move, by))))
    throw new NothingToMove();
  if (isWaitingFor(state, id)) {
    const next = conversationId === null ? answeredState(state.resume, answer, shortage) : state.resume;
    await statements
      .update(tasks)
      .set({ state: next, ...(await promptsAllowedBy(statements, taskId, answer)) })
      .where(eq(tasks.id, taskId));
    news.push(...decisionNews(taskId, state.resume, answer));
    if (next.kind !== 'ended') news.push({ type: 'task.resumed', taskId, reason: words });
  }
  news.push(...resumed);
  await record(
    statements,
    news.map((item) => ({ news: item })),
  );
  return true;
}

/** A project waits together with the task of it that asked. Whatever was answered, it goes on and sees what became of that. */
async function resumeProject(
  statements: Statements,
  taskId: TaskId,
  questionId: string,
  words: string,
): Promise<News[]> {
  const owner = statements.select({ id: tasks.project }).from(tasks).where(eq(tasks.id, taskId));
  const [project] = await statements
    .select({ id: tasks.id, state: tasks.state })
    .from(tasks)
    .where(and(eq(tasks.id, owner), isNull(tasks.finishedAt)))
    .for('update');
  if (!project || !isWaitingFor(project.state, questionId)) return [];
  await statements.update(tasks).set({ state: project.state.resume }).where(eq(tasks.id, project.id));
  return [{ type: 'task.resumed', taskId: project.id, reason: words }];
}

function isWaitingFor(state: TaskState, questionId: string): state is TaskState & { readonly kind: 'waiting' } {
  return state.kind === 'waiting' && state.for.kind === 'answer' && state.for.questionId === questionId;
}

/** Where the task of a question stands, kept so until the transaction ends; undefined when it is finished. */
async function lockTaskOf(
  statements: Statements,
  questionId: string,
): Promise<{ readonly state: TaskState; readonly conversationId: ConversationId | null } | undefined> {
  const asking = statements.select({ taskId: questions.taskId }).from(questions).where(eq(questions.id, questionId));
  const [row] = await statements
    .select({
      state: tasks.state,
      finishedAt: tasks.finishedAt,
      conversationId: sql<ConversationId | null>`(
        select conversation_id from spiral.questions where questions.id = ${questionId}
      )`,
    })
    .from(tasks)
    .where(eq(tasks.id, asking))
    .for('update');
  return row && row.finishedAt === null ? row : undefined;
}

/** An approval says what the work on the tool may use from now on. */
async function promptsAllowedBy(
  statements: Statements,
  taskId: TaskId,
  answer: Answer,
): Promise<{ readonly promptLimit?: number }> {
  if (answer.kind !== 'decided' || answer.decision.kind !== 'approve') return {};
  return { promptLimit: (await promptsOf(statements, taskId)) + answer.decision.maxPrompts };
}

function decisionNews(taskId: TaskId, resume: ResumedState, answer: Answer): News[] {
  if (answer.kind !== 'decided' || resume.kind !== 'tooling') return [];
  const { requestId } = resume.build;
  return [{ type: 'tool-request.decided', taskId, requestId, decision: answer.decision }];
}

type QuestionRow = Omit<Question, 'shortage' | 'choices' | 'suggestions' | 'conversationId'> & {
  readonly conversationId: ConversationId | null;
  readonly shortage: Shortage | null;
  readonly choices: readonly Choice[] | null;
  readonly suggestions: readonly string[] | null;
};

function questionOf({ shortage, choices, suggestions, conversationId, ...row }: QuestionRow): Question {
  return {
    ...row,
    ...(shortage === null ? {} : { shortage }),
    ...(choices === null ? {} : { choices }),
    ...(suggestions === null ? {} : { suggestions }),
    ...(conversationId === null ? {} : { conversationId }),
  };
}
