import { type AgentRole, agentRoles, roleNamed, shortNames } from '../../domain/agent.ts';
import type { AgentCard, TemplateCard } from '../../domain/agent-card.ts';
import { mostUrgent, statusWith } from '../../domain/agent-status.ts';
import { nearest } from '../../domain/nearest.ts';
import type { TaskReport } from '../../spiral.ts';
import { exitCodes } from '../exit-code.ts';
import { agentLines, cardLines, templateLines } from '../render/agents.ts';
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
    mostUrgent(tasks.filter(({ agent, driven, question }) => agent === role && (driven || question)).map(statusWith));
  print(
    options.json
      ? team.map((card) => JSON.stringify({ ...card, status: statusOf(card.role) }))
      : agentLines(team, statusOf),
  );
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
