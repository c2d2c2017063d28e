import { counted, grouped } from '../../domain/amounts.ts';
import type { Tool } from '../../domain/tool.ts';
import { oneLine } from '../plain-text.ts';
import { localTime } from '../times.ts';
import { width } from './signs.ts';
import { tableLines } from './table.ts';

const noTools = [
  'There are no tools yet.',
  'Agents ask for what they lack (spiral pending); your own: spiral tools adopt FOLDER',
];
const shortDescription = 60;

/** `spiral tools`: what is offered, and below it what was retired. */
export function toolListLines(tools: readonly Tool[], now: number): string[] {
  const active = tools.filter(({ status }) => status === 'active');
  const retired = tools.filter(({ status }) => status === 'retired');
  if (tools.length === 0) return noTools;
  return [
    ...(active.length === 0 ? ['No tool is offered.'] : tableOf(active, now)),
    ...(retired.length === 0 ? [] : ['', `🗄️  ${counted(retired.length, 'tool')} retired:`, ...tableOf(retired, now)]),
  ];
}

function tableOf(tools: readonly Tool[], now: number): string[] {
  const table = tableLines([
    ['Tool', 'Version', 'Calls', 'Failures', 'Last used'],
    ...tools.map(({ manifest: { name, version }, calls, failures, lastUsedAt }) => [
      name,
      version,
      grouped(calls),
      grouped(failures),
      lastUsedAt ? localTime(lastUsedAt, now) : 'never',
    ]),
  ]);
  const widest = Math.max(...table.map((line) => line.length));
  return table.map((line, index) => {
    const description = tools[index - 1]?.manifest.description ?? '';
    return `${line.padEnd(widest)}  ${oneLine(description, Math.min(shortDescription, width - widest - 2))}`.trimEnd();
  });
}
