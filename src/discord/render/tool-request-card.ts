import { agentRoles } from '../../domain/agent.ts';
import { counted, money } from '../../domain/amounts.ts';
import type { ToolCard } from '../../domain/tool-card.ts';
import type { ToolRequest } from '../../domain/tool-request.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import { decisionSigns } from '../decisions/intention.ts';
import { decisionLabels } from './question-card-buttons.ts';
import { fitted, plainLine } from './text.ts';
import { voices } from './voices.ts';

/** Characters of the parts that a model or a person wrote; twice as many with the signs that make them harmless. */
const most = { name: 60, description: 300, benefit: 300, reason: 400, alternative: 60, fit: 120 } as const;
const mostOfAlternatives = 1_400;
const unbounded = 1_000;

/** The card of a request for a tool as one text, read in ten seconds, and whether anything of it had to be cut. */
export function toolRequestText(
  request: ToolRequest,
  card: ToolCard,
): { readonly text: string; readonly isCut: boolean } {
  const text = textWithin(request, card, 1);
  return { text, isCut: text !== textWithin(request, card, unbounded) };
}

/** How to answer it; the reactions do the same as the buttons. */
export function reactionsText(): string {
  return ['React with:', ...decisionKinds.map((name) => `${decisionSigns[name]} ${decisionLabels[name]}`)].join('\n');
}

function textWithin(
  request: ToolRequest,
  { recommendation, alternatives, effort, benefit, facts, priority }: ToolCard,
  times: number,
): string {
  const line = (text: string, limit: number) => plainLine(text, limit * times);
  const others = alternatives.map(({ source, name, fit }) => {
    const mark = source === 'registry' ? '' : ' (unverified)';
    return `- ${line(name, most.alternative)}${mark}: ${line(fit, most.fit)}`;
  });
  const { similarRequests, waitingTasks } = facts;
  return [
    `**Tool**: ${line(request.name, most.name)}: ${line(request.description, most.description)}`,
    `**Requesting Agent**: ${requesterOf(request)}${request.isBlocking ? ', whose task waits for it' : ''}`,
    `**Priority Score**: ${priority} (${request.importance} × ${request.urgency})`,
    `**Estimated Effort**: ${effort.agentHours} agent-hours, ${counted(effort.prompts, 'prompt')}; ${buildsSoFar(facts)}`,
    `**Team Availability**: ${availabilityOf(facts)}`,
    `**Benefit**: ${line(benefit, most.benefit)} (${counted(similarRequests, 'request')} like it before, ${counted(waitingTasks, 'task waits', 'tasks wait')})`,
    '',
    `**PM Recommendation**: ${verbs[recommendation.decision]}: ${line(recommendation.reason, most.reason)}`,
    '',
    '**Alternatives**:',
    others.length === 0 ? 'none' : fitted(others.join('\n'), mostOfAlternatives * times),
  ].join('\n');
}

function requesterOf({ requestedBy }: ToolRequest): string {
  return requestedBy === 'human' ? 'a person' : `${voices[requestedBy].sign} ${voices[requestedBy].name}`;
}

function buildsSoFar({ pastBuilds }: ToolCard['facts']): string {
  if (!pastBuilds || pastBuilds.count === 0) return 'there were no builds before';
  const { count, prompts, usd } = pastBuilds;
  return `${counted(count, 'build')} so far took ${Math.round(prompts / count)} prompts and ${money(usd / count)} each`;
}

function availabilityOf({ workload }: ToolCard['facts']): string {
  const busy = Object.entries(workload).map(([agent, tasks]) => {
    const role = agentRoles.find((one) => one === agent);
    return `${role ? voices[role].name : plainLine(agent, most.name)} ${tasks}`;
  });
  return busy.length === 0 ? 'nobody has other work' : `at work: ${fitted(busy.join(', '), most.description)}`;
}

const verbs = { approve: 'build it', alternative: 'use an alternative', defer: 'wait', reject: 'reject it' } as const;
