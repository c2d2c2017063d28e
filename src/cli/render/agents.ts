import { type AgentRole, shortNames } from '../../domain/agent.ts';
import type { AgentCard, AgentWay, TemplateCard } from '../../domain/agent-card.ts';
import type { AgentStatus } from '../../domain/agent-status.ts';
import { agentNames } from '../agent-names.ts';
import { agentSigns } from '../agent-signs.ts';
import { counted } from '../amounts.ts';
import { oneLine, plainText } from '../plain-text.ts';

const ways: Readonly<Record<AgentWay, string>> = {
  building: 'through Claude Code, with all its tools, confined to the folder of the task',
  reading: 'through Claude Code, with tools that only look, where it reads code; otherwise it asks the model directly',
  thinking: 'asks the model directly, without Claude Code and without tools',
};

/** `spiral agents`: one line for each agent. */
export function agentLines(cards: readonly AgentCard[], statusOf: (role: AgentRole) => AgentStatus): string[] {
  const rows = cards.map((card) => [
    agentNames[card.role],
    shortNameOf(card),
    statusWords(statusOf(card.role)),
    limitOf(card),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return cards.map((card, index) => {
    const cells = rows[index]?.map((cell, column) => cell.padEnd(widths[column] ?? 0)) ?? [];
    return [agentSigns[card.role], ...cells, card.duty].join('  ');
  });
}

/** A status in few words. */
function statusWords(status: AgentStatus): string {
  switch (status.kind) {
    case 'idle':
      return 'idle';
    case 'active':
      return `active, ${counted(status.promptsRemaining, 'prompt')} left`;
    case 'exhausted':
      return 'exhausted: spiral grant';
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

function limitOf({ promptLimit }: AgentCard): string {
  return counted(promptLimit, 'prompt');
}
