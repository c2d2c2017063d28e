import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/**
 * Whether a program can be started: a path that can be executed, or a name that is found along `searchPath`. Asked before
 * it is wrapped, because a wrapper that cannot find its program looks like a program that failed.
 */
export function isProgram(command: string, cwd: string, searchPath: string | undefined): boolean {
  if (command.includes('/')) return isExecutable(resolve(cwd, command));
  return (searchPath ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && isExecutable(resolve(cwd, folder, command)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not there, or not ours to run: the answer to the question.
  }
}
