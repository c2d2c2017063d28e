import type { Message, PartialMessage } from 'discord.js';
import type { TaskReport } from '../../spiral/reports.ts';
import { addressOf } from '../receive/address.ts';
import { bookOf, type HearNeeds } from './hear-message.ts';
import { authorOfMessage } from './people.ts';
import { isOver } from './wishes.ts';

/** A message that asked for something was changed or deleted by whoever wrote it. */
export function changeReader(needs: HearNeeds) {
  const { spiral, homes, outbox, people, wishes } = needs;

  return {
    /** Changes the task, as long as no prompt was spent for it. */
    async changed(before: Message | PartialMessage, after: Message): Promise<void> {
      // Discord tells of previews of links in the same way.
      if (after.editedTimestamp === null || before.content === after.content) return;
      const taskId = await homes.saidIn(after.id);
      if (taskId === undefined) return;
      const entrance = await people.enter(authorOfMessage(after), { isAsking: false, isToUs: false });
      if (!entrance.isIn) return;
      const address = addressOf(after.content, bookOf(after, needs));
      if (address.kind === 'problem') return;
      if (await spiral.reword(taskId, address.text)) {
        void outbox.mark({ channelId: after.channelId, messageId: after.id }, ['✏️']);
        return;
      }
      const [task] = await spiral.findTasks(taskId);
      void outbox.show(`edited:${after.id}`, after.channelId, { content: tooLateWords(task) });
    },

    /** Ends the task, and takes back what was to be done next. */
    async deleted(message: Message | PartialMessage): Promise<void> {
      await wishes.drop(message.channelId, message.id);
      const taskId = await homes.saidIn(message.id);
      if (taskId !== undefined) await spiral.cancel(taskId);
    },
  };
}

function tooLateWords(task: TaskReport | undefined): string {
  if (task?.talk) return 'What was said is said. Add in its thread what is to be different.';
  if (!task || isOver(task)) return 'The work is done. Say in its thread what is to be different.';
  return 'The work has begun with what you wrote before. Say in its thread what is to be different: it is done next.';
}
