import type { ConversationId } from '../../../domain/identifiers.ts';
import type { Claim } from '../../conversations.ts';
import type { Address } from '../address.ts';
import type { Holds } from '../holds.ts';
import { innermost, problemOf } from '../problem.ts';

/**
 * See `ConversationStore.claim`. A claim may be lost without a word, with the connection: whoever handles mail meanwhile finds
 * out when it is settled.
 */
export async function claimOn(holds: Holds, address: Address, id: ConversationId): Promise<Claim | undefined> {
  try {
    return await holds.take(`conversation-${id}`);
  } catch (error) {
    throw problemOf(error, address) ?? innermost(error);
  }
}
