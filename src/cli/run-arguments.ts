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
  return {
    text,
    agent: agentFrom(options.agent ?? 'developer'),
    workspace: options.workspace ?? defaultWorkspace,
    ...(options.repo === undefined ? {} : { repository: options.repo }),
    ...(options.unattended ? { unattended: true } : {}),
    ...(options.maxPrompts === undefined ? {} : { promptLimit: promptLimitFrom(options.maxPrompts) }),
    ...(options.timeout === undefined ? {} : { roundTimeoutSeconds: timeoutFrom(options.timeout) }),
    ...(options.model === undefined ? {} : { model: options.model }),
    origin: 'cli',
  };
}
