import { type AgentRole, agentRoles, roleNamed, shortNames } from '../../domain/agent.ts';
import type { AgentCard, TemplateCard } from '../../domain/agent-card.ts';
import { agentsAtWork, mostUrgent, statusWith } from '../../domain/agent-status.ts';
import { nearest } from '../../domain/nearest.ts';
import { scorePriority } from '../../domain/priority.ts';
import type { TaskReport } from '../../spiral.ts';
import { wholeNumber } from '../arguments.ts';
import { exitCodes } from '../exit-code.ts';
import { agentLines, cardLines, templateLines } from '../render/agents.ts';
import { priorityWords } from '../render/priority.ts';
import { UsageError } from '../usage-error.ts';
import { print } from './print.ts';

type Cards = () => Promise<readonly AgentCard[]>;

/** `spiral agents`: the team. */
export async function listAgents(
  options: { readonly json?: boolean },
  cards: Cards,
  openTasks: () => Promise<readonly TaskReport[]>,
): Promise<number> {
  const [team, tasks] = [await cards(), await openTasks()];
  const statusOf = (role: AgentRole) =>
    mostUrgent(
      tasks
        .filter((task) => (task.question ? task.agent === role : task.driven && agentsAtWork(task).includes(role)))
        .map(statusWith),
    );
  print(
    options.json
      ? team.map((card) => JSON.stringify({ ...card, status: statusOf(card.role) }))
      : agentLines(team, statusOf),
  );
  return exitCodes.succeeded;
}

/** `spiral agents priority IMPORTANCE URGENCY`: arithmetic, no model is asked. */
export function tellPriority(importance: string, urgency: string): number {
  const [important, urgent] = [
    wholeNumber('The importance', importance, 1, 10),
    wholeNumber('The urgency', urgency, 1, 10),
  ] as const;
  print([priorityWords(important, urgent, scorePriority(important, urgent))]);
  return exitCodes.succeeded;
}

/** `spiral agents show ROLE`: one agent, with what it is told. */
export async function showAgent(
  name: string,
  options: { readonly prompt?: true | string },
  cards: Cards,
): Promise<number> {
  const role = namedRole(name);
  const card = (await cards()).find((one) => one.role === role);
  if (!card) throw new Error(`the team has no ${role}`);
  if (typeof options.prompt === 'string') print([templateNamed(options.prompt, card).text]);
  else print(options.prompt ? templateLines(card) : cardLines(card));
  return exitCodes.succeeded;
}

function namedRole(name: string): AgentRole {
  const role = roleNamed(name);
  if (role) return role;
  const guess = nearest(name, [...agentRoles, ...Object.keys(shortNames)]);
  throw new UsageError(
    `There is no agent “${name}”.`,
    guess ? `Did you mean: spiral agents show ${guess}` : 'List them with: spiral agents',
  );
}

function templateNamed(name: string, { role, templates }: AgentCard): TemplateCard {
  const template = templates.find((one) => one.name === name.replace(/\.md$/, ''));
  if (template) return template;
  const names = templates.map((one) => one.name);
  const guess = nearest(name, names);
  throw new UsageError(
    `The ${role} has no template “${name}”.`,
    guess ? `Did you mean: --prompt ${guess}` : `Its templates: ${names.join(', ')}.`,
  );
}
