import type { Spiral } from '../../spiral.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { agentsList, costsList, helpText, pendingList, tasksList, toolsList } from '../render/lists.ts';
import { costKeys, costPeriods } from './definitions.ts';
import type { CommandOptions } from './options.ts';

type Source = Pick<Spiral, 'pending' | 'resources' | 'tasks' | 'costs' | 'tools' | 'toolManual'>;

const tasksShown = 20;
const dayMs = 86_400_000;

/** What a command shows that changes nothing; undefined for every other command. */
export async function shownBy(
  command: string,
  options: CommandOptions,
  { spiral, now }: { readonly spiral: Source; readonly now: Date },
): Promise<Outgoing | undefined> {
  switch (command) {
    case 'pending':
      return pendingList(await spiral.pending(), now.getTime());
    case 'agents':
      return agentsList(await spiral.resources());
    case 'tasks':
      return tasksList(await spiral.tasks(tasksShown), now.getTime());
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

async function withManual(list: Outgoing, name: string | undefined, spiral: Source): Promise<Outgoing> {
  const manual = name === undefined ? undefined : await spiral.toolManual(name);
  if (manual === undefined) return list;
  return { ...list, files: [...(list.files ?? []), { name: `${name}.md`, content: new TextEncoder().encode(manual) }] };
}

/** Days in UTC, as costs are kept. */
function beginningOf(period: (typeof costPeriods)[number], now: Date): Date | undefined {
  switch (period) {
    case 'today':
      return new Date(`${now.toISOString().slice(0, 10)}T00:00:00.000Z`);
    case 'week':
      return new Date(now.getTime() - 7 * dayMs);
    case 'month':
      return new Date(now.getTime() - 30 * dayMs);
    case 'always':
      return undefined;
  }
}
