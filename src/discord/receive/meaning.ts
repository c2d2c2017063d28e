import type { AgentRole } from '../../domain/agent.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Question } from '../../domain/question.ts';
import { answerFromWords, type WordsAsAnswer } from '../decisions/words.ts';
import { type Addressed, type EmptyAddress, saysStop } from './address.ts';

/** A task that a message is near to: it was said in its thread, or as a reply to a message of it. */
export type NearTask = {
  readonly id: TaskId;
  readonly agent: AgentRole;
  readonly isOver: boolean;
  /** Who takes part, where it is a conversation and nothing else. */
  readonly members?: readonly AgentRole[];
};

/** A message with everything around it that tells what it means. */
export type Heard = {
  readonly address: Addressed | EmptyAddress;
  /** The message answers this message of ours by Discord's own reply. */
  readonly repliesTo?: { readonly task?: NearTask; readonly question?: Question };
  /** It was said in the thread of a task. */
  readonly thread?: { readonly task: NearTask; readonly questions: readonly Question[] };
  /** Files came with it. */
  readonly hasFiles: boolean;
};

export type Meaning =
  | { readonly kind: 'new-task'; readonly agent: AgentRole; readonly text: string; readonly beside?: TaskId }
  /** Undefined: nothing is near that could be meant. */
  | { readonly kind: 'stop'; readonly taskId?: TaskId }
  /** Of a task that still works: it is said in its conversation, or done after that one. */
  | { readonly kind: 'follow-up'; readonly taskId: TaskId; readonly text: string; readonly isOver: boolean }
  | ({ readonly kind: 'answer' } & WordsAsAnswer)
  | { readonly kind: 'problem'; readonly problem: string; readonly cure: string }
  | { readonly kind: 'nothing' };

/**
 * What a message of somebody who may talk is meant as. Words answer a question only where no other question could be meant, and
 * only when they say nothing else.
 */
export function meaningOf({ address, repliesTo, thread, hasFiles }: Heard, now: Date): Meaning {
  const near = repliesTo?.task ?? thread?.task;
  const asked = repliesTo?.question ?? only(thread?.questions);
  if (address.kind === 'problem') return emptyMeaning(address, hasFiles);
  const { agent, text, namesAgent } = address;
  if (saysStop(text)) {
    const stopped = near?.id ?? asked?.taskId;
    return stopped === undefined ? { kind: 'stop' } : { kind: 'stop', taskId: stopped };
  }
  if (asked && !namesAgent) {
    const answer = answerFromWords(asked, text, now);
    if (answer) return { kind: 'answer', ...answer };
  }
  if (!near) return { kind: 'new-task', agent, text };
  if (near.members && (!namesAgent || near.members.includes(agent))) {
    // Everybody hears it there, and whom it names answers.
    return { kind: 'follow-up', taskId: near.id, text: namesAgent ? `@${agent} ${text}` : text, isOver: near.isOver };
  }
  // Another agent has no session here: it begins one, in the same folder.
  if (namesAgent && (near.members || agent !== near.agent)) {
    return { kind: 'new-task', agent, text, beside: near.id };
  }
  return { kind: 'follow-up', taskId: near.id, text, isOver: near.isOver };
}

/** A sticker or a lone picture is no wish, unless it is meant for us. */
function emptyMeaning({ wasMentioned, problem, cure }: EmptyAddress, hasFiles: boolean): Meaning {
  return wasMentioned || hasFiles ? { kind: 'problem', problem, cure } : { kind: 'nothing' };
}

function only<Item>(items: readonly Item[] = []): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}
