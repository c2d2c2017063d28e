import { randomInt } from 'node:crypto';
import type { ConversationId, TaskId } from '../domain/identifiers.ts';

const idAlphabet = '0123456789abcdefghijkmnpqrstuvwxyz';

export function newTaskId(): TaskId {
  return newId() as TaskId;
}

export function newConversationId(): ConversationId {
  return newId() as ConversationId;
}

/** Short enough to be typed. */
function newId(): string {
  return Array.from({ length: 8 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('');
}
