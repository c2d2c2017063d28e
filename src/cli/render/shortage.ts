import { agentRoles } from '../../domain/agent.ts';
import { grouped, money } from '../../domain/amounts.ts';
import type { BudgetScope, Measure, Shortage } from '../../domain/budget.ts';
import { agentNames } from '../agent-names.ts';
import { amountOf } from '../amounts.ts';

/** What a person is offered to give, so that there is a command to copy. */
const offered: Readonly<Record<Measure, number>> = { prompts: 10, tokens: 1_000_000, usd: 2 };

/** A limit that is reached: `The task has used $5.00 of $5.00.` */
export function shortageSentence({ scope, measure, limit, spent }: Shortage): string {
  const used = measure === 'usd' ? money(spent) : grouped(spent);
  const most = amountOf(measure, limit);
  const rest = spent < limit ? ' The next request does not fit.' : '';
  return `${whose(scope)} used ${used} of ${most}.${rest}`;
}

/** The command that gives more of what ran out. */
export function grantCommand(id: string, measure: Measure): string {
  return `spiral grant ${id} --${measure} ${offered[measure]}`;
}

function whose(scope: BudgetScope): string {
  if (scope === 'all') return 'All tasks together have';
  const [kind, name] = scope.split(':');
  const role = agentRoles.find((role) => role === name);
  if (kind === 'agent' && role) return `The ${agentNames[role]} agent has`;
  return kind === 'night' ? `The night of ${name} has` : 'The task has';
}
