import { sentenceOf } from '../../domain/budget.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import { mentionsIn } from '../../domain/mention.ts';
import type { Talk, Task } from '../../domain/task.ts';
import { LeaseLost } from '../../store/store.ts';
import { publish } from '../converse/publish.ts';
import { untilQuiet } from '../converse/until-quiet.ts';
import { atLimit } from './at-limit.ts';
import { endedAs, pausedUntil } from './endings.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';

/** Says what the task says to the agents of a conversation, and sees to it that they answer until nobody has anything to add. */
export async function talkOn(task: Task, talk: Talk, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const { store } = needs;
  const { writer, signal } = context;
  const other = await begin(task, talk, needs);
  if (other !== undefined) return endElsewhere(other, needs, context);
  const end = await untilQuiet(talk.conversationId, needs, signal);
  if (signal.aborted) return interrupted(task, needs, context);
  switch (end.kind) {
    case 'quiet':
    case 'closed':
      return store.tasks.advance(writer, { kind: 'ended', ending: { status: 'succeeded', verified: false } }, []);
    case 'escalated': {
      const { questionId } = end;
      const wait = { kind: 'answer', questionId } as const;
      return store.tasks.advance(writer, { kind: 'waiting', for: wait, resume: { kind: 'accepted' } }, [
        { news: { type: 'task.waiting', taskId: task.id, reason: 'the conversation has come to a limit', questionId } },
      ]);
    }
    case 'stopped':
      // Held, or its end was asked for: the next step sees it.
      throw new StepInterrupted(task.id);
    case 'short':
      // What nobody asked for is not worth a question to a person.
      if (talk.author !== undefined) return endUnanswered(sentenceOf(end.shortage), needs, context);
      return atLimit(task, end.shortage, { kind: 'accepted' }, needs, context);
    case 'paused':
      return pausedUntil(
        task,
        { until: end.until, message: 'the model API wants a pause' },
        { kind: 'accepted' },
        needs,
        context,
      );
  }
}

/** It was said in a conversation that another task looks after. */
function endElsewhere(other: TaskId, { store }: RunTaskNeeds, { writer }: StepContext): Promise<Task> {
  const reason = `said in the conversation of task ${other}, where it goes on`;
  return store.tasks.advance(writer, { kind: 'ended', ending: { status: 'succeeded', verified: false, reason } }, []);
}

/** It was said, and can be read; there is only no reply. */
function endUnanswered(why: string, { store }: RunTaskNeeds, { writer }: StepContext): Promise<Task> {
  const ending = { status: 'succeeded', verified: false, reason: `nobody could answer: ${why}` } as const;
  return store.tasks.advance(writer, { kind: 'ended', ending }, []);
}

/**
 * Says what the task says; the task that looks after the conversation is given back where it is another one. Begun again after
 * an interruption, everything is there already.
 */
async function begin(
  task: Task,
  { conversationId, topic, members, author }: Talk,
  needs: RunTaskNeeds,
): Promise<TaskId | undefined> {
  const { conversations } = needs.store;
  const { taskId } = await conversations.open({
    id: conversationId,
    taskId: task.id,
    topic,
    members,
    allowance: needs.conversations.allowance,
  });
  const isMine =
    taskId === task.id || (await conversations.reopen(conversationId, task.id, needs.conversations.allowance.all));
  const said = await publish(
    {
      conversationId,
      key: `task-${task.id}`,
      author: author ?? 'human',
      text: task.text,
      mentions: mentionsIn(task.text, members),
    },
    needs,
  );
  // Closed since it was found open: it is this task's now. Agents may have no room for their words.
  if (!isMine && !said && author === undefined) return begin(task, { conversationId, topic, members }, needs);
  return isMine ? undefined : taskId;
}

function interrupted(task: Task, { store }: RunTaskNeeds, { writer, signal }: StepContext): Promise<Task> {
  const reason: StopReason = signal.reason;
  if (reason === 'lease-lost') throw new LeaseLost(task.id);
  if (reason === 'shutdown') throw new StepInterrupted(task.id);
  return store.tasks.advance(writer, endedAs(task, reason), []);
}
