import { shortNames } from '../../domain/agent.ts';
import type { AgentCard, AgentWay, TemplateCard } from '../../domain/agent-card.ts';
import type { AgentResources } from '../../domain/agent-resources.ts';
import type { AgentStatus } from '../../domain/agent-status.ts';
import { counted } from '../../domain/amounts.ts';
import { agentNames } from '../agent-names.ts';
import { agentSigns } from '../agent-signs.ts';
import { oneLine, plainText } from '../plain-text.ts';

const ways: Readonly<Record<AgentWay, string>> = {
  building: 'through Claude Code, with all its tools, confined to the folder of the task',
  reading: 'through Claude Code, with tools that only look, where it reads code; otherwise it asks the model directly',
  thinking: 'asks the model directly, without Claude Code and without tools',
};

const heading = ['Agent', 'Name', 'Status', 'Prompts', 'Tasks', 'Conversations', 'Sessions', 'Efficiency'];
/** Columns of numbers stand to the right. */
const numbers = ['Prompts', 'Tasks', 'Conversations', 'Sessions'];
/** What is left out where there is little room, in this order. */
const lessWanted = [['Name'], ['Name', 'Conversations', 'Sessions']];

/**
 * `spiral agents`: a line for each agent, below a heading. Where there is room its duty is shown as well, and where there is
 * little some columns are not.
 *
 * @param columns of the terminal; without one everything fits
 */
export function agentLines(
  cards: readonly AgentCard[],
  resources: readonly AgentResources[],
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const of = (card: AgentCard) => resources.find(({ role }) => role === card.role);
  const rows = [heading, ...cards.map((card) => cellsOf(card, of(card)))];
  const signs = ['  ', ...cards.map(({ role }) => agentSigns[role])];
  const table = (shown: readonly string[]) =>
    aligned(rows, shown).map((line, index) => `${signs[index]}  ${line}`.trimEnd());
  const whole = aligned(rows, heading).map((line, index) => {
    return `${signs[index]}  ${line}  ${cards[index - 1]?.duty ?? ''}`.trimEnd();
  });
  const less = lessWanted.map((left) => heading.filter((name) => !left.includes(name)));
  const layouts = [whole, table(heading), ...less.map(table)];
  return layouts.find((lines) => lines.every((line) => line.length < columns)) ?? layouts.at(-1) ?? [];
}

function cellsOf(card: AgentCard, resources: AgentResources | undefined): string[] {
  if (!resources) return [agentNames[card.role], shortNameOf(card), '', '', '', '', '', ''];
  const { status, prompts, tasks, conversations, sessions } = resources;
  return [
    agentNames[card.role],
    shortNameOf(card),
    statusWords(status),
    prompts.limit === undefined ? String(prompts.spent) : `${prompts.spent}/${prompts.limit}`,
    String(tasks.length),
    String(conversations.length),
    String(sessions),
    efficiencyOf(resources),
  ];
}

/** With a mark when it lies below what is expected. */
function efficiencyOf({ efficiency, isInefficient }: AgentResources): string {
  if (efficiency === null) return '-';
  return `${efficiency.toFixed(2)}${isInefficient ? ' ⚠️' : ''}`;
}

/** Of whom the process coach was told in this cycle, and where its advice can be read. */
export function toldLines(resources: readonly AgentResources[]): string[] {
  const lines = resources.flatMap(({ role, toldIn }) =>
    toldIn === undefined ? [] : [`⚠️  ${agentNames[role]}: the Process Coach was told: spiral messages show ${toldIn}`],
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The shown columns of rows that have a cell for each heading, all of one width. */
function aligned(rows: readonly (readonly string[])[], shown: readonly string[]): string[] {
  const columns = shown.map((name) => {
    const column = heading.indexOf(name);
    const cells = rows.map((row) => row[column] ?? '');
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => (numbers.includes(name) ? cell.padStart(width) : cell.padEnd(width)));
  });
  return rows.map((_, index) => columns.map((cells) => cells[index]).join('  '));
}

/** A status in few words. */
function statusWords(status: AgentStatus): string {
  switch (status.kind) {
    case 'idle':
      return 'idle';
    case 'active':
      return `active, ${counted(status.promptsRemaining, 'prompt')} left`;
    case 'exhausted':
      return 'exhausted: spiral pending';
    case 'building-tool':
      return `building ${oneLine(status.toolName, 20)}, ${Math.round(status.progress * 100)}%`;
    case 'escalated':
      return 'escalated: spiral pending';
    case 'waiting-for-tool-decision':
      return `waits for ${oneLine(status.requestedTool, 20)}`;
  }
}

/** `spiral agents show ROLE`. */
export function cardLines(card: AgentCard): string[] {
  return [
    `${agentSigns[card.role]} ${agentNames[card.role]} (${card.role}, ${shortNameOf(card)})`,
    `   ${card.duty}`,
    '',
    `   Works:         ${ways[card.way]}`,
    `   Model:         ${plainText(card.model)}`,
    `   Prompt limit:  ${counted(card.promptLimit, 'prompt')} for each task`,
    `   GitHub:        ${card.githubIntegration ? 'on, and nothing uses it yet' : 'off'}`,
    '',
    '   Prompt templates:',
    ...card.templates.map((template) => `   - ${template.name}: ${originOf(template)}`),
    '',
    `   To read them: spiral agents show ${card.role} --prompt`,
    `   To change one: put a file of its name into agents/${card.role}/ in $SPIRAL_HOME. To begin with ours:`,
    `   spiral agents show ${card.role} --prompt instructions > instructions.md`,
  ];
}

/** `spiral agents show ROLE --prompt`: every template whole. */
export function templateLines({ templates }: AgentCard): string[] {
  return templates.flatMap((template, index) => [
    ...(index === 0 ? [] : ['']),
    `── ${template.name} (${originOf(template)})`,
    ...plainText(template.text).split('\n'),
  ]);
}

function originOf({ override }: TemplateCard): string {
  return override === undefined ? 'ours' : `your file ${plainText(override)}`;
}

function shortNameOf({ role }: AgentCard): string {
  return Object.entries(shortNames).find(([, named]) => named === role)?.[0] ?? role;
}
