import { existsSync } from 'node:fs';
import { join } from 'node:path';

const traces: readonly (readonly [file: string, operation: string])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
];

/** What a person has begun in a repository and not brought to its end, by the name of the git command. */
export function operationInProgress(gitFolder: string): string | undefined {
  return traces.find(([file]) => existsSync(join(gitFolder, file)))?.[1];
}

/** How to bring it to its end. */
export function endingOf(operation: string): string {
  if (operation === 'bisect') return 'git bisect reset';
  return `git ${operation} --continue, or git ${operation} --abort`;
}
