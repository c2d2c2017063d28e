import type { Outgoing } from '../outbox/outgoing.ts';
import { conversationDetails, conversationsList, messagesIn } from '../render/conversations.ts';
import { agentsList, costsList, helpText, pendingList, projectsList, tasksList, toolsList } from '../render/lists.ts';
import { morningReport } from '../render/morning.ts';
import { costKeys, costPeriods, reportPeriods } from './definitions.ts';
import type { CommandOptions } from './options.ts';
import type { Lists } from './reply.ts';
import { conversationNamed } from './talking.ts';

const tasksShown = 20;
/** The newest of a conversation; it holds fewer unless people flood it. */
const messagesShown = 500;
const dayMs = 86_400_000;

/** What a command shows that changes nothing; undefined for every other command. */
export async function shownBy(
  command: string,
  options: CommandOptions,
  { spiral, now }: { readonly spiral: Lists; readonly now: Date },
): Promise<Outgoing | undefined> {
  switch (command) {
    case 'pending':
      return pendingList(await spiral.pending(), now.getTime());
    case 'agents':
      return agentsList(await spiral.resources());
    case 'tasks':
      return tasksList(await spiral.tasks(tasksShown), now.getTime());
    case 'projects':
      return projectsList(await spiral.projects(tasksShown), now.getTime());
    case 'messages':
      return messagesShownBy(options['conversation'], spiral, now);
    case 'report': {
      const period = reportPeriods.find((one) => one === options['since']) ?? '12 hours';
      return morningReport(await spiral.report(reportedSince(period, now)));
    }
    case 'costs': {
      const by = costKeys.find((key) => key === options['by']) ?? 'day';
      const period = costPeriods.find((one) => one === options['since']) ?? 'always';
      return costsList(await spiral.costs(by, beginningOf(period, now)), by);
    }
    case 'tools': {
      const tools = await spiral.tools();
      const name = options['tool'];
      const wanted = typeof name === 'string' ? tools.filter(({ manifest }) => manifest.name === name.trim()) : tools;
      return withManual(
        toolsList(wanted),
        typeof name === 'string' && wanted.length > 0 ? name.trim() : undefined,
        spiral,
      );
    }
    case 'help':
      return helpText();
    default:
      return undefined;
  }
}

async function messagesShownBy(conversation: unknown, spiral: Lists, now: Date): Promise<Outgoing> {
  if (typeof conversation !== 'string') {
    return conversationsList(await spiral.conversations(tasksShown), now.getTime());
  }
  const one = await conversationNamed(conversation, spiral);
  if (typeof one === 'string') return { content: one };
  const before = Math.max(0, messagesIn(one) - messagesShown);
  return conversationDetails(one, await spiral.messages(one.id, before, messagesShown));
}

async function withManual(list: Outgoing, name: string | undefined, spiral: Lists): Promise<Outgoing> {
  const manual = name === undefined ? undefined : await spiral.toolManual(name);
  if (manual === undefined) return list;
  return { ...list, files: [...(list.files ?? []), { name: `${name}.md`, content: new TextEncoder().encode(manual) }] };
}

/** Days in UTC, as costs are kept. */
function beginningOf(period: (typeof costPeriods)[number], now: Date): Date | undefined {
  switch (period) {
    case 'today':
      return midnight(now);
    case 'week':
      return new Date(now.getTime() - 7 * dayMs);
    case 'month':
      return new Date(now.getTime() - 30 * dayMs);
    case 'always':
      return undefined;
  }
}

function reportedSince(period: (typeof reportPeriods)[number], now: Date): Date {
  switch (period) {
    case '12 hours':
      return new Date(now.getTime() - dayMs / 2);
    case 'today':
      return midnight(now);
    case '2 days':
      return new Date(now.getTime() - 2 * dayMs);
    case 'week':
      return new Date(now.getTime() - 7 * dayMs);
  }
}

function midnight(now: Date): Date {
  return new Date(`${now.toISOString().slice(0, 10)}T00:00:00.000Z`);
}
