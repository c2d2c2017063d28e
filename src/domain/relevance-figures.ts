import { type AgentRole, agentRoles } from './agent.ts';
import { relevanceThreshold } from './message.ts';
import { judgeLocally } from './relevance.ts';

/** A message with the members that ought to answer it, when all roles are members. */
export type LabelledMessage = { readonly text: string; readonly roles: readonly AgentRole[] };

/** How good the judgement without a model is. Shares are 0 to 1. Of nothing, nothing is asked and all is right. */
export type RelevanceFigures = {
  readonly messages: number;
  /** Messages with somebody in the uncertain middle: for each the model is asked once, for all members together. */
  readonly asked: number;
  readonly askedShare: number;
  /** Model calls that are not made, against one for every message, and against one for every message and member. */
  readonly savedOfMessages: number;
  readonly savedOfMembers: number;
  /** Of the roles that are certain by their words: how many ought to answer. */
  readonly precision: number;
  /** Of the roles that ought to answer: how many are certain by the words alone. */
  readonly localRecall: number;
  /** The same, certain or in the middle: the rest is missed whatever the model says. */
  readonly recall: number;
};

export function relevanceFigures(set: readonly LabelledMessage[]): RelevanceFigures {
  const judged = set.map(({ text, roles }) => {
    const { scores, uncertain } = judgeLocally(text, agentRoles);
    return { roles, uncertain, certain: agentRoles.filter((role) => (scores[role] ?? 0) >= relevanceThreshold) };
  });
  const wanted = judged.flatMap(({ roles, ...rest }) => roles.map((role) => ({ role, ...rest })));
  const answering = judged.flatMap(({ certain, roles }) => certain.map((role) => roles.includes(role)));
  const asked = judged.filter(({ uncertain }) => uncertain.length > 0).length;
  return {
    messages: set.length,
    asked,
    askedShare: set.length === 0 ? 0 : asked / set.length,
    savedOfMessages: set.length - asked,
    savedOfMembers: set.length * agentRoles.length - asked,
    precision: share(answering.filter(Boolean).length, answering.length),
    localRecall: share(wanted.filter(({ role, certain }) => certain.includes(role)).length, wanted.length),
    recall: share(
      wanted.filter(({ role, certain, uncertain }) => [...certain, ...uncertain].includes(role)).length,
      wanted.length,
    ),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
