import { roleNamed } from '../../../domain/agent.ts';
import { grouped, money } from '../../../domain/amounts.ts';
import type { Coaching } from '../../../domain/answers/coaching.ts';
import { type FigureName, type Figures, figureNames, type Performance } from '../../../domain/performance.ts';
import { agentNames } from '../../agent-names.ts';
import { oneLine } from '../../plain-text.ts';
import { localDayAndTime } from '../../times.ts';
import { section, worded } from '../listing.ts';
import { tableLines } from '../table.ts';

/** The figures, computed from what was recorded, and then what the process coach makes of them. */
export function coachingLines({ proposals, performance }: Coaching & { readonly performance: Performance }): string[] {
  const { since, team, agents } = performance;
  const columns: readonly (readonly [string, Figures])[] = [
    ['Team', team],
    ...agents.map(({ agent, figures }) => [nameOf(agent), figures] as const),
  ];
  return [
    `📊 FIGURES since ${localDayAndTime(new Date(since))} (computed from what was recorded):`,
    ...tableLines([
      ['', ...columns.map(([name]) => name)],
      ...figureNames.map((figure) => [figure, ...columns.map(([, figures]) => shown(figure, figures[figure]))]),
      ['efficiency', unknown, ...agents.map(({ efficiency }) => efficiency?.toFixed(2) ?? unknown)],
    ]),
    ...agents
      .filter(({ isInefficient }) => isInefficient)
      .map(({ agent }) => `⚠️  ${nameOf(agent)} gives less for what it spends than its efficiency_threshold wants.`),
    ...(proposals.length === 0 ? ['', '📈 PROPOSALS: none'] : []),
    ...section(
      '📈 PROPOSALS:',
      proposals.flatMap(({ figure, observation, proposal, expected }, index) => [
        ...worded(`${index + 1}. `, proposal),
        ...worded(`   - ${figure} is ${shown(figure, team[figure])}: `, observation),
        ...worded('   - Expected: ', expected),
      ]),
    ),
  ];
}

function nameOf(agent: string): string {
  const role = roleNamed(agent);
  return role ? agentNames[role] : oneLine(agent, 20);
}

const unknown = '-';

function shown(figure: FigureName, value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  switch (figure) {
    case 'success-rate':
    case 'verified-rate':
      return `${Math.round(value * 100)}%`;
    case 'usd-per-verified-task':
      return money(value);
    case 'waiting-hours':
      return `${value.toFixed(1)} h`;
    case 'rounds-per-task':
    case 'prompts-per-verified-task':
      return value.toFixed(1);
    case 'tasks':
    case 'escalations':
      return grouped(value);
  }
}
