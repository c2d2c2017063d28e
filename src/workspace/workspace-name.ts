import { createHash } from 'node:crypto';

/** What Spiral's own folders of a workspace are named after: its shadow repository, its private home. */
export function nameOfWorkspace(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 24);
}
