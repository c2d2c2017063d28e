import type { AgentRole } from '../domain/agent.ts';
import type { Wish } from '../domain/task.ts';
import type { TaskRequest } from '../spiral.ts';
import { agentFrom, promptLimitFrom, timeoutFrom } from './arguments.ts';
import { UsageError } from './usage-error.ts';

/** The options of `spiral run` that make the task, as they were typed. */
export type RunOptions = {
  readonly agent?: string;
  readonly workspace?: string;
  readonly repo?: string;
  readonly unattended?: boolean;
  readonly maxPrompts?: string;
  readonly timeout?: string;
  readonly model?: string;
  readonly analysis?: boolean;
  readonly planOnly?: boolean;
  readonly approvePlan?: boolean;
  readonly risks?: boolean;
  readonly testCases?: boolean;
  readonly project?: string;
};

export const defaultWorkspace = './agent-workspace';

/** What was typed as what Spiral is asked for. */
export function requestFrom(text: string, options: RunOptions): TaskRequest {
  if (options.repo !== undefined && options.workspace !== undefined) {
    throw new UsageError(
      '--repo and --workspace exclude each other.',
      'With --repo the work is done in a worktree of its own, on a branch of its own.',
    );
  }
  const agent = agentOf(options);
  refuseContradictions(options, agent);
  const wish = wishFrom(options);
  return {
    text,
    agent,
    workspace: options.workspace ?? defaultWorkspace,
    ...(options.repo === undefined ? {} : { repository: options.repo }),
    ...(options.unattended ? { unattended: true } : {}),
    ...(options.maxPrompts === undefined ? {} : { promptLimit: promptLimitFrom(options.maxPrompts) }),
    ...(options.timeout === undefined ? {} : { roundTimeoutSeconds: timeoutFrom(options.timeout) }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(wish ? { wish } : {}),
    ...(options.project === undefined ? {} : { project: options.project.trim() }),
    origin: 'cli',
  };
}

/** Only the project manager goes on with a project. */
function agentOf({ agent, project }: RunOptions): AgentRole {
  return agentFrom(agent ?? (project === undefined ? 'developer' : 'project-manager'));
}

function wishFrom({ analysis, planOnly, approvePlan, risks, testCases }: RunOptions): Wish | undefined {
  if (risks || testCases) return { answer: risks ? 'risks' : 'test-cases', approvePlan: false };
  if (!analysis && !planOnly && !approvePlan) return undefined;
  return { answer: analysis ? 'analysis' : planOnly ? 'plan' : 'either', approvePlan: approvePlan === true };
}

/** Each pair of options that cannot both be meant, with the reason. */
const exclusive = [
  ['analysis', 'planOnly', 'An analysis weighs options, a plan has phases to build: give one of them.'],
  ['analysis', 'approvePlan', 'An analysis has no plan to approve: leave one of them out.'],
  [
    'planOnly',
    'approvePlan',
    'With --plan-only nothing is built, so there is nothing to approve: leave one of them out.',
  ],
  ['risks', 'testCases', 'Ask for one of them, and then for the other.'],
  ['analysis', 'project', 'Without --analysis the project is built on; without --project there is only an analysis.'],
  ['workspace', 'project', 'A project is gone on with in its own workspace: leave out --workspace.'],
  ['repo', 'project', 'A project is gone on with in its own workspace: leave out --repo.'],
] as const;

const typed = {
  analysis: '--analysis',
  planOnly: '--plan-only',
  approvePlan: '--approve-plan',
  risks: '--risks',
  testCases: '--test-cases',
  project: '--project',
  workspace: '--workspace',
  repo: '--repo',
} as const;

function refuseContradictions(options: RunOptions, agent: AgentRole): void {
  const isGiven = (name: keyof typeof typed) => options[name] !== undefined && options[name] !== false;
  for (const [one, other, cure] of exclusive) {
    if (isGiven(one) && isGiven(other))
      throw new UsageError(`${typed[one]} and ${typed[other]} exclude each other.`, cure);
  }
  const managed = (['analysis', 'planOnly', 'approvePlan', 'project'] as const).find(isGiven);
  if (managed !== undefined && agent !== 'project-manager')
    throw new UsageError(`${typed[managed]} is for the project manager, not for ${agent}.`, 'Add --agent pm.');
  const assured = (['risks', 'testCases'] as const).find(isGiven);
  if (assured !== undefined && agent !== 'quality-assurance')
    throw new UsageError(`${typed[assured]} is for quality assurance, not for ${agent}.`, 'Add --agent qa.');
  if (options.project?.trim() === '') throw new UsageError('--project is empty.', 'List the projects: spiral projects');
}
