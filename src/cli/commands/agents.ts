import { type AgentRole, agentRoles, roleNamed, shortNames } from '../../domain/agent.ts';
import type { AgentCard, TemplateCard } from '../../domain/agent-card.ts';
import type { AgentResources } from '../../domain/agent-resources.ts';
import { nearest } from '../../domain/nearest.ts';
import { scorePriority } from '../../domain/priority.ts';
import { wholeNumber } from '../arguments.ts';
import { exitCodes } from '../exit-code.ts';
import { redrawnOn } from '../redrawn.ts';
import { agentLines, cardLines, templateLines, toldLines } from '../render/agents.ts';
import { priorityWords } from '../render/priority.ts';
import { UsageError } from '../usage-error.ts';
import { print } from './print.ts';
import { followTeam, type TeamSpiral, type WatchPace } from './watch-agents.ts';
import { onInterrupt } from './watch-task.ts';

type Cards = () => Promise<readonly AgentCard[]>;

/** Opens the system for one deed and closes it again. */
export type WithTeam = <Result>(deed: (spiral: TeamSpiral) => Promise<Result>) => Promise<Result>;

/** `spiral agents`: the team, with what each has and is busy with; with `--watch` again whenever that changes. */
export async function listAgents(
  options: { readonly json?: boolean; readonly watch?: boolean },
  cards: Cards,
  withTeam: WithTeam,
  pace?: WatchPace,
): Promise<number> {
  const team = await cards();
  await withTeam(async (spiral) => {
    if (options.watch) await watchAgents(spiral, team, options.json === true, pace);
    else print(options.json ? jsonLines(team, await spiral.resources()) : tableOf(team, await spiral.resources()));
  });
  return exitCodes.succeeded;
}

async function watchAgents(
  spiral: TeamSpiral,
  team: readonly AgentCard[],
  isJson: boolean,
  pace: WatchPace | undefined,
): Promise<void> {
  const stop = new AbortController();
  const interrupts = onInterrupt(
    () => stop.abort(),
    () => process.exit(exitCodes.cancelled),
  );
  const table = redrawnOn(process.stdout);
  let known: readonly string[] = [];
  const look = async () => {
    const resources = await spiral.resources();
    if (stop.signal.aborted) return;
    if (!isJson) return table.show(tableOf(team, resources));
    const lines = jsonLines(team, resources);
    print(lines.filter((line) => !known.includes(line)));
    known = lines;
  };
  try {
    await followTeam(spiral, look, stop.signal, pace);
  } finally {
    interrupts.stop();
  }
}

function tableOf(team: readonly AgentCard[], resources: readonly AgentResources[]): string[] {
  // A terminal that does not tell how wide it is says 0.
  return [...agentLines(team, resources, process.stdout.columns || undefined), ...toldLines(resources)];
}

function jsonLines(team: readonly AgentCard[], resources: readonly AgentResources[]): string[] {
  return team.map((card) => JSON.stringify({ ...card, ...resources.find(({ role }) => role === card.role) }));
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
