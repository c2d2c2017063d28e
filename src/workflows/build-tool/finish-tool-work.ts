import type { Ending, TaskOutcome } from '../../domain/outcome.ts';
import type { Task } from '../../domain/task.ts';
import type { Writer } from '../../store/store.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';

/** Saves the end of the work on a tool, with what the attempts at it came to. */
export async function finishToolWork(
  task: Task,
  ending: Ending,
  own: TaskOutcome,
  { store }: Pick<RunTaskNeeds, 'store'>,
  writer: Writer,
): Promise<Task> {
  const attempts = await store.tasks.ofProject(task.id);
  const outcomes = (await Promise.all(attempts.map(({ id }) => store.tasks.outcome(id)))).filter(
    (outcome) => outcome !== undefined,
  );
  const last = outcomes.at(-1);
  const outcome: TaskOutcome = {
    ...own,
    commands: outcomes.flatMap(({ commands }) => commands),
    tests: last?.tests ?? null,
    costUsd: sum([own.costUsd, ...attempts.map(({ costUsd }) => costUsd)]),
    promptsUsed: sum([own.promptsUsed, ...attempts.map(({ promptsUsed }) => promptsUsed)]),
    summary: ending.reason ?? own.summary,
  };
  return store.tasks.advance(writer, { kind: 'finished', status: ending.status }, [
    { key: 'finished', news: { type: 'task.finished', taskId: task.id, outcome } },
  ]);
}

function sum(numbers: readonly number[]): number {
  return Math.round(numbers.reduce((total, number) => total + number, 0) * 1e6) / 1e6;
}
