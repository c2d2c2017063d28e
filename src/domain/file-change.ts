export type Change = 'created' | 'modified' | 'deleted';

/** One file that differs between two snapshots of a workspace; the path is relative to it, with `/` between its parts. */
export type FileChange = { readonly path: string; readonly change: Change };

/** A change with what git counts of it. */
export type CodeChange = FileChange & {
  /** Null for a file that is no text. */
  readonly linesAdded: number | null;
  readonly linesRemoved: number | null;
  /** The language that its name tells of, as `linguist` names them; `unknown` when it tells of none. */
  readonly language: string;
};

/**
 * Folds the changes of one round after another into what the whole task did: a file that was created and later modified
 * was created; one that was created and later deleted was never there.
 */
export function foldChanges(changes: readonly FileChange[]): FileChange[] {
  const folded = new Map<string, Change>();
  for (const { path, change } of changes) {
    const before = folded.get(path);
    const after = before === undefined ? change : combined(before, change);
    if (after === undefined) folded.delete(path);
    else folded.set(path, after);
  }
  return [...folded].map(([path, change]) => ({ path, change })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function combined(before: Change, after: Change): Change | undefined {
  if (before === 'created') return after === 'deleted' ? undefined : 'created';
  if (before === 'deleted') return after === 'deleted' ? 'deleted' : 'modified';
  return after === 'created' ? 'modified' : after;
}
