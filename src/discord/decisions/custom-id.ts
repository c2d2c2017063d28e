import { agentRoles } from '../../domain/agent.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import type { Intention } from './intention.ts';

/** What Discord takes. */
const longest = 100;

/** At most 100 characters for ids and amounts as they are; `intentionOf` gives the intention back. */
export function customIdOf(intention: Intention): string {
  switch (intention.kind) {
    case 'answer':
      return joined('answer', intention.questionId, String(intention.choice));
    case 'grant':
      return joined('grant', intention.questionId, String(intention.amount));
    case 'decide':
      return joined('decide', intention.questionId, intention.decision);
    case 'move':
      return joined('move', intention.questionId, intention.from);
    case 'stop':
      return joined('stop', intention.taskId);
    case 'say':
    case 'refuse-grant':
      return joined(intention.kind, intention.questionId);
  }
}

/** Undefined for what no `customIdOf` made. */
export function intentionOf(customId: string): Intention | undefined {
  if (customId.length > longest) return undefined;
  const [kind, id = '', detail, ...more] = customId.split(':');
  if (more.length > 0 || !/^[A-Za-z0-9-]{1,64}$/.test(id)) return undefined;
  if (detail === undefined) {
    if (kind === 'stop') return { kind, taskId: id === 'all' ? id : (id as TaskId) };
    return kind === 'say' || kind === 'refuse-grant' ? { kind, questionId: id } : undefined;
  }
  if (kind === 'answer') {
    return /^(0|[1-9]\d{0,2})$/.test(detail) ? { kind, questionId: id, choice: Number(detail) } : undefined;
  }
  if (kind === 'grant') {
    const amount = detail === 'custom' ? detail : amountFrom(detail);
    return amount === undefined ? undefined : { kind, questionId: id, amount };
  }
  if (kind === 'decide') {
    const decision = decisionKinds.find((name) => name === detail);
    return decision && { kind, questionId: id, decision };
  }
  const from = kind === 'move' ? agentRoles.find((role) => role === detail) : undefined;
  return from && { kind: 'move', questionId: id, from };
}

/** Only as it is written by `String`: one intention has one id. */
function amountFrom(written: string): number | undefined {
  const amount = Number(written);
  return amount > 0 && Number.isFinite(amount) && String(amount) === written ? amount : undefined;
}

function joined(...parts: readonly string[]): string {
  return parts.join(':');
}
