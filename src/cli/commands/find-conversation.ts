import type { ConversationReport } from '../../spiral/conversations.ts';
import type { Spiral } from '../../spiral.ts';
import { UsageError } from '../usage-error.ts';
import { beginningOfId } from './find-task.ts';

/** The one conversation whose id begins so. */
export async function findConversation(spiral: Spiral, idPrefix: string): Promise<ConversationReport> {
  const beginning = beginningOfId(idPrefix);
  const found = await spiral.findConversations(beginning);
  const [conversation, another] = found;
  if (!conversation) throw new UsageError(`There is no conversation ${beginning}.`, 'List them with: spiral messages');
  if (another) {
    throw new UsageError(
      `Several conversations begin with ${beginning}.`,
      `Type more of the id: ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  return conversation;
}
