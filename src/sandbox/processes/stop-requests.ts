import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskId } from '../../domain/identifiers.ts';
import type { StopRequests } from '../sandbox.ts';
import type { RunFile } from './run-file.ts';

/**
 * Stop requests as files `<stateRoot>/run/stop/<taskId>`.
 *
 * @param stateRoot absolute
 * @param runFile where the tasks that this process drives are written down
 */
export function openStopRequests(stateRoot: string, runFile: RunFile): StopRequests {
  return {
    isRequested: (taskId) => existsSync(stopFile(stateRoot, taskId)),
    clear(taskId) {
      rmSync(stopFile(stateRoot, taskId), { force: true });
    },
    drives(taskId, project) {
      runFile.drive(taskId, project);
      return { end: () => runFile.release(taskId) };
    },
  };
}

/** Writes down that a task has to stop. Comes before the end of its processes, so that none is started in between. */
export function requestStop(stateRoot: string, taskId: TaskId): void {
  const path = stopFile(stateRoot, taskId);
  mkdirSync(join(stateRoot, 'run', 'stop'), { recursive: true, mode: 0o700 });
  writeFileSync(path, '', { mode: 0o600 });
}

/** An id is part of a path here, so it must not lead anywhere else. */
function stopFile(stateRoot: string, taskId: TaskId): string {
  return join(stateRoot, 'run', 'stop', encodeURIComponent(taskId).replaceAll('.', '%2E'));
}
