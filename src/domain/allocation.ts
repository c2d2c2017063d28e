import { type AgentRole, agentRoles, roleNamed } from './agent.ts';
import type { Choice } from './question.ts';

/** The prompts of an agent in this cycle. An agent without a limit has none that could be moved. */
export type Allotment = {
  readonly agent: AgentRole;
  /** With everything that was granted and moved. */
  readonly limit: number;
  readonly spent: number;
};

/** What a person says to an agent that has used its prompts of a cycle. */
export type Allocation =
  | { readonly kind: 'grant'; readonly amount: number }
  | { readonly kind: 'move'; readonly from: AgentRole; readonly amount: number }
  /** For the next cycle. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'cancel' };

const mostPrompts = 1_000_000;

/** The answers that an agent's wish for more prompts offers. */
export function allocationChoices(agent: AgentRole, allotments: readonly Allotment[], renewsAt: Date): Choice[] {
  const donors = allotments.filter((allotment) => allotment.agent !== agent && spareOf(allotment) > 0);
  const spare = donors.map((donor) => `${donor.agent} has ${spareOf(donor)}`).join(', ');
  return [
    { name: 'grant', meaning: 'give it so many more prompts in this cycle', needsText: true },
    ...(donors.length === 0
      ? []
      : [{ name: 'move', meaning: `move prompts from another agent, "AGENT N" (${spare})`, needsText: true }]),
    { name: 'wait', meaning: `go on in the next cycle, ${renewsAt.toISOString()}`, needsText: false },
    { name: 'cancel', meaning: 'end the task', needsText: false },
  ];
}

/** What was chosen, or what is wrong with it. */
export function allocationOf(
  choice: string,
  text = '',
): Allocation | { readonly kind: 'problem'; readonly problem: string } {
  switch (choice) {
    case 'wait':
    case 'cancel':
      return { kind: choice };
    case 'grant': {
      const amount = amountOf(text.trim());
      return amount === undefined
        ? problem('“grant” needs how many prompts, for example: grant 10')
        : { kind: 'grant', amount };
    }
    case 'move': {
      const [name = '', number = '', ...rest] = text.trim().split(/\s+/);
      const from = roleNamed(name.replace(/^@/, ''));
      const amount = amountOf(number);
      return from === undefined || amount === undefined || rest.length > 0
        ? problem('“move” needs an agent and how many prompts, for example: move "qa 10"')
        : { kind: 'move', from, amount };
    }
    default:
      return problem(`“${choice}” is none of grant, move, wait, cancel`);
  }
}

/** What the project manager may do by itself. */
export type Donation = { readonly from: AgentRole; readonly amount: number };

/**
 * Prompts that the project manager moves to an agent that has none left, without asking anybody: half of what the agent with
 * most to spare has, as far as all that it moves in a cycle stays within its own limit. Undefined when there is nothing that
 * it could move.
 *
 * @param moved what it has moved in this cycle already
 */
export function donationTo(agent: AgentRole, allotments: readonly Allotment[], moved: number): Donation | undefined {
  const ofManager = allotments.find((allotment) => allotment.agent === 'project-manager')?.limit ?? 0;
  const [donor] = allotments
    .filter((allotment) => allotment.agent !== agent)
    .toSorted((one, other) => spareOf(other) - spareOf(one) || orderOf(one) - orderOf(other));
  if (!donor) return undefined;
  const amount = Math.min(Math.floor(spareOf(donor) / 2), ofManager - moved);
  return amount < 1 ? undefined : { from: donor.agent, amount };
}

function spareOf({ limit, spent }: Allotment): number {
  return Math.max(0, limit - spent);
}

function orderOf({ agent }: Allotment): number {
  return agentRoles.indexOf(agent);
}

function amountOf(text: string): number | undefined {
  const amount = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return amount >= 1 && amount <= mostPrompts ? amount : undefined;
}

function problem(text: string) {
  return { kind: 'problem', problem: text } as const;
}
