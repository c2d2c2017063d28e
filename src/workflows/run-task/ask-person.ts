import { randomUUID } from 'node:crypto';
import { type PersonCall, suggestionsOf, textOfCall } from '../../domain/asked-person.ts';
import type { Task } from '../../domain/task.ts';
import type { Work } from './ask-engine.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

const idLength = 8;

/** Saves what an agent asks a person; the task waits as a row, and its session goes on with the answer. */
export async function askPerson(
  task: Task,
  call: PersonCall,
  { analysis, round, because }: Work,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { id: taskId } = task;
  const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
  const text = textOfCall(call);
  const suggestions = suggestionsOf(call);
  const reason = 'the agent asks something';
  return store.tasks.ask(
    writer,
    { id: questionId, taskId, kind: 'question', text, ...(suggestions.length === 0 ? {} : { suggestions }) },
    { kind: 'working', analysis, round, because, call },
    [
      { news: { type: 'question.asked', taskId, questionId, kind: 'question', text } },
      { news: { type: 'task.waiting', taskId, reason, questionId } },
    ],
  );
}
