import type { TaskId } from '../../domain/identifiers.ts';
import type { CommandResult, Confinement, Sandbox } from '../../sandbox/sandbox.ts';
import type { VerificationSetting } from '../workspace.ts';
import { nameOfWorkspace } from '../workspace-name.ts';
import type { TestCommand } from './runner.ts';
import { testEnvironment } from './trust/environment.ts';

export type LaunchSetting = {
  /** Absolute, without symlinks. */
  readonly workspace: string;
  readonly task?: TaskId;
  readonly setting: VerificationSetting;
  readonly run: Sandbox['run'];
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

export type Launcher = (
  place: { readonly directory: string; readonly path: string },
  command: TestCommand,
  timeoutMs: number,
  /** Folders of ours that it may write, beside the workspace. */
  writable?: readonly string[],
) => Promise<CommandResult>;

const capturedBytes = 4 * 1024 * 1024;
const largestFileBytes = 1024 ** 3;

/**
 * Starts programs for a verification, confined to the workspace and the folder of their results. They see the private home
 * of the workspace, in which the agent's own commands filled the caches of package managers: without network nothing else
 * would build. What an agent could have planted there to steer a test run is neutralised by `testEnvironment`, or looked for
 * by `plantedSettings`.
 */
export function launcher({ workspace, task, setting, run, environment, signal }: LaunchSetting): Launcher {
  const clean = testEnvironment(environment, workspace);
  return (place, command, timeoutMs, writable = []) => {
    const confinement: Confinement = {
      writable: [workspace, ...writable],
      network: 'none',
      home: nameOfWorkspace(workspace),
      resources: {
        memoryBytes: setting.memoryBytes,
        processes: setting.processes,
        fileBytes: largestFileBytes,
      },
    };
    return run(
      {
        command: command.program,
        args: command.args,
        cwd: place.path,
        env: merged(clean, command.environment ?? {}),
        purpose: task === undefined ? `tests in ${place.directory}` : `tests of task ${task}`,
        ...(task === undefined ? {} : { taskId: task }),
        confinement,
      },
      { timeoutMs, outputBytes: capturedBytes },
      signal,
    );
  };
}

/** Options of node that are configured stay. */
function merged(
  given: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const options = [given['NODE_OPTIONS'], added['NODE_OPTIONS']].filter((text) => text !== undefined && text !== '');
  return { ...given, ...added, ...(options.length > 0 ? { NODE_OPTIONS: options.join(' ') } : {}) };
}
